import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureAuthority } from '@sealwatch/agent/measure/host/measure-authority.js';
import { measureFips } from '@sealwatch/agent/measure/host/measure-fips.js';
import { measureHost } from '@sealwatch/agent/measure/host/measure-host.js';
import { NO_STANDARD_MODE_MEMORY, openStandardModeMemory } from '@sealwatch/agent/measure/host/standard-mode-memory.js';
import { type Digest, sha256 } from '@sealwatch/shared/hashing/digest.js';
import { encodeMeasurement } from '@sealwatch/shared/measurement/measurement-body.js';
import { type FileSubject, subjectId } from '@sealwatch/shared/subject/subject.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asNobody } from '../fakes/as-nobody.js';
import { HostTree } from '../fakes/host-tree.js';

let tree: HostTree;
beforeEach(() => {
  tree = new HostTree();
  chmodSync(tree.root, 0o755);
});
afterEach(() => {
  tree.remove();
});

const CA = '/etc/kubernetes/pki/ca.crt';
const ETCD_CA = '/etc/kubernetes/pki/etcd/ca.crt';

/** A real certificate authority as openssl makes one. */
function authority(path: string, name = 'kubernetes'): X509Certificate {
  tree.write(path);
  const options = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '3650'];
  execFileSync(
    'openssl',
    ['req', '-x509', ...options, '-subj', `/CN=${name}`, '-keyout', '/dev/null', '-out', tree.at(path)],
    { stdio: 'ignore' },
  );
  return new X509Certificate(readFileSync(tree.at(path)));
}

describe('the kernel FIPS state', () => {
  it.each([
    ['1\n', '1'],
    ['0\n', '0'],
    ['', ''],
    ['2', '2'],
  ])('is told as the kernel tells it: %j', async (content, fipsEnabled) => {
    tree.fips().write('/proc/sys/crypto/fips_enabled', content);
    expect((await measureFips(tree.root)).observed).toEqual({ state: 'fips', fipsEnabled });
  });

  it('is absent where a mounted /proc has no such file', async () => {
    tree.fips();
    expect((await measureFips(tree.root)).observed).toEqual({ state: 'absent' });
  });

  it('is unreadable, not absent, where there is no /proc at all', async () => {
    const reason = 'no /proc below the host root';
    expect((await measureFips(tree.root)).observed).toEqual({ state: 'unreadable', reason });
  });

  it('is unreadable where something else stands in its place', async () => {
    tree.fips('1'.repeat(65));
    expect((await measureFips(tree.root)).observed).toMatchObject({ state: 'unreadable' });
    tree.fips().directory('/other');
    rmSync(tree.at('/proc/sys/crypto'), { recursive: true });
    tree.directory('/proc/sys/crypto/fips_enabled');
    expect((await measureFips(tree.root)).observed).toEqual({
      state: 'unreadable',
      reason: 'not a regular file (directory)',
    });
  });

  it('is read from the real /proc too, whose files have no size', async () => {
    const { observed } = await measureFips('/');
    expect(['fips', 'absent']).toContain(observed.state);
  });
});

describe('a certificate authority', () => {
  const measure = async (path: string, content?: string | Buffer): Promise<unknown> => {
    if (content !== undefined) tree.write(path, content);
    return (await measureAuthority(tree.root, 'kubernetes-ca', NO_STANDARD_MODE_MEMORY)).observed;
  };

  it('is known by its digest and its beginning', async () => {
    const certificate = authority(CA);
    const { observed } = await measureAuthority(tree.root, 'kubernetes-ca', NO_STANDARD_MODE_MEMORY);
    expect(observed).toEqual({
      state: 'authority',
      digest: sha256(certificate.raw),
      notBefore: new Date(certificate.validFrom).toISOString(),
      seenUnderStandard: null,
    });
  });

  it('is the first certificate of a bundle, as the API server reads it', async () => {
    const first = authority(CA);
    const bundle = readFileSync(tree.at(CA), 'latin1');
    authority(CA, 'second');
    const second = readFileSync(tree.at(CA), 'latin1');
    expect(await measure(CA, `# comment\n${bundle}${second}`)).toMatchObject({ digest: sha256(first.raw) });
  });

  it('of etcd stands in its own place', async () => {
    const certificate = authority(ETCD_CA);
    expect(await measure(CA)).toEqual({ state: 'absent' });
    const { observed } = await measureAuthority(tree.root, 'etcd-ca', NO_STANDARD_MODE_MEMORY);
    expect(observed).toMatchObject({ digest: sha256(certificate.raw) });
  });

  it.each([
    ['empty', ''],
    ['garbage', 'garbage'],
    ['a broken PEM', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'],
    ['binary garbage', Buffer.from([0x30, 0x82, 0xff, 0xff, 0x00])],
  ])('is unreadable if its file is %s', async (_, content) => {
    expect(await measure(CA, content)).toEqual({ state: 'unreadable', reason: 'no certificate' });
  });

  it('is unreadable if its file is far too large', async () => {
    authority(CA);
    const largest = Buffer.alloc(65_536, '\n');
    readFileSync(tree.at(CA)).copy(largest);
    expect(await measure(CA, largest)).toMatchObject({ state: 'authority' });
    expect(await measure(CA, Buffer.alloc(65_537, '\n'))).toEqual({
      state: 'unreadable',
      reason: 'larger than 65536 bytes',
    });
  });

  it('is unreadable without the right to read it, absent if there is none', async () => {
    expect(await measure(CA)).toEqual({ state: 'absent' });
    authority(CA);
    chmodSync(tree.at(CA), 0);
    const reason = 'permission denied (EACCES)';
    expect(await asNobody(() => measure(CA))).toEqual({ state: 'unreadable', reason });
  });
});

describe('the memory of standard mode', () => {
  const standard = { digest: digest('5'), mode: 'standard' } as const;
  const fips = { digest: digest('f'), mode: 'fips' } as const;
  let stateDir: string;
  beforeEach(() => {
    stateDir = mkdtempSync(join(tmpdir(), 'sealwatch-state-'));
  });
  afterEach(() => {
    rmSync(stateDir, { recursive: true });
  });

  it('outlives restarts and a new enrolment under FIPS', async () => {
    expect(await (await openStandardModeMemory(stateDir, standard)).witness(digest('a'))).toBe(standard.digest);
    const later = await openStandardModeMemory(stateDir, fips);
    expect(await later.witness(digest('a'))).toBe(standard.digest);
    expect(await later.witness(digest('b'))).toBeNull();
  });

  it('remembers nothing that was seen under FIPS only', async () => {
    await (await openStandardModeMemory(stateDir, fips)).witness(digest('a'));
    expect(readdirSync(stateDir)).toEqual([]);
  });

  it('keeps the first inception, and is private', async () => {
    await (await openStandardModeMemory(stateDir, standard)).witness(digest('a'));
    const second = await openStandardModeMemory(stateDir, { digest: digest('6'), mode: 'standard' });
    expect(await second.witness(digest('a'))).toBe(standard.digest);
    expect(await second.witness(digest('b'))).toBe(digest('6'));
    const [file = ''] = readdirSync(stateDir);
    expect(statSync(join(stateDir, file)).mode & 0o777).toBe(0o600);
    const third = await openStandardModeMemory(stateDir, null);
    expect([await third.witness(digest('a')), await third.witness(digest('b'))]).toEqual([digest('5'), digest('6')]);
  });

  it('that is damaged is not an empty one', async () => {
    await (await openStandardModeMemory(stateDir, standard)).witness(digest('a'));
    const [file = ''] = readdirSync(stateDir);
    for (const damaged of ['', '{}', readFileSync(join(stateDir, file), 'utf8').replace('sha256', 'sha512')]) {
      writeFileSync(join(stateDir, file), damaged);
      await expect(openStandardModeMemory(stateDir, fips)).rejects.toMatchObject({ code: 'store.corrupt' });
    }
  });

  it('that can not be kept makes the authority unreadable, not clean', async () => {
    authority(CA);
    const memory = await openStandardModeMemory(join(stateDir, 'gone'), standard);
    const { observed } = await measureAuthority(tree.root, 'kubernetes-ca', memory);
    expect(observed).toMatchObject({ state: 'unreadable' });
  });
});

describe('a scan of the host', () => {
  const subject = (component: string): FileSubject => ({ kind: 'file', component, path: `/usr/bin/${component}` });

  it('sees everything that can be seen, in the order it was asked', async () => {
    execFileSync('mkfifo', [tree.fips('1').directory('/usr/bin').at('/usr/bin/containerd')]);
    tree.write('/usr/bin/kubelet', 'binary').write('/usr/bin/secret', 'x');
    chmodSync(tree.at('/usr/bin/secret'), 0);
    const subjects = ['secret', 'containerd', 'kubelet', 'kubeadm'].map(subject);
    const input = { hostRoot: tree.root, subjects, standardMemory: NO_STANDARD_MODE_MEMORY };
    const { measurements, bytesRead } = await asNobody(() => measureHost(input));
    expect(measurements.map((measurement) => measurement.observed.state)).toEqual([
      'unreadable',
      'not-regular',
      'present',
      'absent',
      'absent',
      'fips',
      'absent',
    ]);
    expect(bytesRead).toBe(6);
  });

  it('gives equal bytes for an unchanged host, also for what can not be read', async () => {
    tree.fips('1').write('/usr/bin/kubelet', 'binary').link('/usr/bin/runc', 'runc').write(CA, 'garbage');
    const subjects = ['kubelet', 'runc', 'kubeadm'].map(subject);
    const scan = async (): Promise<string[]> => {
      const input = { hostRoot: tree.root, subjects, standardMemory: NO_STANDARD_MODE_MEMORY };
      return (await measureHost(input)).measurements.map((measurement) => encodeMeasurement(measurement).digest);
    };
    expect(await scan()).toEqual(await scan());
  });

  it('comes in the order of ids, if it was asked in that order', async () => {
    const subjects = ['containerd', 'kubelet'].map(subject);
    const input = { hostRoot: tree.root, subjects, standardMemory: NO_STANDARD_MODE_MEMORY };
    const ids = (await measureHost(input)).measurements.map((measurement) => subjectId(measurement.subject));
    expect(ids).toEqual([...ids].sort());
  });

  it('of a root that is gone is all unreadable', async () => {
    const input = {
      hostRoot: tree.at('/gone'),
      subjects: [subject('kubelet')],
      standardMemory: NO_STANDARD_MODE_MEMORY,
    };
    const { measurements } = await measureHost(input);
    expect(measurements.map((measurement) => measurement.observed.state)).toEqual(Array(4).fill('unreadable'));
  });

  it('pauses as it is told and ends when it is stopped', async () => {
    tree.write('/usr/bin/kubelet', Buffer.alloc(1024 * 1024));
    const stop = new AbortController();
    let pauses = 0;
    const pause = (): Promise<void> => {
      pauses++;
      stop.abort();
      return Promise.resolve();
    };
    const input = {
      hostRoot: tree.root,
      subjects: ['kubelet', 'kubeadm'].map(subject),
      standardMemory: NO_STANDARD_MODE_MEMORY,
      pause,
      signal: stop.signal,
    };
    await expect(measureHost(input)).rejects.toMatchObject({ code: 'request.cancelled' });
    expect(pauses).toBeGreaterThan(0);
  });
});

function digest(character: string): Digest {
  return `sha256:${character.repeat(64)}`;
}
