import { appraise } from '@sealwatch/shared/appraisal/appraise.js';
import { evaluate } from '@sealwatch/shared/appraisal/evaluate.js';
import type { FileObservation } from '@sealwatch/shared/measurement/file-measurement.js';
import type { HostMeasurement } from '@sealwatch/shared/measurement/host-measurement.js';
import type { Measurement } from '@sealwatch/shared/measurement/measurement.js';
import { value, valueOf } from '@sealwatch/shared/platform/fact.js';
import { subjectId } from '@sealwatch/shared/subject/subject.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CA,
  component,
  file,
  goodMeasurements,
  host,
  INCEPTION_AT,
  manifest,
  present,
  world,
  type WorldChanges,
} from '../fakes/appraisal-world.js';
import { plainDigest } from '../fakes/check-results.js';
import { FIPS_HOST, NON_FIPS_HOST, platformMeasurement } from '../fakes/platform-observations.js';

/** `code subject` of every finding. */
function codes(measurements: readonly Measurement[], changes: WorldChanges = {}): string[] {
  return appraise(measurements, world(changes)).map(({ code, subject }) => `${code} ${subject}`);
}

/** The good host with the one subject it has measured otherwise. */
function otherwise(...changed: Measurement[]): Measurement[] {
  const ids = new Set(changed.map(({ subject }) => subjectId(subject)));
  return [...goodMeasurements().filter(({ subject }) => !ids.has(subjectId(subject))), ...changed];
}

function without(id: string): Measurement[] {
  return goodMeasurements().filter(({ subject }) => subjectId(subject) !== id);
}

const KUBELET = 'file:kubelet:/usr/bin/kubelet';
const MISSING = '/usr/bin/containerd or /usr/local/bin/containerd';

describe('a host that is as the publisher signed it', () => {
  it('has no findings', () => {
    expect(codes(goodMeasurements())).toEqual([]);
  });

  it('may have a component at any of its paths, and at several', () => {
    const local = '/usr/local/bin/containerd';
    const there = file('containerd', present(plainDigest('b'), local), local);
    expect(codes(otherwise(there))).toEqual([]);
    expect(codes(otherwise(there, file('containerd', { state: 'absent' })))).toEqual([]);
  });

  it('may lack what its role does not need, and is judged for what it has all the same', () => {
    const absent = [file('kubelet', { state: 'absent' }), file('containerd', { state: 'absent' })];
    expect(codes(otherwise(...absent), { role: 'worker' })).toEqual([]);
    const forged = file('kubelet', present(plainDigest('f'), '/usr/bin/kubelet'));
    expect(codes(otherwise(forged), { role: 'worker' })).toEqual([`file.digest-mismatch ${KUBELET}`]);
  });
});

describe('each deviation of a file has its finding', () => {
  it.each<[string, FileObservation, string]>([
    ['other bytes', present(plainDigest('f'), '/usr/bin/kubelet'), 'file.digest-mismatch'],
    ["another component's bytes", present(plainDigest('b'), '/usr/bin/kubelet'), 'file.digest-mismatch'],
    ['a link to elsewhere', present(plainDigest('a'), '/tmp/kubelet'), 'file.redirected'],
    ['nothing', { state: 'absent' }, 'file.missing'],
    ['a directory', { state: 'not-regular', fileType: 'directory' }, 'file.not-regular'],
    ['no right to read', { state: 'unreadable', reason: 'EACCES' }, 'file.unreadable'],
  ])('%s', (_, observed, code) => {
    expect(codes(otherwise(file('kubelet', observed)))).toEqual([`${code} ${KUBELET}`]);
  });

  it('and both, if a link leads to other bytes', () => {
    const observed = present(plainDigest('f'), '/tmp/kubelet');
    expect(codes(otherwise(file('kubelet', observed)))).toEqual([
      `file.digest-mismatch ${KUBELET}`,
      `file.redirected ${KUBELET}`,
    ]);
  });

  it('a component that is at none of its paths is missing once, and all of them are named', () => {
    const findings = appraise(otherwise(file('containerd', { state: 'absent' })), world());
    expect(findings).toEqual([
      {
        code: 'file.missing',
        subject: 'file:containerd:/usr/bin/containerd',
        expected: MISSING,
        observed: 'absent',
      },
    ]);
  });

  it('a good file in one place does not excuse a bad one in the other', () => {
    const path = '/usr/local/bin/containerd';
    expect(codes(otherwise(file('containerd', present(plainDigest('f'), path), path)))).toEqual([
      `file.digest-mismatch file:containerd:${path}`,
    ]);
  });

  it('a path that was not measured is missing evidence, whether the role needs it or not', () => {
    expect(codes(without(KUBELET))).toEqual([`evidence.missing ${KUBELET}`]);
    expect(codes(without(KUBELET), { role: 'worker' })).toEqual([`evidence.missing ${KUBELET}`]);
  });

  it('says what was signed and what was found', () => {
    const forged = file('kubelet', present(plainDigest('f'), '/usr/bin/kubelet'));
    expect(appraise(otherwise(forged), world())[0]).toMatchObject({
      expected: plainDigest('a'),
      observed: plainDigest('f'),
    });
  });
});

describe('capabilities of files that could not be asked', () => {
  const unasked = (name: string, letter: string, reason: string): Measurement => ({
    ...file(name, {
      ...present(plainDigest(letter), `/usr/bin/${name}`),
      capabilities: { state: 'unreadable', reason },
    }),
  });

  it('of any of them are said once, of the host', () => {
    const all = otherwise(
      unasked('kubelet', 'a', 'there is no getcap'),
      unasked('containerd', 'b', 'there is no getcap'),
    );
    expect(codes(all)).toEqual(['file.capabilities-unknown host']);
  });

  it('of one of them are said of that one', () => {
    expect(codes(otherwise(unasked('kubelet', 'a', 'timed out')))).toEqual([`file.capabilities-unknown ${KUBELET}`]);
  });
});

describe('a component the role requires and nobody signed', () => {
  const components = { 'control-plane': { runc: 'file', kubelet: 'file' } } as const;

  it('is unlisted', () => {
    expect(codes(goodMeasurements(), { policy: { components } })).toEqual(['component.unlisted component:runc']);
  });

  it('is not looked for if it is an image, or the policy wants no files', () => {
    const images = { 'control-plane': { runc: 'image' } } as const;
    expect(codes(goodMeasurements(), { policy: { components: images } })).toEqual([]);
    expect(codes(goodMeasurements(), { policy: { components, require: ['host'] } })).toEqual([]);
  });
});

describe('manifests and their time', () => {
  const next = manifest('2', { components: [component('kubelet', { digest: plainDigest('e') })] });
  const until = { from: '2026-01-01T00:00:00.000Z', until: '2026-11-23T12:00:00.000Z' };
  const from = { from: '2026-11-23T08:00:00.000Z', until: null };
  const overlap: WorldChanges = { manifests: [manifest('1'), next], windows: [until, from] };
  const old = goodMeasurements();
  const updated = otherwise(file('kubelet', present(plainDigest('e'), '/usr/bin/kubelet')));

  it('in a change window the old and the new file are good', () => {
    expect(codes(old, overlap)).toEqual([]);
    expect(codes(updated, overlap)).toEqual([]);
  });

  it('before it only the old one, after it only the new one', () => {
    const before = { ...overlap, at: '2026-11-23T07:59:59.999Z' };
    const first = { ...overlap, at: '2026-11-23T08:00:00.000Z' };
    const after = { ...overlap, at: '2026-11-23T12:00:00.000Z', policy: { components: {} } };
    expect(codes(old, before)).toEqual([]);
    expect(codes(updated, before)).toEqual([`file.digest-mismatch ${KUBELET}`]);
    expect(codes(updated, first)).toEqual([]);
    expect(codes(updated, after)).toEqual([]);
    expect(codes(old, after)).toEqual([`file.digest-mismatch ${KUBELET}`]);
  });

  it('each vouches for a file only at the paths it names itself', () => {
    const elsewhere = component('kubelet', { digest: plainDigest('e'), paths: ['/opt/kubelet'] });
    const both = { manifests: [manifest('1'), manifest('2', { components: [elsewhere] })] };
    const absent = file('kubelet', { state: 'absent' }, '/opt/kubelet');
    expect(codes([...old, absent], both)).toEqual([]);
    expect(codes([...updated, absent], both)).toEqual([`file.digest-mismatch ${KUBELET}`]);
  });

  it('one that expired is a finding and vouches for nothing', () => {
    const expired = [manifest('1', { notAfter: '2026-11-23T09:30:00.000Z' })];
    expect(codes(old, { manifests: expired })).toEqual([
      'component.unlisted component:containerd',
      'component.unlisted component:kubelet',
      'manifest.expired manifest:manifest-1',
    ]);
  });

  it('one that is not valid yet neither', () => {
    const early = [manifest('1', { notBefore: '2026-11-23T09:30:00.001Z' })];
    expect(codes(old, { manifests: early, policy: { components: {} } })).toEqual([
      'manifest.not-yet-valid manifest:manifest-1',
    ]);
  });

  it('one that expired beside a valid one is still a finding', () => {
    const expired = manifest('2', { notAfter: '2026-11-01T00:00:00.000Z' });
    expect(codes(old, { manifests: [manifest('1'), expired] })).toEqual(['manifest.expired manifest:manifest-2']);
  });

  it('one the release does not name counts for nothing', () => {
    const context = world({ manifests: [manifest('1'), next], windows: [] });
    const release = { ...context.release, manifests: context.release.manifests.slice(0, 1) };
    expect(appraise(updated, { ...context, release }).map(({ code }) => code)).toEqual(['file.digest-mismatch']);
  });

  it('without any, everything required is unlisted', () => {
    expect(codes(old, { manifests: [] })).toEqual([
      'component.unlisted component:containerd',
      'component.unlisted component:kubelet',
    ]);
  });
});

const DEBIAN = value({ id: 'debian', versionId: '12', name: 'Debian', prettyName: 'Debian 12', platformId: '' });

describe('the host itself', () => {
  const ca = (changes: Partial<Extract<HostMeasurement['observed'], { state: 'authority' }>>): Measurement =>
    host('kubernetes-ca', { ...CA, ...changes });
  const wrongPlatform = host('platform', CA);
  const wrongCa = host('kubernetes-ca', { state: 'platform', platform: FIPS_HOST });
  const unreadable = { state: 'unreadable', reason: 'EIO' } as const;

  it.each<[string, Measurement, string]>([
    ['FIPS mode off', platformMeasurement(NON_FIPS_HOST), 'host.fips-disabled host:platform'],
    ['a kernel that left it', platformMeasurement({ fipsEnabled: value('0') }), 'host.fips-inconsistent host:platform'],
    ['an odd FIPS value', platformMeasurement({ fipsEnabled: value('11') }), 'host.fips-unreadable host:platform'],
    [
      'an unreadable FIPS state',
      platformMeasurement({ fipsEnabled: unreadable }),
      'host.fips-unreadable host:platform',
    ],
    ['another system', platformMeasurement({ osRelease: DEBIAN }), 'host.unsupported-os host:platform'],
    ['an unreadable platform', host('platform', unreadable), 'host.fips-unreadable host:platform'],
    ['no platform at all', host('platform', { state: 'absent' }), 'host.fips-unreadable host:platform'],
    ['a certificate in its place', wrongPlatform, 'host.fips-unreadable host:platform'],
    ['an unreadable authority', host('etcd-ca', unreadable), 'cluster.taint-unknown host:etcd-ca'],
    ['a platform in its place', wrongCa, 'cluster.taint-unknown host:kubernetes-ca'],
    ['an older authority', ca({ notBefore: '2026-10-31T23:49:59.999Z' }), 'cluster.tainted host:kubernetes-ca'],
    ['one seen in standard mode', ca({ seenUnderStandard: plainDigest('5') }), 'cluster.tainted host:kubernetes-ca'],
  ])('%s is a finding', (_, measurement, expected) => {
    expect(codes(otherwise(measurement))).toEqual([expected]);
  });

  it('an authority may be backdated by the ten minutes kubeadm and clocks need', () => {
    expect(codes(otherwise(ca({ notBefore: '2026-10-31T23:50:00.000Z' })))).toEqual([]);
    expect(codes(otherwise(ca({ notBefore: INCEPTION_AT })))).toEqual([]);
  });

  it('an adopted cluster may have an older authority, but none that served standard mode', () => {
    const adopted = { inception: { adopted: { reason: 'ran before' } } };
    expect(codes(otherwise(ca({ notBefore: '2020-01-01T00:00:00.000Z' })), adopted)).toEqual([]);
    expect(codes(otherwise(ca({ seenUnderStandard: plainDigest('5') })), adopted)).toEqual([
      'cluster.tainted host:kubernetes-ca',
    ]);
  });

  it.each(['host:platform', 'host:kubernetes-ca', 'host:etcd-ca'])('%s not measured is missing evidence', (id) => {
    expect(codes(without(id))).toEqual([`evidence.missing ${id}`]);
  });

  it('is not judged where the policy does not ask, or the whole cluster is in standard mode', () => {
    const off = otherwise(platformMeasurement(NON_FIPS_HOST));
    expect(codes(off, { policy: { require: ['file'] } })).toEqual([]);
    expect(codes(off, { inception: { mode: 'standard' } })).toEqual([]);
  });
});

describe('appraisal', () => {
  it('gives the same findings in the same order however the measurements are ordered', () => {
    const bad = otherwise(
      file('kubelet', present(plainDigest('f'), '/tmp/kubelet')),
      platformMeasurement(NON_FIPS_HOST),
      host('etcd-ca', { state: 'unreadable', reason: 'EIO' }),
    );
    fc.assert(
      fc.property(fc.shuffledSubarray(bad, { minLength: bad.length }), (shuffled) => {
        expect(appraise(shuffled, world())).toEqual(appraise(bad, world()));
      }),
    );
  });

  it('never lets a measurement other than the signed state pass', () => {
    fc.assert(
      fc.property(deviation, (measurements) => {
        const { verdict, findings } = evaluate(appraise(measurements, world()), world().release.policy);
        expect(findings).not.toEqual([]);
        expect(verdict).not.toBe('compliant');
      }),
      { numRuns: 2000 },
    );
  });

  it('never throws, whatever was measured', () => {
    const anything = fc.array(fc.oneof(anyFile, anyHost));
    fc.assert(fc.property(anything, (measurements) => void appraise(measurements, world())));
  });
});

const anyDigest = fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}` as const);
const anyTime = fc.integer({ min: 0, max: Date.parse('2030-01-01') }).map((wall) => new Date(wall).toISOString());
const anyUnreadable = fc.string().map((reason) => ({ state: 'unreadable', reason }) as const);
const anyPath = fc.constantFrom('/usr/bin/kubelet', '/tmp/kubelet', '/usr/bin/Kubelet', '/usr/bin/kubelet ');

const anyObservation: fc.Arbitrary<FileObservation> = fc.oneof(
  fc.tuple(fc.oneof(anyDigest, fc.constant(plainDigest('a'))), anyPath).map(([digest, path]) => present(digest, path)),
  fc.constant({ state: 'absent' } as const),
  fc.constantFrom('directory', 'fifo', 'symlink-loop').map((fileType) => ({ state: 'not-regular', fileType }) as const),
  anyUnreadable,
);
const anyHostObservation: fc.Arbitrary<HostMeasurement['observed']> = fc.oneof(
  fc
    .string()
    .map(
      (fipsEnabled) => ({ state: 'platform', platform: { ...FIPS_HOST, fipsEnabled: value(fipsEnabled) } }) as const,
    ),
  fc
    .record({ digest: anyDigest, notBefore: anyTime, seenUnderStandard: fc.option(anyDigest) })
    .map((authority) => ({ state: 'authority', ...authority }) as const),
  fc.constant({ state: 'absent' } as const),
  anyUnreadable,
);
const anyFile = anyObservation.map((observed) => file('kubelet', observed));
const anyHost = fc
  .tuple(fc.constantFrom('platform', 'kubernetes-ca', 'etcd-ca'), anyHostObservation)
  .map(([aspect, observed]) => host(aspect, observed));

/** A good host but for one subject, which is anything a host could send except what would be right there. */
const deviation: fc.Arbitrary<Measurement[]> = fc.oneof(
  fc.constantFrom(...goodMeasurements().map(({ subject }) => without(subjectId(subject)))),
  anyFile.filter((measurement) => !isSigned(measurement.observed)).map((measurement) => otherwise(measurement)),
  anyHost.filter((measurement) => !isRight(measurement)).map((measurement) => otherwise(measurement)),
);

function isSigned(observed: FileObservation): boolean {
  return (
    observed.state === 'present' && observed.digest === plainDigest('a') && observed.realPath === '/usr/bin/kubelet'
  );
}

function isRight({ subject, observed }: HostMeasurement): boolean {
  if (subject.aspect === 'platform') {
    return observed.state === 'platform' && valueOf(observed.platform.fipsEnabled) === '1';
  }
  if (observed.state === 'absent') return true;
  const limit = Date.parse(INCEPTION_AT) - 600_000;
  return (
    observed.state === 'authority' && observed.seenUnderStandard === null && Date.parse(observed.notBefore) >= limit
  );
}
