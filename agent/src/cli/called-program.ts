import type { Io } from '@sealwatch/shared/cli/io.js';
import { VERSION } from '@sealwatch/shared/runtime/version.js';
import { Command } from 'commander';

/** What the list of commands says of one, and where the rest of it is. */
interface Outline {
  readonly name: string;
  readonly argument?: string;
  readonly description: string;
  readonly load: (io: Io) => Promise<Command>;
}

const COMMANDS: readonly Outline[] = [
  {
    name: 'enroll',
    description: 'Make keys on this host and have the collector certify them',
    load: async (io) => (await import('./enroll.js')).enrollCommand(io),
  },
  {
    name: 'inspect',
    argument: '<file|pid>',
    description: 'Show which cryptographic module a binary or a process really has, and what that proves',
    load: async (io) => (await import('./inspect.js')).inspectCommand(io),
  },
  {
    name: 'probe',
    argument: '<address>',
    description: 'Find out what a TLS service really accepts, and judge it by a profile',
    load: async (io) => (await import('./probe.js')).probeCommand(io),
  },
  {
    name: 'run',
    description: 'Watch this host and report to the collector until stopped',
    load: async (io) => (await import('./run.js')).runCommand(io),
  },
  {
    name: 'status',
    description: "Show this host's health, enrolment, chain, outbox, certificates, last scan and budget",
    load: async (io) => (await import('./status.js')).statusCommand(io),
  },
  {
    name: 'verify',
    description: 'Measure and judge this host once, without a network',
    load: async (io) => (await import('./verify.js')).verifyCommand(io),
  },
];

/**
 * `agentProgram` for these arguments: a command that they don't name is there for the list of commands only, and its
 * modules are not loaded, which is most of what starting costs.
 */
export async function calledProgram(args: readonly string[], io: Io): Promise<Command> {
  const program = new Command('sealwatch-agent')
    .description('Measures one host, signs what it saw and reports it')
    .version(VERSION);
  for (const command of COMMANDS) {
    // wherever it stands: an outline must never be what runs
    program.addCommand(args.includes(command.name) ? await command.load(io) : outline(command));
  }
  return program;
}

function outline({ name, argument, description }: Outline): Command {
  const command = new Command(name).description(description).option('--outline');
  return argument === undefined ? command : command.argument(argument);
}
