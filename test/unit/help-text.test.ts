import { agentProgram } from '@sealwatch/agent/cli/program.js';
import { collectorProgram } from '@sealwatch/collector/cli/collector-program.js';
import { sealwatchProgram } from '@sealwatch/collector/cli/program.js';
import { runProgram } from '@sealwatch/shared/cli/run-program.js';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { capturedIo } from '../fakes/captured-io.js';

const PROGRAMS = [sealwatchProgram, collectorProgram, agentProgram];

/** The words that name each command that does something. */
function leaves(command: Command, words: readonly string[] = []): string[][] {
  if (command.commands.length === 0) return [[...words]];
  return command.commands.flatMap((inner) => leaves(inner, [...words, inner.name()]));
}

const commands = PROGRAMS.flatMap((program) =>
  leaves(program(capturedIo())).map((words) => ({
    program,
    words,
    called: [program(capturedIo()).name(), ...words].join(' '),
  })),
);

describe('--help', () => {
  it.each(commands)('of $called has an example, and defaults as a person would write them', async (command) => {
    const io = capturedIo();
    expect(await runProgram(command.program(io), [...command.words, '--help'], io)).toBe(0);
    expect(io.stderr).toBe('');
    expect(io.stdout).toMatch(/^Examples?:$/m);
    expect(io.stdout).toContain(`  ${command.called}`.replace('  sealwatch ', '  $ sealwatch '));
    expect(io.stdout).not.toMatch(/\(default:\s+(\d{4,}|false|\[\])\)/);
    expect(io.stdout).toMatch(/[^\n]\n$/);
  });
});
