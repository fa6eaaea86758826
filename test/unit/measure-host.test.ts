import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import * as fs from 'node:fs';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureAuthority } from '@sealwatch/agent/measure/host/measure-authority.js';
import { CapabilityMemory } from '@sealwatch/agent/measure/file/capability-memory.js';
import { ModuleMemory } from '@sealwatch/agent/measure/module/module-memory.js';
import { AskedPaths } from '@sealwatch/agent/measure/platform/asked-paths.js';
import { measurePlatform } from '@sealwatch/agent/measure/platform/measure-platform.js';
import { observeFipsEnabled } from '@sealwatch/agent/measure/platform/observe-fips-enabled.js';
import { type HostMeasuring, measureHost } from '@sealwatch/agent/measure/measure-host.js';
import { NO_STANDARD_MODE_MEMORY, openStandardModeMemory } from '@sealwatch/agent/measure/host/standard-mode-memory.js';
import { type Scope, WHOLE_HOST } from '@sealwatch/agent/measure/scope.js';
import { connectContainerd } from '@sealwatch/agent/measure/image/connect-containerd.js';
import { ImageSurvey } from '@sealwatch/agent/measure/image/image-survey.js';
import { ServiceSurvey } from '@sealwatch/agent/measure/service/service-survey.js';
import { type Digest, sha256 } from '@sealwatch/shared/hashing/digest.js';
import { encodeMeasurement, MAX_BODY_BYTES } from '@sealwatch/shared/measurement/measurement-body.js';
import type { Measurement } from '@sealwatch/shared/measurement/measurement.js';
import { judgePlatform } from '@sealwatch/shared/platform/judge-platform.js';
import type { Fact } from '@sealwatch/shared/platform/fact.js';
import type { PlatformObservation } from '@sealwatch/shared/platform/platform-observation.js';
import { systemClock } from '@sealwatch/shared/runtime/clock.js';
import { type FileSubject, subjectId } from '@sealwatch/shared/subject/subject.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asNobody } from '../fakes/as-nobody.js';
import { HostTree } from '../fakes/host-tree.js';
import { RhelTree } from '../fakes/rhel-tree.js';

let tree: HostTree;
beforeEach(() => {
  tree = new HostTree();
  chmodSync(tree.root, 0o755);
});
afterEach(() => {
  tree.remove();
});

/** Node 16 has none. */
const HAS_STATFS = 'statfsSync' in fs;

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

const fipsEnabled = (hostRoot = tree.root): Promise<Fact<string>> =>
  observeFipsEnabled({ hostRoot, asked: new AskedPaths() });

describe('the kernel FIPS state', () => {
  it.each([
    ['1\n', '1'],
    ['0\n', '0'],
    ['', ''],
    ['2', '2'],
  ])('is told as the kernel tells it: %j', async (content, said) => {
    tree.fips().write('/proc/sys/crypto/fips_enabled', content);
    expect(await fipsEnabled()).toEqual({ state: 'value', value: said });
  });

  it('is absent where a mounted /proc has no such file', async () => {
    tree.fips();
    expect(await fipsEnabled()).toEqual({ state: 'absent' });
  });

  it('is unreadable, not absent, where there is no /proc at all', async () => {
    const reason = 'no /proc below the host root';
    expect(await fipsEnabled()).toEqual({ state: 'unreadable', reason });
  });

  it('is unreadable where something else stands in its place', async () => {
    tree.fips('1'.repeat(65));
    expect(await fipsEnabled()).toMatchObject({ state: 'unreadable' });
    tree.fips().directory('/other');
    rmSync(tree.at('/proc/sys/crypto'), { recursive: true });
    tree.directory('/proc/sys/crypto/fips_enabled');
    expect(await fipsEnabled()).toEqual({
      state: 'unreadable',
      reason: 'not a regular file (directory)',
    });
  });

  it('is read from the real /proc too, whose files have no size', async () => {
    expect(['value', 'absent']).toContain((await fipsEnabled('/')).state);
  });
});

describe('the platform of a host', () => {
  const platform = async (hostRoot: string): Promise<PlatformObservation> => {
    const { observed } = await measurePlatform(hostRoot, {});
    if (observed.state !== 'platform') throw new Error(observed.state);
    return observed.platform;
  };

  it('of a directory tree is told by its mount table, for it is on no procfs', async () => {
    const rhel = new RhelTree(8);
    try {
      const observed = await platform(rhel.root);
      expect(observed.mounts).toMatchObject({ fipsEnabledOn: 'not-known', commandLineOn: 'not-known' });
      expect(judgePlatform(observed)).toMatchObject({ fips: { state: 'enabled' }, deviations: [] });
    } finally {
      rhel.remove();
    }
  });

  it('of a root that an init sees is told by statfs, too', async () => {
    for (const root of ['/', `/proc/${String(process.pid)}/root`]) {
      expect((await platform(root)).mounts.commandLineOn).toBe(HAS_STATFS ? 'proc' : 'not-known');
    }
  });

  it('counts what it hashes, and waits as it is told', async () => {
    const rhel = new RhelTree(8);
    try {
      rhel.write('/usr/lib64/libcrypto.so.1.1.1k', Buffer.alloc(1024 * 1024));
      let [bytes, pauses] = [0, 0];
      const pause = (): Promise<void> => {
        pauses++;
        return Promise.resolve();
      };
      await measurePlatform(rhel.root, { pause, onBytes: (read) => (bytes += read) });
      expect(bytes).toBeGreaterThan(1024 * 1024);
      expect(pauses).toBeGreaterThan(0);
    } finally {
      rhel.remove();
    }
  });

  it('that says more than a report can hold is unreadable, and its report still goes out', async () => {
    const lines = Array.from({ length: 99 }, (_, i) => {
      // in JSON a control character takes six bytes
      const [from, type] = [`/from${String(i)}-${'x'.repeat(1000)}`, '\u0001'.repeat(1000)];
      return `${String(i + 40)} 1 0:${String(i)} ${from} /proc/cmdline rw - ${type} device rw\n`;
    });
    const rhel = new RhelTree(8);
    try {
      rhel.write('/proc/1/mountinfo', `1 0 253:0 / / rw - xfs /dev/r rw\n${lines.join('')}`);
      const measured = await measurePlatform(rhel.root, {});
      expect(measured.observed.state).toBe('unreadable');
      expect(encodeMeasurement(measured).bytes.length).toBeLessThan(MAX_BODY_BYTES);
    } finally {
      rhel.remove();
    }
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

function scanning(files: readonly FileSubject[]): HostMeasuring {
  const survey = new ServiceSurvey({ clock: systemClock });
  return {
    scope: WHOLE_HOST,
    hostRoot: tree.root,
    files,
    services: [],
    survey,
    images: [],
    imageSurvey: new ImageSurvey({ clock: systemClock, containerd: connectContainerd(tree.root, '/run/none.sock') }),
    processes: null,
    modules: null,
    moduleMemory: new ModuleMemory(),
    standardMemory: NO_STANDARD_MODE_MEMORY,
    fresh: true,
    clock: systemClock,
  };
}

const measurementsOf = async (input: HostMeasuring): Promise<Measurement[]> =>
  (await measureHost(input)).looks.map(({ measurement }) => measurement);

describe('a scan of the host', () => {
  const subject = (component: string): FileSubject => ({ kind: 'file', component, path: `/usr/bin/${component}` });

  it('sees everything that can be seen, in the order it was asked', async () => {
    execFileSync('mkfifo', [tree.fips('1').directory('/usr/bin').at('/usr/bin/containerd')]);
    tree.write('/usr/bin/kubelet', 'binary').write('/usr/bin/secret', 'x');
    chmodSync(tree.at('/usr/bin/secret'), 0);
    const subjects = ['secret', 'containerd', 'kubelet', 'kubeadm'].map(subject);
    const input = scanning(subjects);
    const { looks, bytesRead } = await asNobody(() => measureHost(input));
    expect(looks.map(({ measurement }) => measurement.observed.state)).toEqual([
      'unreadable',
      'not-regular',
      'present',
      'absent',
      'absent',
      'absent',
      'platform',
    ]);
    expect(bytesRead).toBe(6);
  });

  it('gives equal bytes for an unchanged host, also for what can not be read', async () => {
    tree.fips('1').write('/usr/bin/kubelet', 'binary').link('/usr/bin/runc', 'runc').write(CA, 'garbage');
    const subjects = ['kubelet', 'runc', 'kubeadm'].map(subject);
    const scan = async (): Promise<string[]> => {
      const input = scanning(subjects);
      return (await measurementsOf(input)).map((measurement) => encodeMeasurement(measurement).digest);
    };
    expect(await scan()).toEqual(await scan());
  });

  it('comes in the order of ids, if it was asked in that order', async () => {
    const subjects = ['containerd', 'kubelet'].map(subject);
    const input = scanning(subjects);
    const ids = (await measurementsOf(input)).map((measurement) => subjectId(measurement.subject));
    expect(ids).toEqual([...ids].sort());
  });

  it('of a root that is gone is all unreadable', async () => {
    const measurements = await measurementsOf({ ...scanning([subject('kubelet')]), hostRoot: tree.at('/gone') });
    const platform = measurements.find(({ subject }) => subjectId(subject) === 'host:platform');
    expect(
      measurements.filter((measurement) => measurement !== platform).map(({ observed }) => observed.state),
    ).toEqual(['unreadable', 'unreadable', 'unreadable']);
    if (platform?.observed.state !== 'platform') throw new Error('no platform');
    expect(judgePlatform(platform.observed.platform)).toMatchObject({ system: null, fips: { state: 'unknown' } });
  });

  it('looks only at what it is about', async () => {
    tree.write('/usr/bin/kubelet', 'binary').write('/usr/bin/runc', 'other');
    const all = scanning(['kubelet', 'runc'].map(subject));
    const ids = async (scope: Scope): Promise<string[]> =>
      (await measurementsOf({ ...all, scope })).map((measurement) => subjectId(measurement.subject));
    expect(await ids(new Map([['file', new Set(['runc'])]]))).toEqual(['file:runc:/usr/bin/runc']);
    expect(await ids(new Map([['host', 'all']]))).toEqual(['host:etcd-ca', 'host:kubernetes-ca', 'host:platform']);
    expect(await ids(new Map())).toEqual([]);
  });

  it('asks for the capabilities of a file once, again if it changed, and whenever somebody asks', async () => {
    tree.write('/usr/bin/kubelet', 'binary');
    let asked = 0;
    const capabilityMemory = new CapabilityMemory(() => Promise.resolve(`cap_chown=${'p'.repeat(++asked)}`));
    const files = new Map([['file', 'all']] as const);
    const scan = async (fresh: boolean): Promise<unknown> => {
      const input = { ...scanning([subject('kubelet')]), scope: files, capabilityMemory, fresh };
      return (await measurementsOf(input)).map(({ observed }) => observed);
    };
    expect(await scan(false)).toMatchObject([{ capabilities: 'cap_chown=p' }]);
    expect(await scan(false)).toMatchObject([{ capabilities: 'cap_chown=p' }]);
    chmodSync(tree.at('/usr/bin/kubelet'), 0o700);
    expect(await scan(false)).toMatchObject([{ capabilities: 'cap_chown=pp' }]);
    expect(await scan(true)).toMatchObject([{ capabilities: 'cap_chown=ppp' }]);
  });

  it('says when each look began, before anything of it was read', async () => {
    tree.write('/usr/bin/kubelet', Buffer.alloc(1024 * 1024));
    const before = systemClock.monotonic();
    const { looks } = await measureHost(scanning(['kubelet', 'kubeadm'].map(subject)));
    const times = looks.map(({ beganAt }) => beganAt);
    expect(times[0]).toBeGreaterThanOrEqual(before);
    expect(times).toEqual([...times].sort((a, b) => a - b));
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
    const input = { ...scanning(['kubelet', 'kubeadm'].map(subject)), pause, signal: stop.signal };
    await expect(measureHost(input)).rejects.toMatchObject({ code: 'request.cancelled' });
    expect(pauses).toBeGreaterThan(0);
  });
});

function digest(character: string): Digest {
  return `sha256:${character.repeat(64)}`;
}
