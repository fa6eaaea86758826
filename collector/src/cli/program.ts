import type { Io } from '@sealwatch/shared/cli/io.js';
import { VERSION } from '@sealwatch/shared/runtime/version.js';
import { Command } from 'commander';
import { checkCommand } from './check-command.js';
import { completionCommand } from './completion-command.js';
import { deployCommand } from './deploy-command.js';
import { historyCommand } from './history-command.js';
import { hostsCommand } from './hosts-command.js';
import { initCommand } from './init-command.js';
import { manifestCommand } from './manifest-command.js';
import { provisionCommand } from './provision-command.js';
import { statusCommand } from './status-command.js';
import { tokensCommand } from './tokens-command.js';
import { upCommand } from './up-command.js';
import { watchCommand } from './watch-command.js';

/** The table of commands: one line each, one file each, named as they are called. */
export function sealwatchProgram(io: Io): Command {
  return new Command('sealwatch')
    .description('Proves that a FIPS-mode Kubernetes cluster runs the binaries its builder signed')
    .version(VERSION)
    .addCommand(initCommand(io))
    .addCommand(provisionCommand(io))
    .addCommand(deployCommand(io))
    .addCommand(upCommand(io))
    .addCommand(checkCommand(io))
    .addCommand(statusCommand(io))
    .addCommand(hostsCommand(io))
    .addCommand(historyCommand(io))
    .addCommand(watchCommand(io))
    .addCommand(manifestCommand(io))
    .addCommand(tokensCommand(io))
    .addCommand(completionCommand(io));
}
