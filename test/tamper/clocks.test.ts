import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SteppedClock } from '../fakes/stepped-clock.js';
import { TestCluster } from '../fakes/test-cluster.js';
import { PostureRecord } from './posture-record.js';
import { requireOwnMachine } from './require-own-machine.js';
import type { Place, Row } from './row.js';
import { takeRow, withoutAlarm } from './take-row.js';
import { keepTaken, printTakenRows } from './taken-rows.js';

const HOST = 'alpha';
const BOUND_MS = 60_000;
const SCAN_MS = 2000;
const HOUR = 3600;
/** Everybody's clock, before a step: certificates and manifests are older than any step goes back. */
const NOW = 2 * HOUR;
const BOOT_ID = '/proc/sys/kernel/random/boot_id';

/** Row 30, and honest acts about time: the clock of a host, that of the collector, a boot. */
describe('clocks', () => {
  let clocks: Readonly<Record<'host' | 'collector', SteppedClock>>;
  let cluster: TestCluster;
  let record: PostureRecord;
  let isRebooted = false;

  beforeAll(async () => {
    requireOwnMachine();
    clocks = { host: new SteppedClock(), collector: new SteppedClock() };
    cluster = await TestCluster.create({
      hosts: [HOST],
      runners: { agent: clocks.host.runner, collector: clocks.collector.runner },
      settings: {
        'policy.require': ['file', 'host'],
        'policy.heartbeatInterval': '1s',
        'policy.staleAfter': '30s',
        'policy.scanInterval': `${String(SCAN_MS)}ms`,
        'policy.evidenceMaxAge': '60s',
      },
    });
    await cluster.startAgents();
    for (const clock of Object.values(clocks)) clock.set(NOW);
    record = await PostureRecord.open(cluster.directory);
  });
  afterAll(async () => {
    await record.close();
    await cluster.dispose();
    for (const clock of Object.values(clocks)) clock.remove();
    if (isRebooted) execFileSync('umount', ['-l', BOOT_ID]);
  });
  printTakenRows();

  const place = (): Place => ({ host: HOST, record });
  const rows = (
    [
      ['30a', 'host', "set a host's clock an hour ahead", HOUR],
      ['30b', 'host', "set a host's clock an hour back", -HOUR],
      ['30c', 'collector', "set the collector's clock an hour ahead", HOUR],
      ['30d', 'collector', "set the collector's clock an hour back", -HOUR],
    ] as const
  ).map(([number, whose, act, seconds]): Row<Place> => ({
    number,
    act,
    by: 'scan',
    commit: () => {
      clocks[whose].set(NOW + seconds);
    },
    reason: () => 'host.clock-skew host',
    mend: () => {
      clocks[whose].set(NOW);
    },
  }));

  it.each(rows)('row $number: $act', async (row) => {
    keepTaken(await takeRow(row, place(), { boundMs: BOUND_MS }));
  });

  describe('an honest act raises no alarm:', () => {
    it.each(['host', 'collector'] as const)('steps of the %s by less than a minute, ahead and back', async (whose) => {
      const steps = async (): Promise<void> => {
        for (const seconds of [50, 0, -50, 0]) {
          clocks[whose].set(NOW + seconds);
          await sleep(2 * SCAN_MS);
        }
      };
      expect(await withoutAlarm(place(), steps, { settleMs: 2 * SCAN_MS })).toEqual([]);
    });

    it('a reboot within the limit of silence', async () => {
      // evidence is too old after two intervals, and a boot may take longer than two of those above
      await cluster.redeploy({ 'policy.scanInterval': '15s' });
      const reboot = async (): Promise<void> => {
        await cluster.agent(HOST).kill();
        const bootId = join(cluster.directory, 'boot_id');
        writeFileSync(bootId, `${randomUUID()}\n`);
        execFileSync('mount', ['--bind', bootId, BOOT_ID]);
        isRebooted = true;
        const uptime = Math.floor(process.uptime());
        const anew = ['unshare', '--time', `--monotonic=-${String(uptime)}`, `--boottime=-${String(uptime)}`];
        cluster.startAgent(HOST, cluster.hostRoot(HOST), anew);
        await cluster.check();
      };
      expect(await withoutAlarm(place(), reboot, { settleMs: 2 * SCAN_MS })).toEqual([]);
    });
  });
});
