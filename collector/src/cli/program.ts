import type { Io } from '@sealwatch/shared/cli/io.js';
import { VERSION } from '@sealwatch/shared/runtime/version.js';
import { Command } from 'commander';

/** The table of commands: one line each, one file each, named as they are called. */
export function sealwatchProgram(_io: Io): Command {
  return new Command('sealwatch')
    .description('Proves that a FIPS-mode Kubernetes cluster runs the binaries its builder signed')
    .version(VERSION);
}
