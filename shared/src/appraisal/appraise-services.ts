import type { VerifiedManifest } from '../manifest/open-manifest.js';
import type { Measurement } from '../measurement/measurement.js';
import type { ServiceMeasurement } from '../measurement/service-measurement.js';
import { judgeObservation } from '../probe/judge-observation.js';
import type { ProfileFinding } from '../probe/profile-finding.js';
import type { TlsObservation } from '../probe/tls-observation.js';
import { isTlsProfileName, TLS_PROFILES } from '../probe/profiles/tls-profiles.js';
import { wallTime } from '../runtime/timestamp.js';
import { subjectId } from '../subject/subject.js';
import type { ServicePolicy } from '../trust/policy.js';
import type { AppraisalContext } from './appraisal-context.js';
import { appraiseConfigured } from './appraise-configured.js';
import { appraiseListener } from './appraise-listener.js';
import { type Finding, finding } from './finding.js';
import { someOf } from './some-of.js';

/** Each service of the role must have been probed at the policy's address, fit the TLS profile and be the one meant. */
export function appraiseServices(
  measurements: readonly Measurement[],
  valid: readonly VerifiedManifest[],
  context: AppraisalContext,
): Finding[] {
  return requiredServices(context).flatMap((service) => {
    const subject = subjectId({ kind: 'service', name: service.name, address: service.address });
    const measurement = measurements.find((candidate) => isProbeOf(candidate, service));
    if (measurement === undefined) {
      return [finding('evidence.missing', subject, `a probe of ${service.address}`, 'none')];
    }
    const { tls, listener, configured } = measurement.observed;
    return [
      ...againstProfile(subject, measurement, context),
      ...appraiseAuthority(subject, measurement, service),
      ...appraiseListener(subject, service.component, listener, valid, isAnswered(tls)),
      ...appraiseConfigured(subject, tls, configured),
    ];
  });
}

/** The TLS services the release wants probed on this role, if it wants service evidence at all. */
export function requiredServices({ release, role }: Pick<AppraisalContext, 'release' | 'role'>): ServicePolicy[] {
  if (!release.policy.require.includes('service')) return [];
  return release.policy.services.filter(({ roles }) => roles.includes(role));
}

/** One finding per rule, however many suites break it. */
function againstProfile(
  subject: string,
  { observed: { tls } }: ServiceMeasurement,
  { release, at }: AppraisalContext,
): Finding[] {
  const { tlsProfile } = release.policy;
  if (!isTlsProfileName(tlsProfile)) {
    // a release of a newer operator; what can't be judged is not good
    return [finding('tls.incomplete', subject, `TLS profile ${tlsProfile}`, 'not known to this version')];
  }
  const groups = new Map<string, [ProfileFinding, ...ProfileFinding[]]>();
  for (const broken of judgeObservation(tls, TLS_PROFILES[tlsProfile], wallTime(at))) {
    const key = `${broken.code} ${broken.source}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [broken]);
    else group.push(broken);
  }
  return [...groups.values()].map((group) => {
    const [{ code, source }] = group;
    return finding(code, subject, `${tlsProfile}: ${source}`, someOf(group.map(({ item }) => item)));
  });
}

/** Somebody was there, whatever was said. */
function isAnswered({ state }: TlsObservation): boolean {
  return state !== 'unreachable' && state !== 'stopped' && state !== 'timeout';
}

function appraiseAuthority(
  subject: string,
  { observed: { tls, authority } }: ServiceMeasurement,
  { ca }: ServicePolicy,
): Finding[] {
  if (ca === null || authority.state === 'used' || tls.state !== 'served') return [];
  const found = authority.state === 'unreadable' ? authority.reason : authority.state;
  return [finding('service.authority-unreadable', subject, `a certificate authority at ${ca}`, found)];
}

function isProbeOf(measurement: Measurement, { name, address }: ServicePolicy): measurement is ServiceMeasurement {
  const { subject } = measurement;
  return subject.kind === 'service' && subject.name === name && subject.address === address;
}
