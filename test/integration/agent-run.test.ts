import { appendFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeHeadFile } from '@sealwatch/agent/outbox/head-file.js';
import { parseCheckDocument } from '@sealwatch/shared/check/check-json.js';
import type { CheckResult } from '@sealwatch/shared/check/check-result.js';
import { inflateDocument } from '@sealwatch/shared/wire/deflated-document.js';
import type { CheckEvent } from '@sealwatch/shared/wire/generated/sealwatch/v1/CheckEvent.js';
import type { HostDetail } from '@sealwatch/shared/wire/generated/sealwatch/v1/HostDetail.js';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { builtPrograms } from '../fakes/built-programs.js';
import { Daemon } from '../fakes/daemon.js';
import { AgentDesk, type Finished } from '../fakes/enrolled-agent.js';
import { answer, RunningCollector } from '../fakes/running-collector.js';
import { waitUntil } from '../fakes/wait-until.js';

let collector: RunningCollector;
let desk: AgentDesk;
let running: ReturnType<AgentDesk['startRunning']> | undefined;
const daemons: Daemon[] = [];
beforeEach(async () => {
  collector = await RunningCollector.start();
  desk = new AgentDesk();
  await desk.enroll(collector);
});
afterEach(async () => {
  await stopped();
  await Promise.all(daemons.splice(0).map((daemon) => daemon.kill()));
  desk.dispose();
  await collector.dispose();
});

async function stopped(): Promise<Finished | undefined> {
  running?.io.stop();
  const finished = await running?.finished;
  running = undefined;
  return finished;
}

function hostA(): Promise<HostDetail> {
  return answer<HostDetail>((done) => collector.query('vera').getHost({ name: 'host-a' }, done));
}

/** Waits until the collector has recorded this report of host-a. */
function recorded(sequence: number): Promise<HostDetail> {
  return waitUntil(
    `report ${String(sequence)} is recorded`,
    async () => {
      const found = await hostA();
      return (found.summary?.sequence ?? 0) >= sequence ? found : undefined;
    },
    { explain: () => running?.io.stderr ?? daemons.map(({ output }) => output).join('\n') },
  );
}

/** A fresh nonce to host-a, and what came of it. */
async function check(): Promise<CheckResult['hosts'][number]> {
  const call = collector.query('vera').check({ hosts: ['host-a'], cached: false, timeoutMs: 10_000 });
  const events: CheckEvent[] = [];
  for await (const event of call as AsyncIterable<CheckEvent>) events.push(event);
  const document = events.map(({ result }) => result?.deflatedDocument).find((bytes) => bytes !== undefined);
  return parseCheckDocument(inflateDocument(document!)).hosts[0]!;
}

describe('an enrolled agent', () => {
  it('reports to a real collector, stays connected, and stops cleanly with nothing left behind', async () => {
    running = desk.startRunning();
    expect((await recorded(1)).summary).toMatchObject({ name: 'host-a', standing: 'connected', epoch: 1 });
    const itself = await waitUntil('the agent tells about itself', async () => {
      const { running: told } = await desk.status();
      return told?.connected === true && told.lastCycle !== null ? told : undefined;
    });
    expect(itself).toMatchObject({ pid: process.pid, lastCycle: { outcome: 'reported' } });
    expect((await stopped())?.status).toBe(0);
    const status = await desk.status();
    expect(status).toMatchObject({
      enrollment: { host: 'host-a', epoch: 1 },
      releaseVersion: 1,
      head: { epoch: 1, sequence: 1 },
      outbox: { reports: 0, seals: 0 },
      rejected: [],
      running: null,
      healthy: false,
    });
    expect(status.problems.map(({ code }) => code)).toEqual(['agent.not-running']);
    expect(status.certificates.map(({ purpose, expired }) => [purpose, expired])).toEqual([
      ['signing', false],
      ['tls', false],
    ]);
    expect((await desk.run('status')).io.stdout).toMatch(/^Host +host-a \(cluster /);
  });

  it('seals the time up to a clean stop', async () => {
    running = desk.startRunning();
    await recorded(1);
    const before = Date.now();
    await stopped();
    const { evidenceAt } = (await hostA()).summary ?? {};
    expect(Date.parse(evidenceAt ?? '')).toBeGreaterThanOrEqual(before);
  });

  it('answers a check after measuring anew: by a seal when nothing changed, by a report when something did', async () => {
    running = desk.startRunning();
    await recorded(1);
    const unchanged = await check();
    expect(unchanged.answered).toBe(true);
    expect(JSON.stringify(unchanged)).not.toContain('host.fips-disabled');
    expect((await hostA()).summary?.sequence).toBe(1);

    desk.tree.leaveFipsMode();
    const changed = await check();
    expect(changed.answered).toBe(true);
    expect(JSON.stringify(changed)).toContain('host.fips-disabled');
    // what was seen at once, file by file, may have been reports of its own
    expect((await hostA()).summary?.sequence).toBeGreaterThan(1);
  });

  it('takes up a new release while it runs, and reports under it', async () => {
    running = desk.startRunning();
    await recorded(1);
    await collector.publish(2, ['host-a', 'host-b']);
    await recorded(2);
    expect((await desk.status()).releaseVersion).toBe(2);
  });

  it('falls silent about a host that is declared no more, and speaks again when it is', async () => {
    running = desk.startRunning();
    await recorded(1);
    await collector.publish(2, ['host-b']);
    await waitUntil('it holds release 2', async () => (await desk.status()).releaseVersion === 2);
    expect(running.io.stderr).toContain('"declared":false');
    await collector.publish(3, ['host-a']);
    await recorded(2);
  });

  it.each([
    [
      'it has none',
      (release: string) => {
        rmSync(release, { recursive: true });
      },
    ],
    [
      'its own is damaged',
      (release: string) => {
        appendFileSync(join(release, 'release.dsse.json'), '}');
      },
    ],
  ])('gets the release in force from the collector when %s, and only then begins', async (_, harm) => {
    harm(join(desk.stateDir, 'trust', 'release'));
    running = desk.startRunning();
    await recorded(1);
    expect(running.io.stderr).toContain('Release in force');
    expect((await desk.status()).releaseVersion).toBe(1);
  });

  it('must not be started twice, and does not go on without its chain', async () => {
    running = desk.startRunning();
    await recorded(1);
    const second = await desk.startRunning().finished;
    expect([second.status, second.io.stderr]).toEqual([1, expect.stringContaining('is in use by the running agent')]);
    await stopped();
    rmSync(join(desk.stateDir, 'outbox'), { recursive: true });
    const third = await desk.startRunning().finished;
    expect([third.status, third.io.stderr]).toEqual([2, expect.stringContaining('enroll --replace')]);
  });

  it('ends when its disk was set back to an earlier time: two histories must never be signed', async () => {
    running = desk.startRunning();
    await recorded(1);
    desk.tree.leaveFipsMode();
    await check();
    await stopped();
    // as restoring a copy from before the first report would
    for (const name of readdirSync(join(desk.stateDir, 'outbox'))) {
      if (name !== 'bodies') rmSync(join(desk.stateDir, 'outbox', name));
    }
    await writeHeadFile(join(desk.stateDir, 'outbox'), { head: null, bodies: [] });
    const again = await desk.startRunning().finished;
    const sequence = (await hostA()).summary?.sequence ?? 0;
    expect(sequence).toBeGreaterThan(1);
    const said = `the collector holds report ${String(sequence)}, the newest known here is 0`;
    expect([again.status, again.io.stderr]).toEqual([2, expect.stringContaining(said)]);
  });
});

describe('the program', () => {
  beforeAll(builtPrograms, 180_000);

  function daemon(): Daemon {
    const program = join(import.meta.dirname, '../../agent/bin/sealwatch-agent.js');
    const argv = [process.execPath, program, 'run', '--state-dir', desk.stateDir, '--host-root', desk.tree.root];
    const started = new Daemon(argv);
    daemons.push(started);
    return started;
  }

  it('goes on after kill -9 with the next report, and ends with 0 on SIGTERM', async () => {
    const first = daemon();
    await recorded(1);
    await first.kill();
    const second = daemon();
    await recorded(2);
    expect(await second.stop()).toBe(0);
    expect(second.output).not.toContain('"level":50');
    expect((await desk.status()).outbox).toMatchObject({ reports: 0, seals: 0 });
    expect((await hostA()).summary).toMatchObject({ sequence: 2 });
  });
});
