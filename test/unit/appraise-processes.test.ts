import { appraise } from '@sealwatch/shared/appraisal/appraise.js';
import { evaluate } from '@sealwatch/shared/appraisal/evaluate.js';
import type { Finding } from '@sealwatch/shared/appraisal/finding.js';
import { decodeMeasurement, encodeMeasurement } from '@sealwatch/shared/measurement/measurement-body.js';
import type { ProcessMeasurement } from '@sealwatch/shared/measurement/process-measurement.js';
import type { MappedFileFacts, MountFacts, ProcessFacts } from '@sealwatch/shared/proc/process-facts.js';
import { describe, expect, it } from 'vitest';
import { component, goodMeasurements, manifest, world, type WorldChanges } from '../fakes/appraisal-world.js';
import { plainDigest } from '../fakes/check-results.js';
import { etcdImage } from '../fakes/image-measurements.js';
import { known, kubeletFacts, mapped, processesOf, runningKubelet } from '../fakes/process-measurements.js';

const NEWER = plainDigest('8');
const FOREIGN = plainDigest('7');
const LIBC = plainDigest('5');
const KEY = '199e2f91fd431d51';

function findings(measurement: ProcessMeasurement | undefined, changes: WorldChanges = {}): Finding[] {
  const context = world({ ...changes, policy: { require: ['file', 'process', 'host'], ...changes.policy } });
  const quiet = processesOf('containerd', []);
  const all = [...goodMeasurements(), quiet, ...(measurement === undefined ? [] : [measurement])];
  const { subject } = measurement ?? { subject: { component: 'kubelet' } };
  const about = [`process:${subject.component}`, 'host'];
  return appraise(all, context).filter((finding) => about.includes(finding.subject));
}

function codes(measurement: ProcessMeasurement | undefined, changes: WorldChanges = {}): string[] {
  return findings(measurement, changes).map(({ code }) => code);
}

function verdict(measurement: ProcessMeasurement | undefined): string {
  return evaluate(findings(measurement), world().release.policy).verdict;
}

/** Both versions in force. */
const window: WorldChanges = {
  manifests: [
    manifest('1'),
    manifest('2', {
      components: [component('kubelet', { digest: NEWER }), component('containerd', { digest: plainDigest('b') })],
    }),
  ],
};

describe('a process as it should be', () => {
  it('has no finding', () => {
    expect(findings(runningKubelet())).toEqual([]);
  });

  it('need not be there: kubeadm and runc run for moments', () => {
    expect(findings(processesOf('kubelet', []))).toEqual([]);
  });

  it('of a container has its own root, libraries and variables', () => {
    const image = etcdImage({ variables: ['GODEBUG=netdns=go'] });
    const facts = kubeletFacts(
      {
        files: [
          mapped('/usr/local/bin/etcd', plainDigest('1'), { role: 'executable' }),
          mapped('/usr/lib/libc.so.6', plainDigest('2')),
        ],
        root: 'own',
        mountNamespace: known('own'),
        environment: known([{ name: 'GODEBUG', value: 'netdns=go' }]),
      },
      { path: '/usr/local/bin/etcd', digest: known(plainDigest('1')) },
    );
    const seen = processesOf('etcd', [{ state: 'running', by: 'container', facts }]);
    expect(codes(seen, { manifests: [manifest('1', { components: [image] })] })).toEqual([]);
  });
});

describe('its program', () => {
  it.each([
    ['executable', 'process.digest-mismatch'],
    ['container', 'process.digest-mismatch'],
    ['name', 'process.renamed'],
    ['unit', 'process.unit-foreign'],
  ] as const)('found by %s and unsigned is %s', (by, code) => {
    const facts = kubeletFacts({}, { digest: known(FOREIGN) });
    expect(codes(runningKubelet(facts, by))).toEqual([code]);
  });

  it('is stale, a warning, while another signed version is on disk', () => {
    const facts = kubeletFacts({}, { onDisk: { state: 'replaced', digest: NEWER } });
    expect(codes(runningKubelet(facts), window)).toEqual(['process.running-stale']);
    expect(evaluate(findings(runningKubelet(facts), window), world().release.policy).verdict).toBe('compliant');
  });

  it('fails once the version it runs is in force no more', () => {
    const facts = kubeletFacts({}, { digest: known(NEWER), onDisk: { state: 'replaced', digest: plainDigest('a') } });
    expect(codes(runningKubelet(facts))).toEqual(['process.digest-mismatch']);
  });

  it.each([
    [{ state: 'replaced', digest: FOREIGN }, 'process.running-replaced', 'noncompliant'],
    [{ state: 'hidden' }, 'process.running-replaced', 'noncompliant'],
    [{ state: 'deleted' }, 'process.running-deleted', 'noncompliant'],
    [{ state: 'memory' }, 'process.from-memory', 'noncompliant'],
    [{ state: 'unreadable', reason: 'EIO' }, 'process.unreadable', 'unknown'],
  ] as const)('with %j at its path is %s', (onDisk, code, expected) => {
    const seen = runningKubelet(kubeletFacts({}, { onDisk }));
    expect(codes(seen)).toEqual([code]);
    expect(verdict(seen)).toBe(expected);
  });
});

describe('its code in memory', () => {
  const withText = (changes: Partial<MappedFileFacts>): ProcessMeasurement =>
    runningKubelet(
      kubeletFacts({ files: [mapped('/usr/bin/kubelet', plainDigest('a'), { role: 'executable', ...changes })] }),
    );

  it('that differs from its file fails, with the place', () => {
    expect(findings(withText({ text: { state: 'different', pages: 1, firstOffset: '4096' } }))).toMatchObject([
      { code: 'process.text-modified', observed: '1 pages differ, from offset 4096 on' },
    ]);
  });

  it.each([
    [{ text: { state: 'equal', privatePages: 2 } }, 'process.text-private'],
    [{ text: { state: 'unreadable', reason: 'EIO' } }, 'process.unreadable'],
    [{ writable: true }, 'process.code-writable'],
  ] as const)('%j is %s', (changes, code) => {
    expect(codes(withText(changes))).toEqual([code]);
  });

  it('is no worse if the kernel does not tell which pages are private', () => {
    expect(codes(withText({ text: { state: 'equal', privatePages: null } }))).toEqual([]);
  });

  it.each([
    [{ anonymous: [{ name: '', writable: true }] }, 'process.anonymous-code'],
    [{ vdso: 'different' }, 'process.text-modified'],
    [{ moreFiles: true }, 'process.unreadable'],
  ] as const)('%j is %s', (changes, code) => {
    expect(codes(runningKubelet(kubeletFacts(changes)))).toEqual([code]);
  });

  it('may be compiled at run time by our own programs only', () => {
    const facts = kubeletFacts({ anonymous: [{ name: '', writable: true }] });
    const ours = processesOf('sealwatch-agent', [{ state: 'running', by: 'executable', facts }]);
    const listed = { manifests: [manifest('1', { components: [component('sealwatch-agent')] })] };
    expect(codes(ours, listed)).toEqual([]);
  });
});

describe('a library it maps', () => {
  const withLibrary = (changes: Partial<MappedFileFacts>): ProcessMeasurement =>
    runningKubelet(kubeletFacts({ files: [...kubeletFacts().files, mapped('/lib64/libc.so.6', LIBC, changes)] }));
  const owned = { state: 'owned', name: 'glibc-2.28', digest: LIBC, signer: KEY } as const;
  const trusting = { policy: { libraryKeys: [KEY] } };

  it.each([
    ['of a system directory and nobody’s', {}, 'process.library-unlisted'],
    ['from elsewhere', { systemDirectory: false }, 'process.library-foreign'],
    ['that is preloaded', { preloaded: true }, 'process.library-foreign'],
    ['of a package whose vendor the policy does not name', { package: owned }, 'process.library-unlisted'],
    ['that no package owns', { package: { state: 'unowned' } }, 'process.library-unlisted'],
    ['whose package can not be told', { package: { state: 'unreadable', reason: 'rpm' } }, 'process.unreadable'],
    ['that never was a file', { onDisk: { state: 'memory' } }, 'process.from-memory'],
  ] as const)('%s is %s', (_, changes, code) => {
    expect(codes(withLibrary(changes))).toEqual([code]);
  });

  it('of a package of a trusted vendor is good', () => {
    expect(codes(withLibrary({ package: owned }), trusting)).toEqual([]);
  });

  it.each([
    ['signed by another key', { ...owned, signer: '0000000000000000' }],
    ['signed by nobody', { ...owned, signer: null }],
    ['of other content', { ...owned, digest: FOREIGN }],
    ['without a digest', { ...owned, digest: null }],
  ])('of a package %s is untrusted', (_, packaged) => {
    expect(codes(withLibrary({ package: packaged }), trusting)).toEqual(['process.library-untrusted']);
  });

  it('that was updated on disk is stale: a warning until the restart', () => {
    const updated = withLibrary({
      package: { ...owned, digest: NEWER },
      onDisk: { state: 'replaced', digest: NEWER },
    });
    expect(codes(updated, trusting)).toEqual(['process.library-stale']);
    expect(evaluate(findings(updated, trusting), world().release.policy).verdict).toBe('compliant');
  });
});

describe('its surroundings', () => {
  const mount = (changes: Partial<MountFacts>): MountFacts => ({
    on: 'ancestor',
    seenBy: 'host',
    mountPoint: '/usr',
    fsType: 'xfs',
    root: '/',
    ...changes,
  });

  it.each([
    ['a variable', { environment: known([{ name: 'LD_PRELOAD', value: '/tmp/x.so' }]) }, 'process.environment'],
    ['ld.so.preload', { preload: known(['/tmp/x.so']) }, 'process.preload'],
    ['a tracer', { tracer: known('/usr/bin/gdb') }, 'process.traced'],
    ['another root', { root: 'own' }, 'process.namespace'],
    ['another mount namespace', { mountNamespace: known('own') }, 'process.namespace'],
    ['a mount on its path', { mounts: known([mount({ on: 'path' })]) }, 'process.mounted-over'],
    ['a bind mount above it', { mounts: known([mount({ root: '/evil' })]) }, 'process.mounted-above'],
    ['an overlay above it', { mounts: known([mount({ fsType: 'overlay' })]) }, 'process.mounted-above'],
    ['an unreadable environment', { environment: { state: 'unreadable', reason: 'EIO' } }, 'process.unreadable'],
  ] as const)('with %s: %s', (_, changes, code) => {
    expect(codes(runningKubelet(kubeletFacts(changes as Partial<ProcessFacts>)))).toEqual([code]);
  });

  it('may be a partition of its own', () => {
    expect(codes(runningKubelet(kubeletFacts({ mounts: known([mount({})]) })))).toEqual([]);
  });
});

describe('what was not seen', () => {
  it.each([
    ['no measurement', undefined, 'evidence.missing'],
    [
      'a process nobody can read',
      processesOf('kubelet', [{ state: 'unreadable', by: 'executable', reason: 'EACCES' }]),
      'process.unreadable',
    ],
    ['a host with processes nobody can read', processesOf('kubelet', [], ['EACCES']), 'process.unseen'],
  ] as const)('%s is %s', (_, measurement, code) => {
    expect(codes(measurement)).toEqual([code]);
    expect(verdict(measurement)).toBe('unknown');
  });

  it('is asked of no host whose policy does not require it', () => {
    expect(codes(undefined, { policy: { require: ['file', 'host'] } })).toEqual([]);
  });

  it('travels unchanged', () => {
    const seen = runningKubelet(kubeletFacts({ files: [mapped('/lib64/libc.so.6', LIBC)] }));
    expect(decodeMeasurement(encodeMeasurement(seen).bytes)).toEqual(seen);
  });
});
