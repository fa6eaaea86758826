import type { HostMeasurement } from '../measurement/host-measurement.js';
import type { Measurement } from '../measurement/measurement.js';
import { wallTime } from '../runtime/timestamp.js';
import { HOST_ASPECTS, type HostAspect, subjectId } from '../subject/subject.js';
import type { Inception } from '../trust/inception.js';
import type { AppraisalContext } from './appraisal-context.js';
import { appraisePlatform } from './appraise-platform.js';
import { type Finding, finding } from './finding.js';

/** kubeadm and client-go put a new authority's notBefore up to five minutes back; clocks differ a little. */
const AUTHORITY_BACKDATING_MS = 10 * 60_000;

/** The host's platform and the cluster's taint. A standard-mode cluster fails as a whole, elsewhere. */
export function appraiseHost(
  measurements: readonly Measurement[],
  { release, inception }: Pick<AppraisalContext, 'release' | 'inception'>,
): Finding[] {
  if (!release.policy.require.includes('host') || inception.mode !== 'fips') return [];
  const findings: Finding[] = [];
  for (const aspect of HOST_ASPECTS) {
    const subject = subjectId({ kind: 'host', aspect });
    const measurement = measurements.find((candidate) => isAspect(candidate, aspect));
    if (measurement === undefined) findings.push(finding('evidence.missing', subject, 'a measurement', 'none'));
    else if (aspect === 'platform') findings.push(...appraisePlatform(subject, measurement as HostMeasurement));
    else findings.push(...appraiseAuthority(subject, measurement as HostMeasurement, inception));
  }
  return findings;
}

function appraiseAuthority(subject: string, { observed }: HostMeasurement, inception: Inception): Finding[] {
  switch (observed.state) {
    case 'absent':
      return [];
    case 'unreadable':
      return [finding('cluster.taint-unknown', subject, 'a readable certificate', observed.reason)];
    case 'platform':
      return [finding('cluster.taint-unknown', subject, 'a certificate', 'a measurement of another kind')];
    case 'authority': {
      if (observed.seenUnderStandard !== null) {
        return [
          finding(
            'cluster.tainted',
            subject,
            'never used in standard mode',
            `seen under standard-mode inception ${observed.seenUnderStandard}`,
          ),
        ];
      }
      const older = wallTime(observed.notBefore) < wallTime(inception.createdAt) - AUTHORITY_BACKDATING_MS;
      if (!older || inception.adopted !== null) return [];
      return [
        finding(
          'cluster.tainted',
          subject,
          `made after the inception at ${inception.createdAt}`,
          `made at ${observed.notBefore}`,
        ),
      ];
    }
  }
}

function isAspect({ subject }: Measurement, aspect: HostAspect): boolean {
  return subject.kind === 'host' && subject.aspect === aspect;
}
