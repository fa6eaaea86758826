import { appraisePlatform } from '@sealwatch/shared/appraisal/appraise-platform.js';
import { evaluate, type JudgedFinding, verdictOf } from '@sealwatch/shared/appraisal/evaluate.js';
import { finding } from '@sealwatch/shared/appraisal/finding.js';
import type { FindingCode } from '@sealwatch/shared/appraisal/finding-catalogue.js';
import { worst } from '@sealwatch/shared/appraisal/verdict.js';
import type { CheckResult, HostResult, SubjectResult } from '@sealwatch/shared/check/check-result.js';
import { platformResult } from '@sealwatch/shared/check/platform-result.js';
import { type PlatformSummary, platformSummary } from '@sealwatch/shared/check/platform-summary.js';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import type { PlatformObservation } from '@sealwatch/shared/platform/platform-observation.js';
import type { Policy } from '@sealwatch/shared/trust/policy.js';
import { FIPS_HOST, platformMeasurement } from './platform-observations.js';

/** A digest that is easy to tell apart in a golden file: one character, 64 times. */
export function plainDigest(character: string): Digest {
  return `sha256:${character.repeat(64)}`;
}

const POLICY = { demonstration: false, severities: {} } as unknown as Policy;

/** A finding with the severity, meaning and remedy that the real catalogue and rules give it. */
export function judged(code: FindingCode, subject: string, expected?: string, observed?: string): JudgedFinding {
  return evaluate([finding(code, subject, expected, observed)], POLICY).findings[0]!;
}

export function fileSubject(path: string, changes: Partial<SubjectResult> = {}): SubjectResult {
  const component = path.slice(path.lastIndexOf('/') + 1);
  return {
    id: `file:${component}:${path}`,
    kind: 'file',
    label: `${path} [file]`,
    statement: 'Signature Validated',
    status: 'ok',
    observed: plainDigest('a'),
    findings: [],
    ...changes,
  };
}

export function imageSubject(name: string, changes: Partial<SubjectResult> = {}): SubjectResult {
  return { ...fileSubject(name), id: `component:${name}`, kind: 'image', label: `${name} [image]`, ...changes };
}

export function platformSubject(label: string, changes: Partial<SubjectResult> = {}): SubjectResult {
  return {
    id: 'host:platform',
    kind: 'host',
    label,
    statement: '',
    status: 'ok',
    observed: null,
    findings: [],
    ...changes,
  };
}

const GOOD_PLATFORM: PlatformSummary = platformSummary(FIPS_HOST);

/** The line of a host that says this about its platform, judged as every host is. */
export function measuredPlatform(changes: Partial<PlatformObservation>): SubjectResult {
  const measurement = platformMeasurement(changes);
  const { findings } = evaluate(appraisePlatform('host:platform', measurement), POLICY);
  return platformResult(measurement.observed, findings, true)!;
}

/** Four files in order, as the seed has them, and a platform in FIPS mode. */
export function goodSubjects(): SubjectResult[] {
  return [
    ...['kubeadm', 'kubelet', 'containerd', 'runc'].map((name) => fileSubject(`/usr/bin/${name}`)),
    platformSubject('Red Hat Enterprise Linux 8.10 [supported]', { platform: GOOD_PLATFORM }),
  ];
}

/** A host whose verdict follows from what it is given. */
export function hostResult(changes: Partial<HostResult> = {}): HostResult {
  const subjects = changes.subjects ?? goodSubjects();
  const findings = changes.findings ?? [];
  return {
    name: '172.17.0.7',
    role: 'control-plane',
    verdict: verdictOf([...findings, ...subjects.flatMap((subject) => subject.findings)]),
    answered: true,
    evidenceAt: '2026-11-23T09:30:00.000Z',
    head: { epoch: 1, sequence: 12, digest: plainDigest('c') },
    agentVersion: '0.1.0',
    accounting: { cycleMs: 900, cpuMs: 1200, rssBytes: 60_000_000, bytesRead: 200_000_000, connections: 54 },
    ...changes,
    subjects,
    findings,
  };
}

/** A check whose verdict and coverage follow from its hosts, unless they are given. */
export function checkResult(changes: Partial<CheckResult> = {}): CheckResult {
  const hosts = changes.hosts ?? [hostResult()];
  const findings = changes.findings ?? [];
  const verdicts = hosts.map(({ verdict }) => verdict);
  if (findings.length > 0) verdicts.push(verdictOf(findings));
  return {
    schema: 'sealwatch/check/v1',
    checkedAt: '2026-11-23T09:30:02.000Z',
    verdict: worst(verdicts),
    cluster: { id: '0123456789abcdef0123456789abcdef', name: 'north', mode: 'fips', adopted: null },
    release: { version: 3, digest: plainDigest('d') },
    manifests: [{ id: 'konvoy-1.7.0-rhel8', digest: plainDigest('e'), notAfter: '2027-11-23T00:00:00.000Z' }],
    demonstration: false,
    cached: false,
    ...changes,
    findings,
    hosts,
    coverage: {
      declared: hosts.length,
      answered: hosts.filter(({ answered }) => answered).length,
      failing: hosts.filter(({ verdict }) => verdict !== 'compliant').map(({ name, verdict }) => ({ name, verdict })),
      undeclared: [],
      removed: [],
      notMeasured: ['image', 'process', 'module', 'service'],
      ...changes.coverage,
    },
  };
}
