import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collectorStateDirectory } from '@sealwatch/collector/config/operator-directory.js';
import type { Ready } from '@sealwatch/collector/cli/ready-file.js';
import { formatToken, newToken, tokenHash } from '@sealwatch/shared/trust/enrollment-token.js';
import { channelOptions, clientCredentials } from '@sealwatch/shared/wire/channel.js';
import type { ClusterStatus } from '@sealwatch/shared/wire/generated/sealwatch/v1/ClusterStatus.js';
import { loadProtos } from '@sealwatch/shared/wire/load-protos.js';
import { readCertificate } from '@sealwatch/shared/x509/read-certificate.js';
import { certificatesFromPem } from '@sealwatch/shared/x509/pem.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { builtFile, builtPrograms } from '../fakes/built-programs.js';
import { Daemon } from '../fakes/daemon.js';
import { answer } from '../fakes/running-collector.js';
import { TestAuthority, type TestIdentity } from '../fakes/test-authority.js';
import { waitUntil } from '../fakes/wait-until.js';

const PROGRAM = builtFile('collector', 'main.js').pathname;
const DAY_MS = 86_400_000;

const daemons: Daemon[] = [];
const directories: string[] = [];

beforeAll(builtPrograms, 180_000);

afterEach(async () => {
  await Promise.all(daemons.splice(0).map((daemon) => daemon.stop()));
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

interface Provisioned {
  readonly authority: TestAuthority;
  readonly stateDir: string;
  readonly operator: TestIdentity;
}

async function provisioned(collector?: (authority: TestAuthority) => TestIdentity): Promise<Provisioned> {
  const authority = new TestAuthority();
  const operator = authority.operator('root');
  const stateDir = mkdtempSync(join(tmpdir(), 'sealwatch-serve-'));
  directories.push(stateDir);
  const inception = await authority.inception();
  authority.provision(stateDir, { inception, ...(collector === undefined ? {} : { collector: collector(authority) }) });
  return { authority, stateDir, operator };
}

function serve(stateDir: string, listen = '127.0.0.1:0'): Daemon {
  const flags = ['--state-dir', stateDir, '--listen', listen, '--enroll-listen', '127.0.0.1:0'];
  const daemon = new Daemon([process.execPath, PROGRAM, 'serve', ...flags]);
  daemons.push(daemon);
  return daemon;
}

function ready(daemon: Daemon, stateDir: string): Promise<Ready> {
  return waitUntil('the collector is ready', () => {
    if (!daemon.running) throw new Error(daemon.output);
    const file = join(stateDir, 'ready.json');
    return existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as Ready);
  });
}

async function status({ authority, operator }: Provisioned, address: string): Promise<ClusterStatus> {
  const { rootPem: root, clusterId } = authority;
  const credentials = clientCredentials({ root, clusterId, identity: operator });
  const client = new (loadProtos().QueryService)(address, credentials, channelOptions());
  try {
    return await answer<ClusterStatus>((done) => client.getStatus({}, done));
  } finally {
    client.close();
  }
}

describe('a collector that serves', () => {
  it('says where it listens, answers, and stops cleanly on SIGTERM', async () => {
    const cluster = await provisioned();
    const daemon = serve(cluster.stateDir);
    const { address, pid } = await ready(daemon, cluster.stateDir);
    expect(pid).toBe(daemon.pid);
    expect(daemon.output).toContain(`"address":"${address}"`);
    expect(await status(cluster, address)).toMatchObject({ clusterName: 'test', releaseVersion: 0, mode: 'fips' });
    expect(await daemon.stop()).toBe(0);
    expect(existsSync(join(cluster.stateDir, 'ready.json'))).toBe(false);
  });

  it('takes over the hashes of provisioned tokens once, and their file goes', async () => {
    const { authority, stateDir } = await provisioned();
    const { clusterId, rootKeyid } = authority;
    const token = formatToken(newToken({ clusterId, host: 'host-a', rootKeyid }));
    const entry = {
      hash: tokenHash(token),
      host: 'host-a',
      createdAt: timestamp(Date.now()),
      expiresAt: timestamp(Date.now() + 60_000),
      replace: false,
    };
    const { tokens } = collectorStateDirectory(stateDir);
    writeFileSync(tokens, JSON.stringify([entry]), { mode: 0o600 });
    const daemon = serve(stateDir);
    await ready(daemon, stateDir);
    expect(existsSync(tokens)).toBe(false);
  });

  it('renews its certificate once half its life is over', async () => {
    const cluster = await provisioned((authority) =>
      authority.collector({ notBefore: Date.now() - 200 * DAY_MS, notAfter: Date.now() + 100 * DAY_MS }),
    );
    const daemon = serve(cluster.stateDir);
    const { address } = await ready(daemon, cluster.stateDir);
    await expect(status(cluster, address)).resolves.toBeDefined();
    const file = collectorStateDirectory(cluster.stateDir).tlsChain;
    const [leaf] = certificatesFromPem(readFileSync(file, 'utf8'), file);
    expect(readCertificate(leaf!, file).notAfter).toBeGreaterThan(Date.now() + 300 * DAY_MS);
  });
});

describe('a collector that can’t serve says why, with exit status 2', () => {
  it('a port somebody has is named', async () => {
    const [first, second] = [await provisioned(), await provisioned()];
    const { address } = await ready(serve(first.stateDir), first.stateDir);
    const daemon = serve(second.stateDir, address);
    expect(await daemon.exited()).toBe(2);
    expect(daemon.output).toMatch(new RegExp(`listens on ${address}.*--listen`, 's'));
  });

  it('a state directory nobody provisioned', async () => {
    const stateDir = mkdtempSync(join(tmpdir(), 'sealwatch-serve-'));
    directories.push(stateDir);
    const daemon = serve(stateDir);
    expect(await daemon.exited()).toBe(2);
    expect(daemon.output).toContain('sealwatch provision');
  });

  it('a key that others may read', async () => {
    const { stateDir } = await provisioned();
    const { issuingKey } = collectorStateDirectory(stateDir);
    chmodSync(issuingKey, 0o640);
    const daemon = serve(stateDir);
    expect(await daemon.exited()).toBe(2);
    expect(daemon.output).toContain(issuingKey);
  });

  it('a setting that does not exist, with its line', async () => {
    const { stateDir } = await provisioned();
    writeFileSync(join(stateDir, 'collector.yaml'), 'logLevel: info\nlimits:\n  maxConections: 5\n');
    const daemon = serve(stateDir);
    expect(await daemon.exited()).toBe(2);
    expect(daemon.output).toMatch(/line 3: limits\.maxConections: unknown key; did you mean maxConnections\?/);
  });
});

describe('a collector refuses trust that does not fit', () => {
  it('the database of another cluster', async () => {
    const [mine, other] = [await provisioned(), await provisioned()];
    const daemon = serve(other.stateDir);
    await ready(daemon, other.stateDir);
    await daemon.stop();
    writeFileSync(join(mine.stateDir, 'sealwatch.db'), readFileSync(join(other.stateDir, 'sealwatch.db')), {
      mode: 0o600,
    });
    const refused = serve(mine.stateDir);
    expect(await refused.exited()).toBe(1);
    expect(refused.output).toContain('another inception');
  });

  it('an inception record somebody edited', async () => {
    const { stateDir } = await provisioned();
    const { inception } = collectorStateDirectory(stateDir);
    const envelope = JSON.parse(readFileSync(inception, 'utf8')) as { payload: string };
    const edited = Buffer.from(envelope.payload, 'base64').toString('utf8').replace('"fips"', '"standard"');
    const payload = Buffer.from(edited).toString('base64');
    writeFileSync(inception, JSON.stringify({ ...envelope, payload }), { mode: 0o600 });
    const refused = serve(stateDir);
    expect(await refused.exited()).toBe(1);
    expect(refused.output).toContain('does not hold');
  });
});
