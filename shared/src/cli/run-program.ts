import { type Command, CommanderError } from 'commander';
import { isCoded, reasonOf } from '../runtime/coded-error.js';
import { EXIT, type ExitCode, exitCodeOf } from '../runtime/exit-code.js';
import { ERROR_PREFIX, writesToJournal } from '../runtime/journal.js';
import { printable } from '../runtime/printable.js';
import type { Io } from './io.js';
import { optionDescription } from './option-description.js';

/** A command's own answer, when it is neither success nor an error: `check` found the cluster failing. */
export class ExitStatus extends Error {
  readonly status: ExitCode;

  constructor(status: ExitCode) {
    super(`exit ${String(status)}`);
    this.name = 'ExitStatus';
    this.status = status;
  }
}

/** Runs a program to its exit status. Every error becomes one message on standard error; nothing is thrown. */
export async function runProgram(program: Command, args: readonly string[], io: Io): Promise<ExitCode> {
  for (const command of withSubcommands(program)) {
    // commander does not hand these down to commands added later
    command
      .exitOverride()
      .configureHelp({ optionDescription })
      .configureOutput({
        writeOut: (text) => void io.out.write(text),
        // commander repeats arguments as they came, and scripts pass names from elsewhere
        writeErr: (text) => void io.err.write(printableLines(text)),
      });
    command.showHelpAfterError(`(see ${path(command)} --help)`);
  }
  try {
    await program.parseAsync([...args], { from: 'user' });
    return EXIT.pass;
  } catch (error) {
    return exitStatusOf(error, program, io);
  }
}

function exitStatusOf(error: unknown, program: Command, io: Io): ExitCode {
  if (error instanceof ExitStatus) return error.status;
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.pass : EXIT.usage;
  const priority = writesToJournal(io.env) ? ERROR_PREFIX : '';
  io.err.write(`${priority}${program.name()}: ${printableLines(reasonOf(error))}\n`);
  if (isCoded(error)) return exitCodeOf(error.code);
  if (io.env['SEALWATCH_DEBUG'] !== undefined && error instanceof Error) io.err.write(`${error.stack ?? ''}\n`);
  return EXIT.no;
}

function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

function* withSubcommands(command: Command): Iterable<Command> {
  yield command;
  for (const inner of command.commands) yield* withSubcommands(inner);
}

function path(command: Command): string {
  return command.parent === null ? command.name() : `${path(command.parent)} ${command.name()}`;
}
