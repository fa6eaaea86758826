import type { Io } from '@sealwatch/shared/cli/io.js';
import { Command } from 'commander';
import { hostsListCommand } from './hosts-list-command.js';
import { hostsRevokeCommand } from './hosts-revoke-command.js';
import { hostsShowCommand } from './hosts-show-command.js';

/** `sealwatch hosts` */
export function hostsCommand(io: Io): Command {
  return new Command('hosts')
    .description('the hosts of the cluster')
    .addCommand(hostsListCommand(io))
    .addCommand(hostsShowCommand(io))
    .addCommand(hostsRevokeCommand(io));
}
