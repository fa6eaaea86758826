import type { Io } from '@sealwatch/shared/cli/io.js';
import { Command } from 'commander';
import { manifestCreateCommand } from './manifest-create-command.js';
import { manifestKeygenCommand } from './manifest-keygen-command.js';
import { manifestPublishCommand } from './manifest-publish-command.js';
import { manifestShowCommand } from './manifest-show-command.js';
import { manifestSignCommand } from './manifest-sign-command.js';
import { manifestVerifyCommand } from './manifest-verify-command.js';

/** `sealwatch manifest` */
export function manifestCommand(io: Io): Command {
  return new Command('manifest')
    .description("make and verify the publisher's signed list of components")
    .addCommand(manifestKeygenCommand(io))
    .addCommand(manifestCreateCommand(io))
    .addCommand(manifestSignCommand(io))
    .addCommand(manifestVerifyCommand(io))
    .addCommand(manifestShowCommand(io))
    .addCommand(manifestPublishCommand(io));
}
