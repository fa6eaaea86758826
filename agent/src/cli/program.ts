import type { Io } from '@sealwatch/shared/cli/io.js';
import { VERSION } from '@sealwatch/shared/runtime/version.js';
import { Command } from 'commander';
import { enrollCommand } from './enroll.js';
import { inspectCommand } from './inspect.js';
import { probeCommand } from './probe.js';
import { runCommand } from './run.js';
import { statusCommand } from './status.js';
import { verifyCommand } from './verify.js';

/** The table of commands: one line each, one file each, named as they are called. */
export function agentProgram(io: Io): Command {
  return new Command('sealwatch-agent')
    .description('Measures one host, signs what it saw and reports it')
    .version(VERSION)
    .addCommand(enrollCommand(io))
    .addCommand(inspectCommand(io))
    .addCommand(probeCommand(io))
    .addCommand(runCommand(io))
    .addCommand(statusCommand(io))
    .addCommand(verifyCommand(io));
}
