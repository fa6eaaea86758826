import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockHolder, StateLock } from '@sealwatch/agent/state/state-lock.js';
import { statePaths } from '@sealwatch/agent/state/state-paths.js';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { builtFile, builtPrograms } from '../fakes/built-programs.js';
import { Daemon } from '../fakes/daemon.js';
import { waitUntil } from '../fakes/wait-until.js';

let stateDir: string;
const daemons: Daemon[] = [];
beforeAll(builtPrograms, 180_000);
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'sealwatch-lock-'));
});
afterEach(async () => {
  await Promise.all(daemons.splice(0).map((daemon) => daemon.kill()));
  rmSync(stateDir, { recursive: true });
});

/** Another process that takes the lock, says so, and holds it. */
function holder(): Daemon {
  const [lock, paths] = ['state-lock', 'state-paths'].map((name) => builtFile('agent', `state/${name}.js`).href);
  const script = `
    const { StateLock } = await import(${JSON.stringify(lock)});
    const { statePaths } = await import(${JSON.stringify(paths)});
    try {
      await StateLock.take(statePaths(${JSON.stringify(stateDir)}));
      console.log('taken');
    } catch (error) {
      console.log('refused ' + error.code);
    }
    setInterval(() => undefined, 60_000);`;
  const daemon = new Daemon([process.execPath, '--input-type=module', '--eval', script]);
  daemons.push(daemon);
  return daemon;
}

const take = (): Promise<StateLock> => StateLock.take(statePaths(stateDir));

it('lets one program at a time have a state directory, and names the one that has it', async () => {
  const other = holder();
  await waitUntil('the other has it', () => other.output.includes('taken'));
  await expect(take()).rejects.toMatchObject({
    code: 'store.unavailable',
    message: expect.stringContaining(`process id ${String(other.pid)}`) as string,
  });
  expect(await lockHolder(statePaths(stateDir))).toBe(other.pid);
  expect(readdirSync(join(stateDir, 'lock'))).toHaveLength(1);
});

it('does not mind what kill -9 left behind, and clears it away', async () => {
  const other = holder();
  await waitUntil('the other has it', () => other.output.includes('taken'));
  await other.kill();
  expect(await lockHolder(statePaths(stateDir))).toBeUndefined();
  const lock = await take();
  expect(readdirSync(join(stateDir, 'lock'))).toHaveLength(1);
  await lock.release();
  expect(readdirSync(join(stateDir, 'lock'))).toEqual([]);
});

it('does not mind a claim of an earlier process that had a process id now in use', async () => {
  await (await take()).release();
  const claim = `${String(process.ppid)}-1-00000000-0000-0000-0000-000000000000`;
  writeFileSync(join(stateDir, 'lock', claim), '', { mode: 0o600 });
  const lock = await take();
  expect(readdirSync(join(stateDir, 'lock'))).not.toContain(claim);
  await lock.release();
});

it('is not given twice to the same process', async () => {
  const lock = await take();
  await expect(take()).rejects.toMatchObject({ code: 'store.unavailable' });
  await lock.release();
  await (await take()).release();
});

it('never has two holders, however many come at once', async () => {
  const rivals = Array.from({ length: 6 }, holder);
  await waitUntil('all have tried', () =>
    rivals.every(({ output }) => /taken|refused store\.unavailable/.test(output)),
  );
  expect(rivals.filter(({ output }) => output.includes('taken')).length).toBeLessThanOrEqual(1);
});
