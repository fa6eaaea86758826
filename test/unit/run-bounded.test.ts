import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { getEventListeners } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BoundedProgram, type BoundedRun, runBounded } from '@sealwatch/shared/runtime/run-bounded.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitUntil } from '../fakes/wait-until.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sealwatch-bounded-'));
});
afterEach(() => {
  for (const pid of pids()) if (stateOf(pid) !== 'gone') process.kill(pid, 'SIGKILL');
  rmSync(directory, { recursive: true });
});

const BOUNDS = { name: 'it', timeoutMs: 20_000, maxOutputBytes: 1000 };

function run(program: string, args: readonly string[], more: Partial<BoundedProgram> = {}): Promise<BoundedRun> {
  return runBounded({ ...BOUNDS, program, args, ...more });
}

/** `$1` is a file: a process that writes its number there is seen to the end. */
function sh(script: string, more: Partial<BoundedProgram> = {}): Promise<BoundedRun> {
  return run('/bin/sh', ['-c', script, 'sh', pidFile()], more);
}

const pidFile = (): string => join(directory, 'pids');

function pids(): number[] {
  return existsSync(pidFile()) ? readFileSync(pidFile(), 'latin1').trim().split('\n').map(Number) : [];
}

/** As the kernel says it: `Z` for a zombie. */
function stateOf(pid: number): string {
  try {
    return /\) (.)/.exec(readFileSync(`/proc/${String(pid)}/stat`, 'latin1'))?.[1] ?? 'gone';
  } catch {
    return 'gone';
  }
}

/** Our own child leaves nothing behind; what it started is the business of process 1. */
async function expectEnded(): Promise<void> {
  const [own, ...others] = pids();
  await waitUntil('the child is reaped', () => own !== undefined && stateOf(own) === 'gone');
  await waitUntil('what it started is dead', () => others.every((pid) => ['gone', 'Z'].includes(stateOf(pid))));
}

const ended = (status: number, stdout: string, stderr = ''): object => ({
  state: 'ended',
  status,
  stdout: Buffer.from(stdout),
  stderr: Buffer.from(stderr),
});
const failed = (reason: string): object => ({ state: 'failed', reason });

describe('a program that ends by itself', () => {
  it('has said what it wrote to either stream, and how it ended', async () => {
    expect(await sh('printf out; printf err >&2')).toEqual(ended(0, 'out', 'err'));
    expect(await sh('printf out; exit 1')).toEqual(ended(1, 'out'));
    const latin1 = Buffer.from([0xff, 0x00, 0xfe]);
    writeFileSync(join(directory, 'bytes'), latin1);
    expect(await run('/bin/cat', [join(directory, 'bytes')])).toMatchObject({ stdout: latin1 });
  });

  it('has nothing in its environment but what it is given', async () => {
    process.env['SEALWATCH_TEST'] = 'x';
    const empty = await run('/usr/bin/env', []);
    const given = await run('/usr/bin/env', [], { env: { NOTIFY_SOCKET: '/x' } });
    delete process.env['SEALWATCH_TEST'];
    expect([empty, given]).toEqual([ended(0, ''), ended(0, 'NOTIFY_SOCKET=/x\n')]);
  });

  it('is given its arguments by no shell, stands in the root directory and has no input', async () => {
    expect(await run('/bin/echo', ['$(id)', ';', '*', "'"])).toEqual(ended(0, "$(id) ; * '\n"));
    expect(await run('/bin/pwd', [])).toEqual(ended(0, '/\n'));
    expect(await run('/bin/cat', [])).toEqual(ended(0, ''));
  });

  it('has the descriptor it is given as 3, and no other of this program', async () => {
    const given = openSync(directory, 'r');
    writeFileSync(join(directory, 'kept'), '');
    const kept = openSync(join(directory, 'kept'), 'r');
    try {
      const answer = await run('/bin/ls', ['-l', '/proc/self/fd'], { descriptor: given });
      const text = answer.state === 'ended' ? answer.stdout.toString() : '';
      expect(text).toContain(` 3 -> ${directory}\n`);
      expect(text).not.toContain(join(directory, 'kept'));
    } finally {
      closeSync(given);
      closeSync(kept);
    }
  });

  it('may write as much as it may, and not a byte more', async () => {
    expect(await sh('head -c 600 /dev/zero; head -c 400 /dev/zero >&2')).toMatchObject({ state: 'ended', status: 0 });
    expect(await sh('head -c 600 /dev/zero; head -c 401 /dev/zero >&2')).toEqual(
      failed('it wrote more than 1000 bytes'),
    );
  });
});

describe('there is no answer, and the reason names the program,', () => {
  it.each([
    ['that is not there', '/no/such/program', 'it can not be started (ENOENT)'],
    ['that is a directory', '/etc', 'it can not be started (EACCES)'],
    ['that is no program', '/etc/passwd', 'it can not be started (EACCES)'],
  ])('of one %s', async (_, program, reason) => {
    expect(await run(program, [])).toEqual(failed(reason));
  });

  it('of one with an argument that is longer than any may be', async () => {
    expect(await run('/bin/echo', ['x'.repeat(200_000)])).toEqual(failed('it can not be started (E2BIG)'));
  });

  it.each([['>&1'], ['>&2']])('of one that writes without end, with yes %s', async (where) => {
    expect(await sh(`echo $$ > "$1"; exec yes ${where}`)).toEqual(failed('it wrote more than 1000 bytes'));
    await expectEnded();
  });

  it('of one that never ends', async () => {
    const began = performance.now();
    expect(await sh('echo $$ > "$1"; exec sleep 600', { timeoutMs: 300 })).toEqual(
      failed('it did not end within 300 ms'),
    );
    expect(performance.now() - began).toBeGreaterThan(290);
    await expectEnded();
  });

  it('of one that is deaf to SIGTERM and SIGHUP', async () => {
    const deaf = `trap '' TERM HUP INT; echo $$ > "$1"; while :; do sleep 1; done`;
    expect(await sh(deaf, { timeoutMs: 300 })).toEqual(failed('it did not end within 300 ms'));
    await expectEnded();
  });

  it('of one that closes both streams and goes on', async () => {
    const silent = 'echo $$ > "$1"; exec sleep 600 >&- 2>&-';
    expect(await sh(silent, { timeoutMs: 300 })).toEqual(failed('it did not end within 300 ms'));
    await expectEnded();
  });

  it('of one that wrote an answer and never ends', async () => {
    const answering = 'echo $$ > "$1"; echo yes; exec sleep 600';
    expect(await sh(answering, { timeoutMs: 300 })).toEqual(failed('it did not end within 300 ms'));
    await expectEnded();
  });

  it('of one that is killed, also by another, and after it wrote', async () => {
    expect(await sh('printf out; kill -9 $$')).toEqual(failed('it was killed'));
    expect(await sh('kill $$')).toEqual(failed('it was killed'));
  });
});

describe('what a program started', () => {
  it('is killed with it', async () => {
    const parent = 'echo $$ > "$1"; sleep 600 & echo $! >> "$1"; wait';
    expect(await sh(parent, { timeoutMs: 300 })).toEqual(failed('it did not end within 300 ms'));
    expect(pids()).toHaveLength(2);
    await expectEnded();
  });

  it('is killed after it, as long as the output is held open', async () => {
    const parent = 'echo $$ > "$1"; sleep 600 & echo $! >> "$1"';
    expect(await sh(parent, { timeoutMs: 300 })).toEqual(failed('it did not end within 300 ms'));
    await expectEnded();
  });

  it('is neither waited for nor heard where it can not be found', async () => {
    const began = performance.now();
    const hidden = `setsid sh -c 'echo $$ >> "$0"; while sleep 0.1; do echo; done' "$1"`;
    const answer = await sh(`echo $$ > "$1"; ${hidden} & wait`, { timeoutMs: 500 });
    expect(answer).toEqual(failed('it did not end within 500 ms'));
    expect(performance.now() - began).toBeLessThan(5000);
    expect(pids()).toHaveLength(2);
    // nobody holds the other end of its pipe
    await expectEnded();
  });
});

describe('at its signal', () => {
  it('a program is killed at once, with what it started', async () => {
    const stopping = new AbortController();
    const running = sh('echo $$ > "$1"; sleep 600 & echo $! >> "$1"; wait', { signal: stopping.signal });
    await waitUntil('it runs', () => pids().length === 2);
    stopping.abort();
    expect(await running).toEqual(failed('it was stopped'));
    await expectEnded();
  });

  it('a program is not even started', async () => {
    const stopping = new AbortController();
    stopping.abort();
    expect(await sh('echo $$ > "$1"', { signal: stopping.signal })).toEqual(failed('it was stopped'));
    expect(pids()).toEqual([]);
  });

  it('nothing listens any more once a program has ended, however it did', async () => {
    const { signal } = new AbortController();
    await sh('exit 0', { signal });
    await sh('exec yes', { signal });
    await sh('exec sleep 600', { signal, timeoutMs: 100 });
    await run('/no/such/program', [], { signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
