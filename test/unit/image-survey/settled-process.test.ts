import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, realpathSync } from 'node:fs';
import { firstProcess } from '@sealwatch/agent/measure/image/first-process.js';
import { secondLooks, settledProcess } from '@sealwatch/agent/measure/image/settled-process.js';
import { createHashOnce } from '@sealwatch/agent/measure/service/hash-memory.js';
import { type Digest, sha256 } from '@sealwatch/shared/hashing/digest.js';
import type { FirstProcess } from '@sealwatch/shared/measurement/image-measurement.js';
import { expect, it } from 'vitest';

const SLEEP = realpathSync(execFileSync('sh', ['-c', 'command -v sleep'], { encoding: 'utf8' }).trim());
const expected = new Set<Digest>([sha256(readFileSync(SLEEP))]);

/** What the first process of a container looks like whose runtime does this before it becomes the program. */
async function seen(before: string, signal = new AbortController().signal): Promise<unknown> {
  const child = spawn('sh', ['-c', `echo; ${before}; exec sleep 60`], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const look = (): ReturnType<typeof firstProcess> =>
    firstProcess(child.pid ?? 0, {
      hostRoot: '/',
      stillRuns: () => Promise.resolve(true),
      hashOnce: createHashOnce(),
      pause: () => Promise.resolve(),
      onBytes: () => undefined,
      signal,
    });
  try {
    return await settledProcess(look, expected, { second: secondLooks(), signal });
  } finally {
    child.kill();
    await once(child, 'close');
  }
}

it('a runtime that has not yet become the program is waited for', async () => {
  expect(await seen('sleep 0.1')).toMatchObject({ digest: [...expected][0] });
});

it('one that does not is what it is', async () => {
  expect(expected.has(((await seen('sleep 5')) as FirstProcess).digest)).toBe(false);
});

it('nobody waits for it once the scan is stopped', async () => {
  await expect(seen('sleep 5', AbortSignal.abort())).rejects.toMatchObject({ code: 'request.cancelled' });
});

it('what could not be read, and what is as expected, is not looked at twice', async () => {
  let looks = 0;
  for (const answer of [
    { state: 'unreadable', reason: 'x' },
    { executable: '/x', digest: [...expected][0]! },
  ]) {
    const look = (): Promise<FirstProcess | null> => {
      looks += 1;
      return Promise.resolve(answer as FirstProcess | null);
    };
    expect(await settledProcess(look, expected, { second: secondLooks(), signal: new AbortController().signal })).toBe(
      answer,
    );
  }
  expect(looks).toBe(2);
});

it('one that is not there is looked for once more: its runtime may not know yet that it has ended', async () => {
  let looks = 0;
  const look = (): Promise<null> => {
    looks += 1;
    return Promise.resolve(null);
  };
  expect(
    await settledProcess(look, expected, { second: secondLooks(), signal: new AbortController().signal }),
  ).toBeNull();
  expect(looks).toBe(2);
});

it('many that are nothing expected are not all waited for', async () => {
  const second = secondLooks();
  let looks = 0;
  const look = (): Promise<null> => {
    looks += 1;
    return Promise.resolve(null);
  };
  const started = performance.now();
  for (let i = 0; i < 1000; i++) await settledProcess(look, expected, { second, signal: new AbortController().signal });
  expect(looks).toBe(1010);
  expect(performance.now() - started).toBeLessThan(15_000);
});
