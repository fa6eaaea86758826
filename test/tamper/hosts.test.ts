import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HostTree } from '../fakes/host-tree.js';
import { RhelTree } from '../fakes/rhel-tree.js';
import { mustRun } from '../fakes/run-command.js';
import { TestCluster } from '../fakes/test-cluster.js';
import { PostureRecord } from './posture-record.js';
import { requireOwnMachine } from './require-own-machine.js';
import type { Place, Row } from './row.js';
import { takeRow, withoutAlarm } from './take-row.js';
import { keepTaken, printTakenRows } from './taken-rows.js';

const [AGENTS_WAY, OPERATORS_WAY] = ['127.0.0.1:7443', '127.0.0.2:7443'];
const STALE_AFTER_MS = 6000;
const BOUND_MS = 30_000;

interface Host extends Place {
  readonly cluster: TestCluster;
}

/** Nothing that an agent sends arrives, and nothing is refused. */
const CUT = `table inet cut {
  chain agents {
    type filter hook output priority 0;
    ip daddr 127.0.0.1 tcp dport 7443 drop
  }
}
`;
const cut = async (): Promise<void> => {
  await mustRun(['nft', '-f', '-'], { input: CUT });
};
const reconnect = async (): Promise<void> => {
  await mustRun(['nft', 'delete', 'table', 'inet', 'cut']);
};

const silent = (number: string, act: string, commit: Row<Host>['commit'], mend: Row<Host>['mend']): Row<Host> => ({
  number,
  act,
  by: 'deadline',
  commit,
  reason: () => 'host.silent host',
  mend,
});

const ROWS: readonly Row<Host>[] = [
  {
    number: '26a',
    act: 'turn FIPS mode off',
    by: 'mounts',
    commit: ({ cluster, host }) => {
      cluster.tree(host).leaveFipsMode();
    },
    reason: () => 'host.fips-disabled host:platform',
    mend: ({ cluster, host }) => {
      cluster.tree(host).enterFipsMode();
    },
  },
  silent(
    '29a',
    'stop an agent',
    async ({ cluster, host }) => {
      await cluster.agent(host).stop();
    },
    ({ cluster, host }) => {
      cluster.startAgent(host);
    },
  ),
  silent(
    '29b',
    'kill an agent',
    ({ cluster, host }) => cluster.agent(host).kill(),
    ({ cluster, host }) => {
      cluster.startAgent(host);
    },
  ),
  silent(
    '29c',
    'pause an agent',
    ({ cluster, host }) => {
      cluster.agent(host).signal('SIGSTOP');
    },
    ({ cluster, host }) => {
      cluster.agent(host).signal('SIGCONT');
    },
  ),
  silent('29d', 'cut its network', cut, reconnect),
];

describe('hosts of a FIPS cluster', () => {
  let cluster: TestCluster;
  let record: PostureRecord;

  beforeAll(async () => {
    requireOwnMachine();
    cluster = await TestCluster.create({
      hosts: ['alpha', 'beta', 'seven'],
      settings: {
        'collector.address': AGENTS_WAY,
        'collector.listen': '0.0.0.0:7443',
        'policy.require': ['file', 'host'],
        'policy.heartbeatInterval': `${String(STALE_AFTER_MS / 3)}ms`,
        'policy.staleAfter': `${String(STALE_AFTER_MS)}ms`,
        'policy.scanInterval': '1h',
        'policy.evidenceMaxAge': '3h',
      },
    });
    rmSync(cluster.hostRoot('seven'), { recursive: true });
    const seven = new RhelTree(7, cluster.hostRoot('seven')).directory('/usr/bin');
    for (const { name, path } of cluster.components) copyFileSync(path, seven.at(`/usr/bin/${name}`));
    await cluster.startAgents();
    record = await PostureRecord.open(cluster.directory, OPERATORS_WAY);
  });
  afterAll(async () => {
    await record.close();
    await cluster.dispose();
  });
  printTakenRows();

  const at = (host: string): Host => ({ host, record, cluster });

  it.each(ROWS)('row $number: $act', async (row) => {
    keepTaken(await takeRow(row, at('alpha'), { boundMs: BOUND_MS }));
    const others = ['beta', 'seven'].map((host) => record.compliant(host, BOUND_MS));
    expect(await Promise.all(others)).toHaveLength(2);
  });

  describe('row 27: a manifest is refused at once that', () => {
    const file = (): string => join(cluster.directory, 'manifest.dsse.json');
    it.each([
      [
        'was changed',
        (text: string) => text.replace(/"payload": *"[^"]*/, (found) => `${found.slice(0, -8)}AAAA${found.slice(-4)}`),
      ],
      ['has lost its signature', (text: string) => text.replace(/"signatures": *\[[^\]]*\]/, '"signatures":[]')],
    ])('%s', async (_, change) => {
      const good = readFileSync(file(), 'utf8');
      expect(change(good)).not.toBe(good);
      writeFileSync(file(), change(good));
      const { status, stderr } = await cluster.sealwatch('deploy');
      writeFileSync(file(), good);
      expect(status).not.toBe(0);
      expect(stderr).toMatch(/manifest|envelope/);
      expect((await cluster.mustSealwatch('deploy')).status).toBe(0);
    });
  });

  it('row 32: a token that was used enrols nobody else, and who tries is an alarm', async () => {
    const bundle = join(cluster.directory, '.sealwatch', 'bundles', 'beta.json');
    const state = join(cluster.directory, 'agents', 'second');
    const { status } = await cluster.agentCommand('beta', 'enroll', '--bundle', bundle, '--state-dir', state);
    expect(status).not.toBe(0);
    const { stdout } = await cluster.mustSealwatch('history', 'beta', '--output', 'json');
    expect(stdout).toContain('"alarm"');
    await record.compliant('beta', BOUND_MS);
  });

  describe('honest acts raise no alarm:', () => {
    it('the network away for less than the staleness limit', async () => {
      await withoutAlarm(
        at('alpha'),
        async () => {
          await cut();
          await new Promise((resolve) => setTimeout(resolve, STALE_AFTER_MS / 2));
          await reconnect();
        },
        { settleMs: STALE_AFTER_MS },
      );
    });

    it('prelink on Enterprise Linux 7, which is warned of', async () => {
      const tree = new HostTree(cluster.hostRoot('seven'));
      const reasons = await withoutAlarm(
        at('seven'),
        async () => {
          tree.write('/etc/sysconfig/prelink', 'PRELINKING=yes\n').write('/etc/prelink.cache', 'cache');
          // looks at everything anew
          await cluster.check();
        },
        { settleMs: 500 },
      );
      expect(reasons).toContain('host.prelink host:platform');
    });
  });
});
