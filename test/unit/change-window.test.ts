import { appraise } from '@sealwatch/shared/appraisal/appraise.js';
import { evaluate } from '@sealwatch/shared/appraisal/evaluate.js';
import { changeWindow } from '@sealwatch/shared/check/change-window.js';
import { checkJson, parseCheckDocument } from '@sealwatch/shared/check/check-json.js';
import type { HostResult, SubjectResult } from '@sealwatch/shared/check/check-result.js';
import { hostResult } from '@sealwatch/shared/check/host-result.js';
import { renderCheck } from '@sealwatch/shared/check/render-check.js';
import type { Measurement } from '@sealwatch/shared/measurement/measurement.js';
import { subjectId } from '@sealwatch/shared/subject/subject.js';
import { describe, expect, it } from 'vitest';
import {
  component,
  file,
  goodMeasurements,
  manifest,
  NOW,
  present,
  world,
  type WorldChanges,
} from '../fakes/appraisal-world.js';
import { checkResult, plainDigest } from '../fakes/check-results.js';
import { etcdImage, runningEtcd, seenEtcd, storedEtcd } from '../fakes/image-measurements.js';
import { modulesOf, onDisk } from '../fakes/module-measurements.js';
import { kubeletFacts, known, processesOf, runningKubelet } from '../fakes/process-measurements.js';

const [OLD, NEW] = [plainDigest('a'), plainDigest('8')];
const CONTAINERD = component('containerd', { digest: plainDigest('b') });
const OLD_ETCD = etcdImage();
const NEW_ETCD = etcdImage({ digest: plainDigest('7') });

const before = manifest('1', { components: [component('kubelet', { digest: OLD }), CONTAINERD, OLD_ETCD] });
const after = manifest('2', { components: [component('kubelet', { digest: NEW }), CONTAINERD, NEW_ETCD] });

const BEGIN = '2026-11-23T08:00:00.000Z';
const END = '2026-11-23T12:00:00.000Z';
const REQUIRE = ['file', 'image', 'process', 'module', 'host'] as const;
const change: WorldChanges = {
  manifests: [before, after],
  windows: [
    { from: '2026-01-01T00:00:00.000Z', until: END },
    { from: BEGIN, until: null },
  ],
  policy: { require: REQUIRE },
};
const [early, late] = [
  { ...change, at: '2026-11-23T07:00:00.000Z' },
  { ...change, at: END },
];

const kubelet = (digest = OLD): Measurement => file('kubelet', present(digest, '/usr/bin/kubelet'));
const process = (digest = OLD): Measurement => runningKubelet(kubeletFacts({}, { digest: known(digest) }));
const module = (...digests: (typeof OLD)[]): Measurement =>
  modulesOf(
    'kubelet',
    digests.map((digest) => onDisk(undefined, digest)),
  );
const etcd = (...configs: (typeof OLD)[]): Measurement =>
  seenEtcd({
    stored: configs.map((config) => storedEtcd({ config, names: [] })),
    containers: configs.map((config) => runningEtcd({ config })),
    pods: [],
  });

const oldHost = [kubelet(), process(), module(OLD), etcd(plainDigest('c'))];
const newHost = [kubelet(NEW), process(NEW), module(NEW), etcd(plainDigest('7'))];

function measured(changed: readonly Measurement[]): Measurement[] {
  const quiet = ['containerd', 'etcd'].flatMap((name) => [processesOf(name, []), modulesOf(name, [])]);
  const replaced = new Set(changed.map(({ subject }) => subjectId(subject)));
  return [...goodMeasurements(), ...quiet].filter(({ subject }) => !replaced.has(subjectId(subject))).concat(changed);
}

function judged(changed: readonly Measurement[], changes: WorldChanges = change): HostResult {
  const context = world(changes);
  const measurements = measured(changed);
  return hostResult({
    name: 'host-1',
    context,
    measurements,
    ...evaluate(appraise(measurements, context), context.release.policy),
    answered: true,
    evidenceAt: NOW,
    head: null,
    agentVersion: null,
    accounting: null,
  });
}

const SUBJECTS = ['file:kubelet:/usr/bin/kubelet', 'image:etcd', 'process:kubelet', 'module:kubelet'];

function subjects(host: HostResult): SubjectResult[] {
  return host.subjects.filter(({ id }) => SUBJECTS.includes(id));
}

function notes(host: HostResult): string[][] {
  return subjects(host).map((subject) => [...(subject.notes ?? [])]);
}

const note = (id: string, when: string): string => `matches manifest manifest-${id} [${plainDigest(id)}]${when}`;

describe('while two manifests count', () => {
  it.each([
    ['old', oldHost, note('1', `, which counts until ${END}`), '1'],
    ['new', newHost, note('2', ''), '2'],
  ])('a host whose components are all %s is right, and each line says which it is', (_, host, text, id) => {
    const result = judged(host);
    expect(result.verdict).toBe('compliant');
    expect(result.subjects.map(({ status }) => status)).not.toContain('warn');
    expect(notes(result)).toEqual([[text], [text], [text], [text]]);
    expect(subjects(result).map(({ manifests = [] }) => manifests.map(({ digest }) => digest))).toEqual(
      SUBJECTS.map(() => [plainDigest(id)]),
    );
    expect(result.changeWindow).toEqual({
      state: 'uniform',
      manifests: [{ id: `manifest-${id}`, digest: plainDigest(id) }],
    });
  });

  it('a component that both list alike is of both, and its line says nothing', () => {
    const containerd = judged(oldHost).subjects.find(({ id }) => id.startsWith('file:containerd'));
    expect(containerd?.manifests?.map(({ id }) => id)).toEqual(['manifest-1', 'manifest-2']);
    expect(containerd?.notes).toBeUndefined();
  });

  it('a host between the two is mixed, and right', () => {
    const result = judged([kubelet(NEW), process(NEW), module(NEW), etcd(plainDigest('c'))]);
    expect(result.verdict).toBe('compliant');
    expect(result.changeWindow?.state).toBe('mixed-allowed');
    expect(result.changeWindow?.manifests.map(({ id }) => id)).toEqual(['manifest-1', 'manifest-2']);
  });

  it.each([
    ['a process of the old program beside its successor’s file', [kubelet(NEW), process(), module(NEW, OLD)]],
    ['containers of both images', [etcd(plainDigest('c'), plainDigest('7'))]],
    ['programs of both', [module(OLD, NEW)]],
  ])('%s is mixed', (_, changed) => {
    const result = judged([...oldHost.filter((old) => !changed.some((it) => sameSubject(it, old))), ...changed]);
    expect(result.verdict).toBe('compliant');
    expect(result.changeWindow?.state).toBe('mixed-allowed');
  });

  it('an image that only lies there mixes nothing', () => {
    const unused = [storedEtcd({ names: [] }), storedEtcd({ names: [], config: plainDigest('7') })];
    const etcdStored = seenEtcd({ stored: unused, containers: [], pods: [] });
    expect(judged([kubelet(), process(), module(OLD), etcdStored]).changeWindow?.state).toBe('uniform');
  });

  it('two publishers who upgrade at once are two choices: a host that is old in both is not mixed', () => {
    const others = ['3', '4'].map((id) =>
      manifest(id, { components: [component('runc', { digest: plainDigest(id) })] }),
    );
    const manifests = [before, after, ...others];
    const runc = file('runc', present(plainDigest('3'), '/usr/bin/runc'));
    const more = [processesOf('runc', []), modulesOf('runc', [])];
    const changes = { ...change, manifests };
    expect(judged([...oldHost, ...more, runc], changes).changeWindow).toEqual({
      state: 'uniform',
      manifests: ['1', '3'].map((id) => ({ id: `manifest-${id}`, digest: plainDigest(id) })),
    });
  });

  it('a component that moved matches the manifest that lists it there', () => {
    const moved = manifest('2', {
      components: [component('kubelet', { digest: NEW, paths: ['/opt/kubelet'] }), CONTAINERD, NEW_ETCD],
    });
    const there = file('kubelet', present(NEW, '/opt/kubelet'), '/opt/kubelet');
    const gone = file('kubelet', { state: 'absent' });
    const stale = runningKubelet(kubeletFacts({}, { onDisk: { state: 'deleted' } }));
    const result = judged([gone, there, stale, module(NEW, OLD), etcd(plainDigest('7'))], {
      ...change,
      manifests: [before, moved],
    });
    expect(result.verdict).toBe('compliant');
    const found = result.subjects.flatMap(({ findings }) => findings.map(({ code, severity }) => [code, severity]));
    expect(found).toContainEqual(['process.running-stale', 'warn']);
    expect(result.subjects.find(({ id }) => id === 'file:kubelet:/opt/kubelet')?.notes).toEqual([note('2', '')]);
  });

  it('a deleted program without a successor still fails', () => {
    const gone = runningKubelet(kubeletFacts({}, { onDisk: { state: 'deleted' } }));
    expect(judged([kubelet(), gone, module(OLD), etcd(plainDigest('c'))]).verdict).toBe('noncompliant');
  });
});

describe('outside the window', () => {
  it('who stayed behind fails, and each line names the manifest that counted', () => {
    const result = judged(oldHost, late);
    // a module is known or declared whoever lists the program around it
    expect(subjects(result).map(({ kind, status }) => [kind, status])).toEqual([
      ['file', 'fail'],
      ['process', 'fail'],
      ['module', 'ok'],
      ['image', 'fail'],
    ]);
    expect(notes(result)).toEqual(SUBJECTS.map(() => [note('1', `, which counted until ${END}`)]));
    expect(result.changeWindow).toBeUndefined();
    expect(judged(newHost, late).verdict).toBe('compliant');
    expect(notes(judged(newHost, late))).toEqual([[], [], [], []]);
  });

  it('a process that still runs the old program fails with the end of the window', () => {
    const upgraded = [kubelet(NEW), module(NEW), etcd(plainDigest('7'))];
    const stale = runningKubelet(kubeletFacts({}, { onDisk: { state: 'replaced', digest: NEW } }));
    const codes = (changes: WorldChanges): string[] =>
      judged([...upgraded, stale], changes).subjects.flatMap(({ findings }) => findings.map(({ code }) => code));
    expect(codes(change)).toEqual(['process.running-stale']);
    expect(codes(late)).toEqual(['process.digest-mismatch']);
    expect(judged([...upgraded, stale]).verdict).toBe('compliant');
    expect(judged([...upgraded, stale], late).verdict).toBe('noncompliant');
  });

  it('before it the successor is not right yet, and its line says when it will be', () => {
    const result = judged(newHost, early);
    expect(result.verdict).toBe('noncompliant');
    expect(notes(result)).toEqual(SUBJECTS.map(() => [note('2', `, which counts from ${BEGIN} on`)]));
  });

  it('a manifest that expired inside its window counts no more', () => {
    const expired = manifest('1', { ...before.manifest, notAfter: '2026-11-23T09:00:00.000Z' });
    const result = judged(oldHost, { ...change, manifests: [expired, after] });
    expect(notes(result)[0]).toEqual([note('1', ', which counted until 2026-11-23T09:00:00.000Z')]);
    expect(result.verdict).toBe('noncompliant');
  });

  it('what no manifest lists matches none', () => {
    const foreign = judged([kubelet(plainDigest('0')), ...oldHost.slice(1)]).subjects;
    expect(foreign.find(({ id }) => id === SUBJECTS[0])?.manifests).toBeUndefined();
  });
});

describe('of a cluster', () => {
  const cluster = (...hosts: (readonly Measurement[])[]) =>
    changeWindow(
      world(change),
      hosts.map((host, i) => ({ name: `host-${String(i + 1)}`, measurements: measured(host) })),
    );

  it('says which hosts are of which manifest, and when the first of them ends', () => {
    expect(cluster(oldHost, newHost, [kubelet(NEW), etcd(plainDigest('c'))])).toEqual({
      state: 'mixed-allowed',
      until: END,
      manifests: [
        {
          id: 'manifest-1',
          digest: plainDigest('1'),
          from: '2026-01-01T00:00:00.000Z',
          until: END,
          hosts: ['host-1', 'host-3'],
        },
        { id: 'manifest-2', digest: plainDigest('2'), from: BEGIN, until: null, hosts: ['host-2', 'host-3'] },
      ],
    });
  });

  it('is uniform while all hosts are of one, or nobody reported', () => {
    expect(cluster(newHost, newHost)?.state).toBe('uniform');
    const silent = changeWindow(world(change), [{ name: 'host-1', measurements: [] }]);
    expect(silent).toMatchObject({ state: 'uniform', manifests: [{ hosts: [] }, { hosts: [] }] });
  });

  it('is open only while manifests differ about a component', () => {
    const twin = manifest('2', before.manifest);
    expect(changeWindow(world({ ...change, manifests: [before, twin] }), [])).toBeUndefined();
    expect(changeWindow(world(late), [])).toBeUndefined();
    expect(changeWindow(world(early), [])).toBeUndefined();
  });

  it('is printed after the manifests, under the host only if that host is mixed, and travels as JSON', () => {
    const mixed = { ...judged([kubelet(NEW), process(NEW), module(NEW), etcd(plainDigest('c'))]), name: 'host-2' };
    const window = cluster(oldHost, [kubelet(NEW), etcd(plainDigest('c'))]);
    const result = checkResult({ hosts: [judged(oldHost), mixed], changeWindow: window! });
    const text = renderCheck(result, { color: false });
    expect(text.match(/^mixed-allowed: .*$/gm)).toEqual([
      'mixed-allowed: components match manifests manifest-1 and manifest-2, all in force',
    ]);
    expect(text).toContain(
      `Change window: mixed-allowed, each of these manifests counts; the first ends at ${END}\n` +
        `    manifest-1, until ${END}: host-1, host-2\n    manifest-2: host-2\n`,
    );
    expect(text).toContain('Cryptographic module integrity verification was successful');
    expect(parseCheckDocument(Buffer.from(checkJson(result)))).toEqual(result);
  });
});

function sameSubject(a: Measurement, b: Measurement): boolean {
  return subjectId(a.subject) === subjectId(b.subject);
}
