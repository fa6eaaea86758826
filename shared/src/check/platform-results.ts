import type { HostMeasurement } from '../measurement/host-measurement.js';
import { type HostAspect, subjectId } from '../subject/subject.js';
import type { SubjectResult, SubjectStatus } from './check-result.js';
import { type HostEvidence, statusOf } from './group-findings.js';
import { platformResult } from './platform-result.js';

type AuthorityAspect = Exclude<HostAspect, 'platform'>;

const AUTHORITIES: Readonly<Record<AuthorityAspect, string>> = {
  'kubernetes-ca': 'Kubernetes CA',
  'etcd-ca': 'etcd CA',
};

/** The host itself: its system, its FIPS mode and the age of the cluster's authorities. An absent authority gets no line. */
export function platformResults(evidence: HostEvidence): SubjectResult[] {
  const platform = platformResult(
    observationOf('platform', evidence),
    evidence.findings.get(subjectId({ kind: 'host', aspect: 'platform' })) ?? [],
    isJudged(evidence),
  );
  const authorities = (Object.keys(AUTHORITIES) as AuthorityAspect[]).flatMap(
    (aspect) => authorityResult(aspect, evidence) ?? [],
  );
  return [...(platform === undefined ? [] : [platform]), ...authorities];
}

function authorityResult(aspect: AuthorityAspect, evidence: HostEvidence): SubjectResult | undefined {
  const id = subjectId({ kind: 'host', aspect });
  const findings = evidence.findings.get(id) ?? [];
  const observed = observationOf(aspect, evidence);
  if (findings.length === 0 && (observed === undefined || observed.state === 'absent')) return undefined;
  return {
    id,
    kind: 'host',
    label: AUTHORITIES[aspect],
    statement: statementOf(observed),
    status: statusOf(findings, unjudged(observed, evidence)),
    observed: observedText(observed),
    findings,
  };
}

function observationOf(aspect: HostAspect, { measurements }: HostEvidence): HostMeasurement['observed'] | undefined {
  const id = subjectId({ kind: 'host', aspect });
  return measurements.find(({ subject }) => subjectId(subject) === id)?.observed as
    HostMeasurement['observed'] | undefined;
}

function statementOf(observed: HostMeasurement['observed'] | undefined): string {
  switch (observed?.state) {
    case undefined:
      return 'Not Measured';
    case 'absent':
      return 'Missing';
    case 'unreadable':
    case 'platform':
      return 'Unreadable';
    case 'authority':
      return `Made At ${observed.notBefore}`;
  }
}

function observedText(observed: HostMeasurement['observed'] | undefined): string | null {
  switch (observed?.state) {
    case undefined:
    case 'absent':
    case 'platform':
      return null;
    case 'unreadable':
      return observed.reason;
    case 'authority':
      return observed.digest;
  }
}

/** Status without a finding. `ok` only for what the appraisal could have objected to: not the age of adopted authorities. */
function unjudged(observed: HostMeasurement['observed'] | undefined, evidence: HostEvidence): SubjectStatus {
  if (!isJudged(evidence)) return 'not-checked';
  if (observed?.state !== 'authority') return 'unknown';
  return evidence.context.inception.adopted === null ? 'ok' : 'not-checked';
}

/** The appraisal is silent in standard mode, and where the policy asks for no host evidence. */
function isJudged({ context: { inception, release } }: HostEvidence): boolean {
  return inception.mode === 'fips' && release.policy.require.includes('host');
}
