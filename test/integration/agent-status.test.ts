import { readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Watching } from '@sealwatch/agent/status/watching.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AgentDesk, type Finished } from '../fakes/enrolled-agent.js';
import { RunningCollector } from '../fakes/running-collector.js';
import { waitUntil } from '../fakes/wait-until.js';

let collector: RunningCollector;
let desk: AgentDesk;
let running: ReturnType<AgentDesk['startRunning']> | undefined;
beforeEach(async () => {
  collector = await RunningCollector.start({ unreleased: true });
  // no containerd runs here
  await collector.publish(1, ['host-a'], { policy: { require: ['file', 'host'] } });
  desk = new AgentDesk();
  await desk.enroll(collector);
});
afterEach(async () => {
  await stopped();
  desk.dispose();
  await collector.dispose();
});

async function stopped(): Promise<Finished | undefined> {
  running?.io.stop();
  const finished = await running?.finished;
  running = undefined;
  return finished;
}

const codes = async (...args: string[]): Promise<string[]> =>
  (await desk.status(...args)).problems.map(({ code }) => code);

/** Runs until everything is as it should be. */
async function wellRunning(): Promise<void> {
  running = desk.startRunning();
  await waitUntil('the agent is well', async () => (await desk.status()).healthy, {
    explain: () => running?.io.stderr ?? '',
  });
}

describe('the health of an agent', () => {
  it('is exit status 0 while it runs, scans and is connected, and 1 with the reason once it stopped', async () => {
    await wellRunning();
    const well = await desk.run('status');
    expect(well.status).toBe(0);
    expect(well.io.stdout).toMatch(/^Health +well$/m);
    await stopped();
    const ended = await desk.run('status');
    expect(ended.status).toBe(1);
    expect(ended.io.stdout).toMatch(/^Problem +agent\.not-running: .*systemctl start/m);
  });

  it('has what the last scan cost, what the budget is, when the next scan is, and what may wait', async () => {
    await wellRunning();
    const status = await desk.status();
    expect(status.running).toMatchObject({
      connected: true,
      scanIntervalMs: 900_000,
      budget: { cpuShare: 0.1, bytesPerSecond: 52_428_800 },
      lastCycle: {
        outcome: 'reported',
        accounting: { scan: { outsideBudget: 'urgent', pausedMs: 0, pressure: null } },
      },
    });
    const { scan } = status.running?.lastCycle?.accounting ?? {};
    expect(scan?.cpuMs).toBeGreaterThan(0);
    expect(Date.parse(status.running?.nextScanAt ?? '')).toBeGreaterThan(Date.now());
    expect(status.outbox).toMatchObject({ reports: 0, maxEntries: 1000, maxBytes: 67_108_864, oldestAt: null });
    expect(status.pressure.source).not.toBe('unknown');
  });

  it('has what is watched, and what was heard of it', async () => {
    await wellRunning();
    const watching = async (): Promise<Watching | undefined> => (await desk.status()).running?.watching;
    expect(await watching()).toMatchObject({ overflows: 0, processes: { running: 0, blind: null }, mounts: 'polled' });
    const before = (await watching())?.events ?? 0;
    desk.tree.write('/etc/os-release', 'ID=another\n');
    await waitUntil('it is heard', async () => ((await watching())?.events ?? 0) > before);
  });

  it('is the limits of the configuration file', async () => {
    const config = join(desk.directory, 'agent.yaml');
    writeFileSync(config, 'budget: { cpu: 5%, read: 8MiB }\noutbox: { maxEntries: 7 }\n');
    running = desk.start('run', '--host-root', desk.tree.root, '--config', config);
    const { running: told, outbox } = await waitUntil('the agent is well', async () => {
      const status = await desk.status('--config', config);
      return status.healthy ? status : undefined;
    });
    expect(told?.budget).toMatchObject({ cpuShare: 0.05, bytesPerSecond: 8 * 2 ** 20 });
    expect(outbox.maxEntries).toBe(7);
  });

  it('is not given when the last good scan is older than was asked for', async () => {
    await wellRunning();
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect(await codes('--max-age', '1s')).toEqual(['scan.late']);
    expect(await codes('--max-age', '30m')).toEqual([]);
  });

  it('is not given when a scan fails, when the agent hangs, and when its words are damaged', async () => {
    await wellRunning();
    const file = join(desk.stateDir, 'status.json');
    const told = JSON.parse(readFileSync(file, 'utf8')) as { at: string; lastCycle: Record<string, unknown> };
    const failed = { ...told.lastCycle, outcome: 'failed', findings: null, accounting: null, error: 'disk on fire' };
    writeFileSync(file, JSON.stringify({ ...told, at: new Date().toISOString(), lastCycle: failed }));
    expect(await codes()).toEqual(['scan.failed']);
    writeFileSync(file, JSON.stringify({ ...told, at: new Date(Date.now() - 20_000).toISOString() }));
    expect(await codes()).toEqual(['agent.silent']);
    writeFileSync(file, '{');
    expect(await codes()).toEqual(['agent.silent']);
  });

  it('is not given when evidence has waited for long without a collector', async () => {
    await wellRunning();
    await collector.restart(async () => {
      await stopped();
      running = desk.startRunning();
      await waitUntil('a report waits', async () => (await desk.status()).outbox.reports > 0);
      await waitUntil('the scan is told of', async () => (await codes()).length === 0);
      const [report = ''] = readdirSync(join(desk.stateDir, 'outbox')).filter((name) => name.endsWith('.report'));
      const long = new Date(Date.now() - 3_600_000);
      utimesSync(join(desk.stateDir, 'outbox', report), long, long);
      expect(await codes()).toEqual(['collector.disconnected']);
      expect(Date.parse((await desk.status()).outbox.oldestAt ?? '')).toBeLessThan(Date.now() - 3_500_000);
    });
  });

  it('is not given when images are asked for and containerd is not there', async () => {
    await collector.publish(2, ['host-a'], { policy: { require: ['file', 'host', 'image'] } });
    running = desk.startRunning();
    await waitUntil('nothing but containerd is missing', async () => {
      const found = await codes();
      return found.length === 1 && found[0] === 'watch.containerd-lost';
    });
  });

  it('is told to Prometheus as well, with the same exit status', async () => {
    const { status, io } = await desk.run('status', '--output', 'prometheus');
    expect(status).toBe(1);
    expect(io.stdout).toContain('sealwatch_agent_healthy 0\n');
    expect(io.stdout).toContain('sealwatch_agent_problems{code="agent.not-running"} 1\n');
  });

  it.each(['30', 'soon', '0s', '8d'])('is not asked with the age %s', async (age) => {
    const { status, io } = await desk.run('status', '--max-age', age);
    expect(status).toBe(2);
    expect(io.stderr).toContain('1s to 7d');
  });
});

describe('run --once', () => {
  const once = (...args: string[]): Promise<Finished> =>
    desk.run('run', '--once', '--host-root', desk.tree.root, ...args);

  it('looks at the host, delivers that, and ends with 0 and nothing left behind', async () => {
    const { status, io } = await once('--timeout', '30s');
    expect(io.stderr).toContain('Report signed');
    expect(status).toBe(0);
    const { outbox, head } = await desk.status();
    expect(outbox).toMatchObject({ reports: 0, seals: 0 });
    expect(head).toMatchObject({ sequence: 1 });
  });

  it('goes on with the chain the next time, and with what a running agent left', async () => {
    await once('--timeout', '30s');
    await wellRunning();
    await stopped();
    expect((await once('--timeout', '30s')).status).toBe(0);
    expect((await desk.status()).head?.sequence).toBe(3);
  });

  it('delivers what waited since the collector was away', async () => {
    await collector.restart(async () => {
      const { status, io } = await once('--timeout', '2s');
      expect(status).toBe(1);
      expect(io.stderr).toMatch(/no connection to the collector in time.*Not delivered/);
      expect((await desk.status()).outbox.reports).toBe(1);
    });
    expect((await once('--timeout', '30s')).status).toBe(0);
    expect((await desk.status()).outbox.reports).toBe(0);
  });

  it('waits for the release when it has none yet', async () => {
    rmSync(join(desk.stateDir, 'trust', 'release'), { recursive: true });
    expect((await once('--timeout', '30s')).status).toBe(0);
    expect((await desk.status()).head).toMatchObject({ sequence: 1 });
  });

  it('ends with 1 when the release does not declare this host', async () => {
    await collector.publish(2, ['host-b']);
    const { status, io } = await once('--timeout', '3s');
    expect(status).toBe(1);
    expect(io.stderr).toContain('does the release in force declare this host?');
  });

  it('ends at once when it is told to stop', async () => {
    await collector.restart(async () => {
      running = desk.start('run', '--once', '--host-root', desk.tree.root);
      await waitUntil('it has begun', () => running?.io.stderr.includes('Agent started'));
      expect((await stopped())?.status).toBe(1);
    });
  });

  it('leaves the state directory to a running agent', async () => {
    await wellRunning();
    const { status, io } = await once();
    expect(status).toBe(1);
    expect(io.stderr).toContain('is in use by the running agent');
  });

  it('is what --timeout is for', async () => {
    const { status, io } = await desk.run('run', '--timeout', '5s');
    expect(status).toBe(2);
    expect(io.stderr).toContain('--timeout is for --once');
  });
});
