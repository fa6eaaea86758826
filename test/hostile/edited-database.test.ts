import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Sqlite as Database } from '@sealwatch/collector/store/sqlite/sqlite-driver.js';
import { encodeEnvelope } from '@sealwatch/collector/store/sqlite/stored-envelope.js';
import { verifyStore } from '@sealwatch/collector/store/sqlite/verify-store.js';
import { DEFAULT_POLICY } from '@sealwatch/collector/config/cluster-defaults.js';
import { PAYLOAD_TYPES } from '@sealwatch/shared/envelope/envelope.js';
import { signEnvelope } from '@sealwatch/shared/envelope/sign-envelope.js';
import { digestBytes, sha256 } from '@sealwatch/shared/hashing/digest.js';
import { encodeMeasurement } from '@sealwatch/shared/measurement/measurement-body.js';
import { systemClock } from '@sealwatch/shared/runtime/clock.js';
import { keySigner } from '@sealwatch/shared/signing/key-file-signer.js';
import { generateP256 } from '@sealwatch/shared/signing/generate-key.js';
import { publicKeyOf } from '@sealwatch/shared/signing/public-key.js';
import type { Report } from '@sealwatch/shared/statement/report.js';
import { identityUri } from '@sealwatch/shared/trust/identity.js';
import type { ClusterStatus } from '@sealwatch/shared/wire/generated/sealwatch/v1/ClusterStatus.js';
import type { GetReportResponse } from '@sealwatch/shared/wire/generated/sealwatch/v1/GetReportResponse.js';
import type { HostDetail } from '@sealwatch/shared/wire/generated/sealwatch/v1/HostDetail.js';
import type { ListHistoryResponse } from '@sealwatch/shared/wire/generated/sealwatch/v1/ListHistoryResponse.js';
import { issueCertificate } from '@sealwatch/shared/x509/issue-certificate.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AgentDesk } from '../fakes/enrolled-agent.js';
import { answer, RunningCollector } from '../fakes/running-collector.js';
import { waitUntil } from '../fakes/wait-until.js';
import { platformMeasurement } from '../fakes/platform-observations.js';

const MINUTE = 60_000;

let collector: RunningCollector;
let desk: AgentDesk;
let running: ReturnType<AgentDesk['startRunning']> | undefined;

/** A real agent on a host in FIPS mode, which is all this policy asks for. */
beforeEach(async () => {
  collector = await RunningCollector.start();
  await collector.publish(2, ['host-a'], {
    policy: { require: ['host'], components: {}, heartbeatIntervalMs: 200, staleAfterMs: 60_000 },
  });
  desk = new AgentDesk();
  await desk.enroll(collector);
  running = desk.startRunning();
});
afterEach(async () => {
  await stopped();
  desk.dispose();
  await collector.dispose();
});

async function stopped(): Promise<void> {
  running?.io.stop();
  await running?.finished;
  running = undefined;
}

const hostA = (): Promise<HostDetail> =>
  answer<HostDetail>((done) => collector.query('vera').getHost({ name: 'host-a' }, done));

function becomes(verdict: string, sequence = 1): Promise<HostDetail> {
  return waitUntil(`host-a is ${verdict}`, async () => {
    const found = await hostA().catch(() => undefined);
    const { summary } = found ?? {};
    return summary?.verdict === verdict && summary.sequence >= sequence ? found : undefined;
  });
}

async function history(kind: string): Promise<string[]> {
  const { entries } = await answer<ListHistoryResponse>((done) =>
    collector.query('vera').listHistory({ host: 'host-a', pageSize: 100 }, done),
  );
  return entries.filter((entry) => entry.kind === kind).map(({ details }) => details.join(' '));
}

const database = (stateDir: string): string => join(stateDir, 'sealwatch.db');

/** What somebody with the file and SQLite does; triggers are no obstacle to that. */
function edit(stateDir: string, change: (db: InstanceType<typeof Database>) => void): void {
  const db = new Database(database(stateDir));
  try {
    db.pragma('foreign_keys = OFF');
    const triggers = db.prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'trigger'").pluck().all();
    for (const trigger of triggers) db.exec(`DROP TRIGGER ${trigger}`);
    change(db);
  } finally {
    db.close();
  }
}

function copy(from: string, to: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(to + suffix, { force: true });
  copyFileSync(from, to);
}

/** A report of host-a that says all is well, with its measurements, put over the last one. */
async function forge(stateDir: string, signer: ReturnType<typeof keySigner>, real: Report): Promise<void> {
  const bodies = [
    encodeMeasurement(platformMeasurement()),
    encodeMeasurement({ subject: { kind: 'host', aspect: 'kubernetes-ca' }, observed: { state: 'absent' } }),
    encodeMeasurement({ subject: { kind: 'host', aspect: 'etcd-ca' }, observed: { state: 'absent' } }),
  ];
  const ids = ['host:platform', 'host:kubernetes-ca', 'host:etcd-ca'];
  const report: Report = {
    ...real,
    findings: [],
    subjects: bodies.map(({ digest }, index) => ({ id: ids[index] ?? '', measurement: digest })),
  };
  const envelope = await signEnvelope(PAYLOAD_TYPES.report, report, signer);
  edit(stateDir, (db) => {
    const digest = digestBytes(sha256(envelope.payload));
    const put = db.prepare('INSERT OR IGNORE INTO bodies (digest, bytes) VALUES (?, ?)');
    // format 0: not packed
    for (const body of bodies) put.run(digestBytes(body.digest), Buffer.concat([Buffer.of(0), body.bytes]));
    db.prepare('UPDATE reports SET envelope = ?, digest = ? WHERE sequence = ?').run(
      encodeEnvelope(envelope),
      digest,
      real.sequence,
    );
    db.prepare('UPDATE host_states SET digest = ?').run(digest);
    db.exec('DELETE FROM seals');
  });
}

describe('a failing host can’t be whitewashed in the database', () => {
  let real: Report;
  let keyid: string;

  beforeEach(async () => {
    desk.tree.leaveFipsMode();
    await becomes('noncompliant');
    await stopped();
    const { summary } = await hostA();
    const { envelope } = await answer<GetReportResponse>((done) =>
      collector.query('vera').getReport({ host: 'host-a', epoch: 1, sequence: summary?.sequence ?? 0 }, done),
    );
    real = JSON.parse(envelope?.payload.toString() ?? '{}') as Report;
    keyid = envelope?.signatures[0]?.keyid ?? '';
  });

  it('it still fails after an honest restart', async () => {
    await collector.restart(() => undefined);
    expect((await hostA()).summary?.verdict).toBe('noncompliant');
  });

  it('with a report under its name that it never signed: the collector does not start', async () => {
    const { privateKey } = generateP256();
    const forged = collector.restart((stateDir) => forge(stateDir, { ...keySigner(privateKey), keyid }, real));
    await expect(forged).rejects.toMatchObject({ code: 'store.corrupt' });
    expect(verifyStore(database(collector.stateDir)).problems).toEqual([]);
  });

  it('with a report and a signing certificate of the forger’s own making: it is not known, never compliant', async () => {
    const { privateKey } = generateP256();
    await collector.restart(async (stateDir) => {
      await forge(stateDir, keySigner(privateKey), real);
      const publicKey = publicKeyOf(privateKey);
      const { clusterId } = collector.authority;
      const der = issueCertificate({
        profile: 'host-signing',
        commonName: 'host-a',
        publicKey: publicKey.key,
        notBefore: new Date(Date.now() - MINUTE),
        notAfter: new Date(Date.now() + 60 * MINUTE),
        uri: identityUri({ clusterId, kind: 'host', name: 'host-a' }),
        issuer: { selfSigned: privateKey },
      });
      edit(stateDir, (db) => {
        db.prepare(
          `INSERT INTO certificates (serial, purpose, name, epoch, keyid, not_before, not_after, der)
           VALUES ('ff', 'host-signing', 'host-a', 1, ?, 0, ?, ?)`,
        ).run(publicKey.keyid, Date.now() + 60 * MINUTE, der);
      });
    });
    expect((await hostA()).summary).toMatchObject({ verdict: 'unknown', reasons: ['host.evidence-stale host'] });
  });

  it('by setting it back to the report before it: verify says so, and the host’s next report fails it again', async () => {
    expect(real.sequence).toBeGreaterThan(0);
    await collector.restart((stateDir) => {
      edit(stateDir, (db) => {
        db.exec('DELETE FROM host_states');
      });
      expect(verifyStore(database(stateDir)).problems).toEqual(['host-a does not stand at its newest report']);
    });
    expect((await hostA()).summary?.verdict).toBe('unknown');
    running = desk.startRunning();
    await becomes('noncompliant');
  });
});

describe('old evidence can’t be made young', () => {
  it('by the columns that say when it came', async () => {
    await becomes('compliant');
    await stopped();
    const later = { ...systemClock, wall: () => Date.now() + 60 * MINUTE };
    await collector.restart((stateDir) => {
      edit(stateDir, (db) => {
        db.prepare('UPDATE host_states SET last_received_at = ?, evidence_at = ?').run(later.wall(), later.wall());
      });
    }, later);
    expect((await hostA()).summary?.reasons).toContain('host.evidence-stale host');
    expect((await hostA()).summary?.verdict).toBe('unknown');
  });

  it('by setting our clock back over a restart: nobody counts until heard', async () => {
    await becomes('compliant');
    await stopped();
    await collector.restart(() => undefined, { ...systemClock, wall: () => Date.now() - 60 * MINUTE });
    expect((await hostA()).summary?.verdict).toBe('unknown');
  });

  it('by a clock set forward', async () => {
    await becomes('compliant');
    await stopped();
    await collector.restart(() => undefined, { ...systemClock, wall: () => Date.now() + 60 * MINUTE });
    expect((await hostA()).summary?.verdict).toBe('unknown');
  });
});

describe('a copy of the database that is put back', () => {
  it('forgets a failure only until the host is heard: it reports anew at once, and the gap is an alarm', async () => {
    await becomes('compliant');
    const safe = join(desk.directory, 'copy.db');
    await collector.restart((stateDir) => {
      copyFileSync(database(stateDir), safe);
    });
    desk.tree.leaveFipsMode();
    await stopped();
    running = desk.startRunning();
    const newest = await waitUntil('the collector holds all the agent signed since', async () => {
      const { head, outbox, running: told } = await desk.status();
      const settled = told !== null && told.lastCycle !== null && outbox.reports === 0 && outbox.seals === 0;
      const { verdict, sequence } = (await hostA()).summary ?? {};
      return settled && verdict === 'noncompliant' && sequence === head?.sequence ? sequence : undefined;
    });
    await collector.restart((stateDir) => {
      copy(safe, database(stateDir));
    });
    await becomes('noncompliant', newest + 1);
    expect(await history('alarm')).toContainEqual(expect.stringContaining('chain.gap'));
    expect(verifyStore(database(collector.stateDir)).problems).toEqual([]);
  });

  it('does not bring back a release that was replaced: a host that holds the newer one is not known', async () => {
    await becomes('compliant');
    const safe = join(desk.directory, 'copy.db');
    await collector.restart((stateDir) => {
      copyFileSync(database(stateDir), safe);
    });
    await collector.publish(3, ['host-a'], { policy: { ...DEFAULT_POLICY, require: ['host'], components: {} } });
    await waitUntil('the agent has release 3', async () => (await desk.status()).releaseVersion === 3);
    await collector.restart((stateDir) => {
      copy(safe, database(stateDir));
    });
    const { summary } = await becomes('unknown');
    await waitUntil('it says why', async () => (await hostA()).summary?.reasons.includes('host.release-unknown host'));
    expect(summary?.standing).toBeDefined();
  });
});

describe('what the keys fixed, no row unfixes:', () => {
  it('the mode and everything else in the inception', async () => {
    await becomes('compliant');
    const edited = collector.restart((stateDir) => {
      edit(stateDir, (db) => {
        const other = { payloadType: PAYLOAD_TYPES.inception, payload: Buffer.from('{}'), signatures: [] };
        const { payload } = other;
        db.prepare('UPDATE inception SET envelope = ?, digest = ?').run(
          encodeEnvelope(other),
          digestBytes(sha256(payload)),
        );
      });
    });
    await expect(edited).rejects.toMatchObject({ code: 'inception.mismatch' });
  });

  it('the release in force', async () => {
    const edited = collector.restart((stateDir) => {
      edit(stateDir, (db) => {
        const release = { payloadType: PAYLOAD_TYPES.release, payload: Buffer.from('{}'), signatures: [] };
        db.prepare('UPDATE releases SET envelope = ?').run(encodeEnvelope(release));
      });
    });
    await expect(edited).rejects.toMatchObject({ code: expect.stringMatching(/^(envelope|store)\./) as string });
  });

  it('a revocation: verify finds that it was taken back', async () => {
    await becomes('compliant');
    await answer((done) => collector.query('root').revokeHost({ host: 'host-a', reason: 'stolen' }, done));
    expect(await answer<ClusterStatus>((done) => collector.query('vera').getStatus({}, done))).toMatchObject({
      unknown: 1,
    });
    await collector.restart((stateDir) => {
      expect(verifyStore(database(stateDir)).problems).toEqual([]);
      edit(stateDir, (db) => {
        db.exec("UPDATE certificates SET revoked_at = NULL WHERE purpose = 'host-tls'");
      });
      expect(verifyStore(database(stateDir)).problems).toEqual([
        'a certificate of the ended enrolment 1 of host-a counts again',
      ]);
      edit(stateDir, (db) => {
        db.exec('UPDATE certificates SET revoked_at = NULL; UPDATE enrollments SET revoked_at = NULL');
      });
      expect(verifyStore(database(stateDir)).problems).toEqual(['enrolment 1 of host-a was revoked, and counts again']);
    });
  });
});
