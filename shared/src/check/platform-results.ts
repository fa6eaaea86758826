import type { HostMeasurement } from '../measurement/measurement.js';
import { HOST_ASPECTS, type HostAspect, subjectId } from '../subject/subject.js';
import type { SubjectResult, SubjectStatus } from './check-result.js';
import { type HostEvidence, statusOf } from './group-findings.js';

const NAMES: Readonly<Record<HostAspect, string>> = {
  fips: 'fips_enabled',
  'kubernetes-ca': 'Kubernetes CA',
  'etcd-ca': 'etcd CA',
};

/** The host itself: the kernel's FIPS state and the age of the cluster's authorities. An absent authority gets no line. */
export function platformResults(evidence: HostEvidence): SubjectResult[] {
  return HOST_ASPECTS.flatMap((aspect) => platformResult(aspect, evidence) ?? []);
}

function platformResult(aspect: HostAspect, evidence: HostEvidence): SubjectResult | undefined {
  const id = subjectId({ kind: 'host', aspect });
  const findings = evidence.findings.get(id) ?? [];
  const observed = evidence.measurements.find(({ subject }) => subjectId(subject) === id)?.observed as
    HostMeasurement['observed'] | undefined;
  if (findings.length === 0 && (observed === undefined || (observed.state === 'absent' && aspect !== 'fips'))) {
    return undefined;
  }
  return {
    id,
    kind: 'host',
    label: labelOf(aspect, observed),
    statement: statementOf(observed),
    status: statusOf(findings, unjudged(observed, evidence)),
    observed: observedText(observed),
    findings,
  };
}

function labelOf(aspect: HostAspect, observed: HostMeasurement['observed'] | undefined): string {
  return observed?.state === 'fips' ? `${NAMES[aspect]} = ${observed.fipsEnabled}` : NAMES[aspect];
}

function statementOf(observed: HostMeasurement['observed'] | undefined): string {
  switch (observed?.state) {
    case undefined:
      return 'Not Measured';
    case 'absent':
      return 'Missing';
    case 'unreadable':
      return 'Unreadable';
    case 'fips':
      return '';
    case 'authority':
      return `Made At ${observed.notBefore}`;
  }
}

function observedText(observed: HostMeasurement['observed'] | undefined): string | null {
  switch (observed?.state) {
    case undefined:
    case 'absent':
      return null;
    case 'unreadable':
      return observed.reason;
    case 'fips':
      return observed.fipsEnabled;
    case 'authority':
      return observed.digest;
  }
}

/**
 * Status without a finding. `ok` only for what the appraisal looked at and could have objected to: not in standard mode,
 * not where the policy asks for no host evidence, and not the age of an adopted cluster's authorities.
 */
function unjudged(observed: HostMeasurement['observed'] | undefined, { context }: HostEvidence): SubjectStatus {
  const { inception, release } = context;
  if (inception.mode !== 'fips' || !release.policy.require.includes('host')) return 'not-checked';
  if (observed?.state === 'fips') return observed.fipsEnabled === '1' ? 'ok' : 'unknown';
  if (observed?.state === 'authority') return inception.adopted === null ? 'ok' : 'not-checked';
  return 'unknown';
}
