import { appraise } from '@sealwatch/shared/appraisal/appraise.js';
import { evaluate, type JudgedFinding } from '@sealwatch/shared/appraisal/evaluate.js';
import { finding } from '@sealwatch/shared/appraisal/finding.js';
import { FINDING_CODES } from '@sealwatch/shared/appraisal/finding-catalogue.js';
import type { HostResult } from '@sealwatch/shared/check/check-result.js';
import { hostResult } from '@sealwatch/shared/check/host-result.js';
import type { Measurement } from '@sealwatch/shared/measurement/measurement.js';
import { value } from '@sealwatch/shared/platform/fact.js';
import { subjectId } from '@sealwatch/shared/subject/subject.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CA,
  component,
  file,
  goodMeasurements,
  host,
  manifest,
  NOW,
  present,
  world,
  type WorldChanges,
} from '../fakes/appraisal-world.js';
import { plainDigest } from '../fakes/check-results.js';
import { NON_FIPS_HOST, platformMeasurement } from '../fakes/platform-observations.js';

const RHEL = 'Red Hat Enterprise Linux 8.10 [supported]';

/** Appraised, judged and laid out as the agent and the collector do it. */
function result(measurements: readonly Measurement[], changes: WorldChanges = {}, also = [] as string[]): HostResult {
  const context = world(changes);
  const extra = also.map((subject) => finding('appraisal.mismatch', subject));
  const judged = evaluate([...appraise(measurements, context), ...extra], context.release.policy);
  return hostResult({
    name: 'host-1',
    context,
    measurements,
    ...judged,
    answered: true,
    evidenceAt: NOW,
    head: null,
    agentVersion: '0.1.0',
    accounting: null,
  });
}

/** `label | statement | status` of each line. */
function lines(measurements: readonly Measurement[], changes: WorldChanges = {}): string[] {
  return result(measurements, changes).subjects.map(
    ({ label, statement, status }) => `${label} | ${statement} | ${status}`,
  );
}

function otherwise(...changed: Measurement[]): Measurement[] {
  const ids = new Set(changed.map(({ subject }) => subjectId(subject)));
  return [...goodMeasurements().filter(({ subject }) => !ids.has(subjectId(subject))), ...changed];
}

describe('the lines of a host', () => {
  it("stand in the seed's order, with what this version does not look at", () => {
    expect(lines([...goodMeasurements()].reverse())).toEqual([
      '/usr/bin/kubelet [file] | Signature Validated | ok',
      '/usr/bin/containerd [file] | Signature Validated | ok',
      'etcd [image] | Not checked: the policy requires no image evidence | not-checked',
      'Service: kube-apiserver [localhost:6443] | Not checked: the policy requires no service evidence | not-checked',
      'Red Hat Enterprise Linux 8.10 [supported] | FIPS mode enabled | ok',
      'Kubernetes CA | Made At 2026-11-01T00:05:00.000Z | ok',
    ]);
  });

  it('name components beyond the nine after them, by name', () => {
    const names = ['zeta', 'kubelet', 'alpha', 'kubeadm'];
    const components = names.map((name) => component(name));
    const measurements = names.map((name) => file(name, present(plainDigest('a'), `/usr/bin/${name}`)));
    const changes = {
      manifests: [manifest('1', { components })],
      policy: { components: {}, require: ['file'] },
    } as const;
    expect(result(measurements, { ...changes, role: 'worker' }).subjects.map(({ label }) => label)).toEqual([
      '/usr/bin/kubeadm [file]',
      '/usr/bin/kubelet [file]',
      '/usr/bin/alpha [file]',
      '/usr/bin/zeta [file]',
    ]);
  });

  it('leave out the places where a component is not', () => {
    const local = '/usr/local/bin/containerd';
    const moved = otherwise(
      file('containerd', { state: 'absent' }),
      file('containerd', present(plainDigest('b'), local), local),
    );
    const labels = lines(moved).filter((line) => line.includes('containerd'));
    expect(labels).toEqual([`${local} [file] | Signature Validated | ok`]);
    const nowhere = otherwise(file('containerd', { state: 'absent' }));
    expect(lines(nowhere).filter((line) => line.includes('containerd'))).toEqual([
      '/usr/bin/containerd [file] | Missing | fail',
    ]);
  });

  it.each<[Measurement, string]>([
    [file('kubelet', present(plainDigest('f'), '/usr/bin/kubelet')), 'Signature Invalid | fail'],
    [file('kubelet', present(plainDigest('f'), '/tmp/kubelet')), 'Signature Invalid | fail'],
    [file('kubelet', present(plainDigest('a'), '/tmp/kubelet')), 'Redirected | fail'],
    [file('kubelet', { state: 'absent' }), 'Missing | fail'],
    [file('kubelet', { state: 'not-regular', fileType: 'fifo' }), 'Not A Regular File | fail'],
    [file('kubelet', { state: 'unreadable', reason: 'EIO' }), 'Unreadable | unknown'],
  ])('say what is wrong: %#', (measurement, expected) => {
    expect(lines(otherwise(measurement))).toContain(`/usr/bin/kubelet [file] | ${expected}`);
  });

  it('say so where nothing was measured, or nobody signed', () => {
    const unmeasured = goodMeasurements().filter(
      ({ subject }) => subject.kind === 'host' && subject.aspect !== 'platform',
    );
    const components = { 'control-plane': { kubelet: 'file', runc: 'file' } } as const;
    const printed = lines(unmeasured, { policy: { components } });
    expect(printed).toContain('/usr/bin/kubelet [file] | Not Measured | unknown');
    expect(printed).toContain('runc [file] | Not In A Manifest | fail');
    expect(printed).toContain('Operating system and FIPS mode | Not Measured | unknown');
  });

  it.each<[Measurement, string]>([
    [platformMeasurement(NON_FIPS_HOST), `${RHEL} | FIPS mode disabled | fail`],
    [platformMeasurement({ fipsEnabled: value('0') }), `${RHEL} | FIPS mode inconsistent | fail`],
    [
      platformMeasurement({ fipsEnabled: { state: 'unreadable', reason: 'EIO' } }),
      `${RHEL} | FIPS mode not known | unknown`,
    ],
    [
      platformMeasurement({ osRelease: { state: 'absent' } }),
      'Operating system not known | FIPS mode enabled | unknown',
    ],
    [platformMeasurement({ systemFips: { state: 'absent' } }), `${RHEL} | FIPS mode enabled | warn`],
    [host('platform', { state: 'unreadable', reason: 'EIO' }), 'Operating system and FIPS mode | Unreadable | unknown'],
    [host('etcd-ca', { ...CA, seenUnderStandard: plainDigest('5') }), `etcd CA | Made At ${CA.notBefore} | fail`],
    [host('etcd-ca', { state: 'unreadable', reason: 'EIO' }), 'etcd CA | Unreadable | unknown'],
  ])('tell of the platform: %#', (measurement, expected) => {
    expect(lines(otherwise(measurement))).toContain(expected);
  });

  it('keep to what was found wrong on a host that never reported', () => {
    const context = world();
    const judged = evaluate([finding('host.never-reported', 'host')], context.release.policy);
    const base = { name: 'host-1', context, measurements: [], ...judged, answered: false, evidenceAt: null };
    const silent = hostResult({ ...base, head: null, agentVersion: null, accounting: null });
    expect(silent.subjects).toEqual([]);
    expect(silent.findings.map(({ code }) => code)).toEqual(['host.never-reported']);
  });
});

describe('a good mark', () => {
  it('is never given by a manifest that is not in force, expired or early', () => {
    for (const changes of [
      { manifests: [manifest('1', { notAfter: NOW })] },
      { manifests: [manifest('1', { notBefore: '2026-11-24T00:00:00.000Z' })] },
      { manifests: [manifest('1')], windows: [{ from: '2026-11-24T00:00:00.000Z', until: null }] },
      { manifests: [manifest('1')], windows: [{ from: '2026-11-01T00:00:00.000Z', until: NOW }] },
      { manifests: [] },
    ]) {
      const printed = lines(goodMeasurements(), { ...changes, policy: { components: {} } });
      expect(printed).toContain('/usr/bin/kubelet [file] | Not In A Manifest In Force | not-checked');
      expect(printed.join()).not.toContain('Signature Validated');
    }
  });

  it('is never given to what the appraisal did not judge', () => {
    const off = otherwise(platformMeasurement(NON_FIPS_HOST));
    const standard = { inception: { mode: 'standard' } } as const;
    expect(lines(off, standard)).toContain(`${RHEL} | FIPS mode disabled | not-checked`);
    expect(lines(goodMeasurements(), standard)).toContain(`${RHEL} | FIPS mode enabled | not-checked`);
    const adopted = { inception: { adopted: { reason: 'ran before' } } };
    expect(lines(goodMeasurements(), adopted)).toContain(`Kubernetes CA | Made At ${CA.notBefore} | not-checked`);
  });

  it('does not follow from a missing finding: another digest is never validated', () => {
    const forged = otherwise(file('kubelet', present(plainDigest('f'), '/usr/bin/kubelet')));
    const base = {
      name: 'host-1',
      context: world(),
      measurements: forged,
      findings: [],
      verdict: 'compliant',
    } as const;
    const { subjects } = hostResult({
      ...base,
      answered: true,
      evidenceAt: NOW,
      head: null,
      agentVersion: null,
      accounting: null,
    });
    expect(subjects[0]).toMatchObject({ statement: 'Signature Invalid', status: 'unknown' });
  });

  it('goes with no finding of its own, and findings with no good mark', () => {
    const warned = otherwise(file('kubelet', present(plainDigest('a'), '/tmp/kubelet')));
    const changes = { policy: { severities: { 'file.redirected': 'warn' } } } as const;
    expect(lines(warned, changes)).toContain('/usr/bin/kubelet [file] | Redirected | warn');
  });
});

describe('every finding', () => {
  const subjects = [
    'host',
    'cluster',
    'host:platform',
    'host:etcd-ca',
    'manifest:manifest-1',
    'component:runc',
    'component:etcd',
    'service:kube-apiserver',
    'file:kubelet:/usr/bin/kubelet',
    'file:containerd:/usr/local/bin/containerd',
    'file:none:/none',
  ];
  const anyFindings = fc.array(
    fc
      .tuple(fc.constantFrom(...FINDING_CODES), fc.constantFrom(...subjects))
      .map(([code, subject]) => finding(code, subject)),
  );

  it('appears exactly once: under its subject or with the host', () => {
    fc.assert(
      fc.property(anyFindings, fc.subarray(goodMeasurements()), fc.boolean(), (found, measurements, reported) => {
        const context = world();
        const judged = evaluate(found, context.release.policy);
        const base = { name: 'host-1', context, measurements, ...judged, answered: reported, head: null };
        const evidenceAt = reported ? NOW : null;
        const laidOut = hostResult({ ...base, evidenceAt, agentVersion: null, accounting: null });
        const all = [...laidOut.findings, ...laidOut.subjects.flatMap(({ findings }) => findings)];
        expect(all.length).toBe(judged.findings.length);
        expect(new Set(all.map(withoutReferences))).toEqual(new Set(judged.findings));
        const ids = laidOut.subjects.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        for (const subject of laidOut.subjects) {
          if (subject.findings.length > 0) expect(['ok', 'not-checked']).not.toContain(subject.status);
        }
      }),
    );
  });

  it('of a host that sends one subject twice stands once, and no line says it is good', () => {
    const forged = file('kubelet', present(plainDigest('f'), '/usr/bin/kubelet'));
    const twice = result([...goodMeasurements(), forged]);
    const kubelet = twice.subjects.filter(({ id }) => id.startsWith('file:kubelet'));
    expect(kubelet.map(({ statement }) => statement)).toEqual(['Signature Invalid']);
  });

  it('about the host as a whole stands with the host', () => {
    expect(result(goodMeasurements(), {}, ['host']).findings.map(({ code }) => code)).toEqual(['appraisal.mismatch']);
  });
});

/** What auditors call a finding is added where it is printed. */
function withoutReferences(finding: JudgedFinding): JudgedFinding {
  const { code, subject, expected, observed, severity, meaning, remedy } = finding;
  return { code, subject, expected, observed, severity, meaning, remedy };
}
