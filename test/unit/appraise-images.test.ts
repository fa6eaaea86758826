import { appraise } from '@sealwatch/shared/appraisal/appraise.js';
import { evaluate } from '@sealwatch/shared/appraisal/evaluate.js';
import type { Finding } from '@sealwatch/shared/appraisal/finding.js';
import { imageResult } from '@sealwatch/shared/check/image-result.js';
import type { ImageComponent } from '@sealwatch/shared/manifest/manifest-component.js';
import type { ImageMeasurement, RunningContainer } from '@sealwatch/shared/measurement/image-measurement.js';
import {
  decodeMeasurement,
  encodeMeasurement,
  MAX_BODY_BYTES,
} from '@sealwatch/shared/measurement/measurement-body.js';
import { describe, expect, it } from 'vitest';
import { component, goodMeasurements, manifest, world, type WorldChanges } from '../fakes/appraisal-world.js';
import { plainDigest } from '../fakes/check-results.js';
import {
  ETCD_REFERENCE,
  etcdImage,
  etcdPod,
  runningEtcd,
  seenEtcd,
  settings,
  storedEtcd,
} from '../fakes/image-measurements.js';

const SUBJECT = 'image:etcd';

function listing(...images: ImageComponent[]): ReturnType<typeof manifest>[] {
  const files = [
    component('kubelet', { digest: plainDigest('a') }),
    component('containerd', { digest: plainDigest('b'), paths: ['/usr/bin/containerd', '/usr/local/bin/containerd'] }),
  ];
  if (images.length === 0) return [manifest('1', { components: files })];
  return images.map((image, i) => manifest(String(i + 1), { components: [...files, image] }));
}

function findings(measurement: ImageMeasurement | undefined, changes: WorldChanges = {}): Finding[] {
  const context = world({
    manifests: listing(etcdImage()),
    ...changes,
    policy: { require: ['file', 'image', 'host'], ...changes.policy },
  });
  const all = [...goodMeasurements(), ...(measurement === undefined ? [] : [measurement])];
  return appraise(all, context).filter(({ subject }) => subject === SUBJECT || subject === 'component:etcd');
}

function codes(measurement: ImageMeasurement | undefined, changes: WorldChanges = {}): string[] {
  return [...new Set(findings(measurement, changes).map(({ code }) => code))];
}

function verdict(measurement: ImageMeasurement | undefined, changes: WorldChanges = {}): string {
  return evaluate(findings(measurement, changes), world().release.policy).verdict;
}

describe('an image component as it should be', () => {
  it('has no finding', () => {
    expect(findings(seenEtcd())).toEqual([]);
  });

  it('may be called by any of its names, with whatever they leave out', () => {
    const changes = { manifests: listing(etcdImage({ references: ['etcd:3.4'] })) };
    const image = 'docker.io/library/etcd:3.4';
    const seen = seenEtcd({ stored: [storedEtcd({ names: [image] })], pods: [etcdPod({ image })] });
    expect(findings(seen, changes)).toEqual([]);
  });

  it('is the same image under another manifest: repackaged, or from an archive without one', () => {
    const seen = seenEtcd({ stored: [storedEtcd({ target: plainDigest('8') })] });
    expect(findings(seen)).toEqual([]);
  });

  it('needs no stored layers while its executables are the signed ones', () => {
    expect(findings(seenEtcd({ stored: [storedEtcd({ layersNotStored: 3 })] }))).toEqual([]);
  });

  it('may have a link that was pointed to another executable of its own', () => {
    const unpacked = runningEtcd().unpacked;
    if (unpacked === null || !('length' in unpacked)) throw new Error('no files');
    const changed = unpacked.map((file) =>
      file.path === '/bin/sh' ? { path: file.path, digest: plainDigest('1'), shadowing: false } : file,
    );
    expect(findings(seenEtcd({ containers: [runningEtcd({ unpacked: changed })] }))).toEqual([]);
  });

  it('may lie beside other images and stopped containers', () => {
    const other = storedEtcd({ names: ['docker.io/library/busybox:1'], config: plainDigest('7') });
    expect(findings(seenEtcd({ stored: [storedEtcd(), other] }))).toEqual([]);
  });
});

describe('what containerd stores', () => {
  it.each([
    ['missing', 'image.blob-damaged', 'noncompliant'],
    ['size', 'image.blob-damaged', 'noncompliant'],
    ['digest', 'image.blob-damaged', 'noncompliant'],
    ['diff-id', 'image.blob-damaged', 'noncompliant'],
    ['inflates-too-far', 'image.blob-damaged', 'noncompliant'],
    ['unreadable', 'image.blob-unreadable', 'unknown'],
  ] as const)('with a layer that is %s is %s', (fault, code, expected) => {
    const faults = [{ blob: 'layer', digest: plainDigest('e'), fault, found: 'as the test says' }] as const;
    const seen = seenEtcd({ stored: [storedEtcd({ faults })] });
    expect(codes(seen)).toEqual([code]);
    expect(verdict(seen)).toBe(expected);
  });

  it('counts when it is only in use, under no name at all', () => {
    const faults = [{ blob: 'layer', digest: plainDigest('e'), fault: 'digest', found: 'x' }] as const;
    expect(codes(seenEtcd({ stored: [storedEtcd({ names: [], faults })] }))).toEqual(['image.blob-damaged']);
  });

  it('under a name of the component must be a listed image', () => {
    const retagged = storedEtcd({ config: plainDigest('7'), target: plainDigest('6') });
    expect(findings(seenEtcd({ stored: [retagged] }))).toEqual([
      {
        code: 'image.retagged',
        subject: SUBJECT,
        expected: plainDigest('c'),
        observed: `${ETCD_REFERENCE}: ${plainDigest('7')}`,
      },
    ]);
  });

  it('whose config can not be told is unknown', () => {
    expect(codes(seenEtcd({ stored: [storedEtcd({ config: null })] }))).toEqual(['image.unreadable']);
  });
});

describe('a running container', () => {
  it('from an unlisted image fails, whatever it is called', () => {
    const container = runningEtcd({ config: plainDigest('7'), unpacked: null });
    expect(findings(seenEtcd({ containers: [container] }))).toContainEqual({
      code: 'image.unlisted',
      subject: SUBJECT,
      expected: plainDigest('c'),
      observed: `${ETCD_REFERENCE}: ${plainDigest('7')}`,
    });
  });

  it('whose image can not be told is unknown', () => {
    expect(codes(seenEtcd({ containers: [runningEtcd({ config: null })] }))).toEqual(['image.unreadable']);
  });

  it.each([
    [{ path: '/usr/local/bin/etcd', digest: plainDigest('7'), shadowing: false }, 'image.file-mismatch'],
    [{ path: '/usr/local/bin/etcd', digest: plainDigest('1'), shadowing: true }, 'image.file-shadowed'],
    [{ path: '/usr/local/bin/etcd', problem: 'absent' }, 'image.file-missing'],
    [{ path: '/usr/local/bin/etcd', problem: 'input/output error (EIO)' }, 'image.unpacked-unreadable'],
  ])('with %j is %s', (file, code) => {
    const unpacked = runningEtcd().unpacked;
    if (unpacked === null || !('length' in unpacked)) throw new Error('no files');
    const changed = [...unpacked.filter(({ path }) => path !== file.path), file];
    expect(codes(seenEtcd({ containers: [runningEtcd({ unpacked: changed })] }))).toEqual([code]);
  });

  it.each([[[]], [null]])('that leaves out its files is unknown: %j', (unpacked) => {
    expect(codes(seenEtcd({ containers: [runningEtcd({ unpacked })] }))).toEqual(['evidence.missing']);
  });

  it('on a snapshotter nobody can read is unknown', () => {
    const unpacked = { state: 'unreadable', reason: 'snapshotter zfs' } as const;
    expect(codes(seenEtcd({ containers: [runningEtcd({ unpacked })] }))).toEqual(['image.unpacked-unreadable']);
  });

  it.each([
    ['another program of the image', { executable: '/bin/sh', digest: plainDigest('3') }, 'container.process'],
    ['a foreign program', { executable: '/tmp/x', digest: plainDigest('7') }, 'container.process'],
    ['one that can not be read', { state: 'unreadable', reason: 'EACCES' }, 'container.process-unreadable'],
  ] as const)('whose first process is %s is seen', (_, process, code) => {
    expect(codes(seenEtcd({ containers: [runningEtcd({ process })] }))).toEqual([code]);
  });

  it('whose first process nobody saw is unknown: one that has ended is not reported', () => {
    const unseen = seenEtcd({ containers: [runningEtcd({ process: null })] });
    expect(codes(unseen)).toEqual(['container.process-unreadable']);
    expect(verdict(unseen)).toBe('unknown');
  });

  it('beside one of another listed image is a warning', () => {
    const newer = etcdImage({ digest: plainDigest('8') });
    const seen = seenEtcd({ containers: [runningEtcd(), runningEtcd({ config: plainDigest('8') })] });
    expect(codes(seen, { manifests: listing(etcdImage(), newer) })).toEqual(['image.mixed']);
    expect(verdict(seen, { manifests: listing(etcdImage(), newer) })).toBe('compliant');
  });
});

describe.each([
  ['container', (changes: object) => seenEtcd({ containers: [runningEtcd({ settings: settings(changes) })] })],
  ['static pod', (changes: object) => seenEtcd({ pods: [etcdPod({ settings: settings(changes) })] })],
] as const)('the settings of a %s', (_, seen) => {
  it.each([['/bin/sh'], ['sh'], ['/tmp/etcd'], ['./etcd']])('may not start %s', (command) => {
    expect(codes(seen({ arguments: [command] }))).toEqual(['container.command']);
  });

  it.each([['etcd'], ['/usr/local/bin/etcd']])('may start %s', (command) => {
    expect(codes(seen({ arguments: [command, '--anything'] }))).toEqual([]);
  });

  it('may not set what bends cryptography, unless the image itself does', () => {
    const measurement = seen({ variables: ['GODEBUG=fips140=off'] });
    expect(codes(measurement)).toEqual(['container.variable']);
    const allowed = listing(etcdImage({ variables: ['GODEBUG=fips140=off'] }));
    expect(codes(measurement, { manifests: allowed })).toEqual([]);
  });

  it.each([['/usr/local/bin/etcd'], ['/usr/local/bin'], ['/usr/local/bin/'], ['/usr'], ['/']])(
    'may not mount anything at %s',
    (destination) => {
      const mounts = [{ destination, source: '/tmp/x', type: 'bind' }];
      expect(codes(seen({ mounts }))).toEqual(['container.mount']);
    },
  );

  it.each([['/usr/local/bin/etcdctl'], ['/usr/local/b'], ['/etc/ssl/certs']])(
    'may mount something at %s',
    (destination) => {
      expect(codes(seen({ mounts: [{ destination, source: '/x', type: 'bind' }] }))).toEqual([]);
    },
  );
});

describe('a command that is a link', () => {
  const linked = (path: string | null, config = plainDigest('c')): RunningContainer =>
    runningEtcd({ config, settings: settings({ arguments: ['/bin/etcd'] }), commandPath: path });
  const pods = [etcdPod({ settings: settings({ arguments: ['/bin/etcd'] }) })];

  it('may be started if it leads to an allowed program of the same image, from a pod too', () => {
    expect(codes(seenEtcd({ containers: [linked('/usr/local/bin/etcd')], pods }))).toEqual([]);
  });

  it('may not if it leads to another one or nobody saw where it leads', () => {
    for (const path of ['/bin/sh', null]) {
      expect(codes(seenEtcd({ containers: [linked(path)], pods: [] }))).toEqual(['container.command']);
      expect(codes(seenEtcd({ containers: [runningEtcd(), linked(path)], pods }))).toEqual(['container.command']);
    }
    const [found] = findings(seenEtcd({ containers: [linked('/bin/sh')], pods: [] }));
    expect(found?.observed).toContain('/bin/etcd (/bin/sh)');
  });

  it('in a static pod is not told by a container of another image', () => {
    const other = linked('/usr/local/bin/etcd', plainDigest('7'));
    expect(codes(seenEtcd({ containers: [other], pods }))).toContain('container.command');
  });
});

describe('a static pod', () => {
  it.each([
    ['registry.k8s.io/etcd:3.5.0', false],
    ['evil.example/etcd:3.4.13-0', false],
    [`registry.k8s.io/etcd@${plainDigest('d')}`, true],
    [`registry.k8s.io/etcd@${plainDigest('7')}`, false],
    [`evil.example/etcd@${plainDigest('d')}`, false],
    ['no reference!', false],
  ])('that names %s is right: %s', (image, right) => {
    expect(codes(seenEtcd({ pods: [etcdPod({ image })] }))).toEqual(right ? [] : ['pod.image']);
  });

  it('that can not be read is unknown', () => {
    const broken = { state: 'unreadable', reason: 'no YAML' } as const;
    expect(codes(seenEtcd({ pods: [etcdPod({ settings: broken })] }))).toEqual(['container.settings-unreadable']);
  });
});

describe('a component that should be there', () => {
  it('and has neither container nor image fails', () => {
    expect(codes(seenEtcd({ stored: [], containers: [], pods: [] }))).toEqual(['image.missing']);
  });

  it('and does not run just now is a warning while its image is here', () => {
    expect(codes(seenEtcd({ containers: [] }))).toEqual(['image.not-running']);
    expect(verdict(seenEtcd({ containers: [] }))).toBe('compliant');
  });

  it('on a host without containerd, or with one that does not answer, is unknown', () => {
    for (const observed of [{ state: 'absent' }, { state: 'unreadable', reason: 'hangs' }] as const) {
      const measurement = { subject: { kind: 'image', component: 'etcd' }, observed } as const;
      expect(codes(measurement)).toEqual(['containerd.unavailable']);
      expect(verdict(measurement)).toBe('unknown');
    }
  });

  it('and was not measured is unknown', () => {
    expect(codes(undefined)).toEqual(['evidence.missing']);
  });

  it('and is in no manifest fails', () => {
    expect(codes(undefined, { manifests: listing() })).toEqual(['component.unlisted']);
  });
});

describe('image evidence', () => {
  it('is asked of no host whose policy does not require it', () => {
    expect(codes(undefined, { policy: { require: ['file', 'host'] } })).toEqual([]);
  });

  it('of a component the role does not have matters only where it is', () => {
    const nowhere = { subject: { kind: 'image', component: 'etcd' }, observed: { state: 'absent' } } as const;
    expect(codes(nowhere, { role: 'worker' })).toEqual([]);
    const bad = seenEtcd({ containers: [runningEtcd({ config: plainDigest('7') })] });
    expect(codes(bad, { role: 'worker' })).toContain('image.unlisted');
  });

  it('travels unchanged, with as many executables as a manifest may list', () => {
    const unpacked = Array.from({ length: 2000 }, (_, i) => ({
      path: `/usr/lib/${String(i)}.so`,
      digest: plainDigest('a'),
      shadowing: false,
    }));
    for (const measurement of [seenEtcd(), seenEtcd({ containers: [runningEtcd({ unpacked })] })]) {
      const body = encodeMeasurement(measurement);
      expect(body.bytes.length).toBeLessThan(MAX_BODY_BYTES);
      expect(decodeMeasurement(body.bytes)).toEqual(measurement);
    }
  });
});

describe('the line of an image component', () => {
  const line = (measurement: ImageMeasurement | undefined, listed = [etcdImage()], required = true): string => {
    const result = imageResult({ component: 'etcd', measurement, findings: [], listed, required });
    return result === undefined ? 'none' : `${result.label} ${result.statement} | ${result.status}`;
  };

  it("is the seed's for one that is signed", () => {
    expect(line(seenEtcd())).toBe('etcd [image] Signature Validated | ok');
    expect(line(seenEtcd({ containers: [] }))).toBe('etcd [image] Signature Validated | ok');
  });

  it('never says so of anything else, though no finding stands against it', () => {
    const unlisted = seenEtcd({ containers: [runningEtcd({ config: plainDigest('7') })] });
    expect(line(unlisted)).toBe('etcd [image] Signature Invalid | unknown');
    expect(line(seenEtcd(), [])).toBe('etcd [image] Signature Invalid | unknown');
    expect(line(seenEtcd({ containers: [runningEtcd({ unpacked: [] })] }))).toContain('Invalid | unknown');
    expect(line(seenEtcd({ containers: [], stored: [storedEtcd({ config: plainDigest('7') })] }))).toContain('Invalid');
    expect(line(seenEtcd({ containers: [], stored: [], pods: [] }))).toBe('etcd [image] Missing | unknown');
    expect(line(undefined)).toBe('etcd [image] Not Measured | unknown');
  });

  it('is left out where the role does not have it and the host neither', () => {
    expect(line(undefined, [etcdImage()], false)).toBe('none');
    expect(line(seenEtcd({ containers: [], stored: [], pods: [] }), [etcdImage()], false)).toBe('none');
  });

  it('notes what is no finding', () => {
    const other = storedEtcd({ names: ['etcd:old'], config: plainDigest('7') });
    const measurement = seenEtcd({ stored: [storedEtcd({ layersNotStored: 2 }), other] });
    const result = imageResult({ component: 'etcd', measurement, findings: [], listed: [etcdImage()], required: true });
    expect(result?.notes).toEqual([
      `2 layers of ${ETCD_REFERENCE} are not stored: containerd discards what it has unpacked`,
      'etcd:old is no signed image, and not in use',
    ]);
  });
});
