import { calledProgram } from '@sealwatch/agent/cli/called-program.js';
import { agentProgram } from '@sealwatch/agent/cli/program.js';
import { runProgram } from '@sealwatch/shared/cli/run-program.js';
import { describe, expect, it } from 'vitest';
import { capturedIo } from '../fakes/captured-io.js';

interface Said {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function both(args: readonly string[]): Promise<readonly [whole: Said, called: Said]> {
  const [whole, called] = [capturedIo(), capturedIo()];
  const statuses = [
    await runProgram(agentProgram(whole), args, whole),
    await runProgram(await calledProgram(args, called), args, called),
  ] as const;
  return [
    { status: statuses[0], stdout: whole.stdout, stderr: whole.stderr },
    { status: statuses[1], stdout: called.stdout, stderr: called.stderr },
  ];
}

const NAMES = agentProgram(capturedIo()).commands.map((command) => command.name());

describe('the program with only the called command loaded', () => {
  it('knows every command', () => {
    expect(NAMES.length).toBeGreaterThan(4);
    expect(NAMES).toContain('probe');
  });

  it.each([
    ...[[], ['--help'], ['help'], ['--version'], ['prob'], ['--nothing'], ['help', 'nothing'], ['--', 'probe']],
    ...NAMES.flatMap((name) => [
      [name, '--help'],
      ['help', name],
      [name, '--nothing'],
      ['--', name, '--nothing'],
    ]),
    ...[['probe'], ['probe', 'nowhere'], ['probe', 'localhost:1', '--outline'], ['verify', '--output', 'smoke']],
  ])('says the same as the whole one: %j', async (...args: string[]) => {
    const [whole, called] = await both(args);
    expect(called).toEqual(whole);
    expect(whole.stdout + whole.stderr).not.toBe('');
  });
});
