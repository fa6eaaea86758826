import type { Io } from '@sealwatch/shared/cli/io.js';
import { VERSION } from '@sealwatch/shared/runtime/version.js';
import { Command } from 'commander';
import { serveCommand } from './serve-command.js';
import { storeCommand } from './store-command.js';

export function collectorProgram(io: Io): Command {
  return new Command('sealwatch-collector')
    .description('Takes in what hosts report, verifies, remembers and judges it')
    .version(VERSION)
    .addCommand(serveCommand(io))
    .addCommand(storeCommand(io));
}
