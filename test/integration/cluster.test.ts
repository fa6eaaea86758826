import { createPublicKey } from 'node:crypto';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Envelope } from '@sealwatch/shared/envelope/envelope.js';
import { envelopeFromJson } from '@sealwatch/shared/envelope/envelope-json.js';
import { preAuthEncoding } from '@sealwatch/shared/envelope/pre-auth-encoding.js';
import type { ManifestStatement } from '@sealwatch/shared/manifest/manifest.js';
import { publicKeyOf } from '@sealwatch/shared/signing/public-key.js';
import { certificatePem } from '@sealwatch/shared/x509/pem.js';
import { openSqliteStore } from '@sealwatch/collector/store/sqlite/open-sqlite-store.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flipByte } from '../fakes/flip-byte.js';
import { mustRun, runCommand } from '../fakes/run-command.js';
import { TestCluster } from '../fakes/test-cluster.js';

describe('one host, from init to check', () => {
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = await TestCluster.create({ hosts: ['alpha'] });
    await cluster.startAgents();
  }, 120_000);

  afterAll(async () => {
    await cluster.dispose();
  });

  it('passes; fails for one byte; passes again when it is mended', async () => {
    expect((await cluster.check()).status).toBe(0);
    flipByte(cluster.file('alpha'));
    const failed = await cluster.check();
    flipByte(cluster.file('alpha'));
    expect(failed.status).toBe(1);
    expect(failed.result.hosts[0]?.subjects.flatMap(({ findings }) => findings).map(({ code }) => code)).toEqual([
      'file.digest-mismatch',
    ]);
    expect((await cluster.check()).status).toBe(0);
  });

  it('a change is found by the next scan without anybody asking', async () => {
    flipByte(cluster.file('alpha'));
    await cluster.waitForHosts(({ verdict }) => verdict === 'noncompliant', 'the scan finds it');
    flipByte(cluster.file('alpha'));
    await cluster.waitForHosts(({ verdict }) => verdict === 'compliant', 'the scan finds it mended');
  });

  it('openssl accepts every signature and every certificate that was made', async () => {
    const sealwatch = join(cluster.directory, '.sealwatch');
    const scratch = mkdtempSync(join(tmpdir(), 'sealwatch-openssl-'));
    try {
      const root = join(sealwatch, 'root.pem');
      const issuing = join(cluster.collectorState, 'keys', 'issuing-ca.pem');
      const rootKey = publicKeyPem(readFileSync(root, 'utf8'));
      const publisherKey = readFileSync(join(cluster.directory, 'publisher.pub'), 'utf8');
      const releases = readdirSync(join(sealwatch, 'releases')).map((name) => join(sealwatch, 'releases', name));
      const manifest = open(join(cluster.directory, 'manifest.dsse.json'));

      await opensslVerifies(scratch, open(join(sealwatch, 'inception.dsse.json')), rootKey);
      expect(releases.length).toBeGreaterThan(0);
      for (const release of releases) await opensslVerifies(scratch, open(release), rootKey);
      await opensslVerifies(scratch, manifest, publisherKey);

      const { predicate } = JSON.parse(manifest.payload.toString()) as ManifestStatement;
      expect(predicate.components).toHaveLength(cluster.components.length);
      writeFileSync(join(scratch, 'publisher.pub'), publisherKey);
      for (const { name, signature } of predicate.components) {
        writeFileSync(join(scratch, 'signature'), Buffer.from(signature, 'base64'));
        const verify = [
          'openssl',
          'dgst',
          '-sha256',
          '-verify',
          join(scratch, 'publisher.pub'),
          '-signature',
          join(scratch, 'signature'),
        ];
        expect(await runCommand([...verify, cluster.file('alpha', name)])).toMatchObject({
          status: 0,
          stdout: 'Verified OK\n',
        });
      }

      await cluster.agent('alpha').stop();
      await cluster.collector.stop();
      copyFileSync(join(cluster.collectorState, 'sealwatch.db'), join(scratch, 'copy.db'));
      const store = await openSqliteStore({ file: join(scratch, 'copy.db'), threads: 'inline' });
      try {
        const certificates = [
          ...(await store.certificatesOf(['host-signing', 'host-tls'], 'alpha')),
          ...(await store.certificatesOf(['operator-tls'], 'admin')),
        ];
        expect(certificates.map(({ purpose }) => purpose).sort()).toEqual(['host-signing', 'host-tls', 'operator-tls']);
        for (const { der } of certificates) await opensslTrusts(scratch, certificatePem(der), { root, issuing });
        await opensslTrusts(scratch, readFileSync(join(cluster.collectorState, 'keys', 'tls.pem'), 'utf8'), {
          root,
          issuing,
        });
        await opensslTrusts(scratch, readFileSync(issuing, 'utf8'), { root, issuing });
        await opensslTrusts(scratch, readFileSync(root, 'utf8'), { root, issuing });

        const [state] = await store.hostStates();
        const signing = certificates.find(({ purpose }) => purpose === 'host-signing');
        const seal = state?.seal;
        if (!state || !seal || signing === undefined) throw new Error('no report and seal were stored');
        const hostKey = publicKeyPem(certificatePem(signing.der));
        await opensslVerifies(scratch, state.report, hostKey);
        await opensslVerifies(scratch, seal, hostKey);
      } finally {
        await store.close();
      }
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  });
});

function open(path: string): Envelope {
  return envelopeFromJson(readFileSync(path), path);
}

function publicKeyPem(certificate: string): string {
  return createPublicKey(certificate).export({ type: 'spki', format: 'pem' }).toString();
}

async function opensslVerifies(scratch: string, envelope: Envelope, key: string): Promise<void> {
  const [signature] = envelope.signatures;
  if (signature === undefined) throw new Error('unsigned');
  expect(signature.keyid).toBe(publicKeyOf(createPublicKey(key)).keyid);
  writeFileSync(join(scratch, 'key'), key);
  writeFileSync(join(scratch, 'sig'), signature.sig);
  writeFileSync(join(scratch, 'bytes'), preAuthEncoding(envelope.payloadType, envelope.payload));
  await mustRun([
    'openssl',
    'dgst',
    '-sha256',
    '-verify',
    join(scratch, 'key'),
    '-signature',
    join(scratch, 'sig'),
    join(scratch, 'bytes'),
  ]);
}

async function opensslTrusts(
  scratch: string,
  certificate: string,
  { root, issuing }: { root: string; issuing: string },
): Promise<void> {
  writeFileSync(join(scratch, 'certificate.pem'), certificate);
  await mustRun([
    'openssl',
    'verify',
    '-x509_strict',
    '-CAfile',
    root,
    '-untrusted',
    issuing,
    join(scratch, 'certificate.pem'),
  ]);
}
