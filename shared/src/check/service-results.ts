import { requiredServices } from '../appraisal/appraise-services.js';
import type { ServiceMeasurement } from '../measurement/service-measurement.js';
import { judgeObservation, observationPasses } from '../probe/judge-observation.js';
import { isTlsProfileName, TLS_PROFILES } from '../probe/profiles/tls-profiles.js';
import { wallTime } from '../runtime/timestamp.js';
import { subjectId } from '../subject/subject.js';
import type { ServicePolicy } from '../trust/policy.js';
import type { ServiceFacts, SubjectResult } from './check-result.js';
import { type HostEvidence, statusOf } from './group-findings.js';

/** The TLS services of the host's role, in the policy's order. */
export function serviceResults(evidence: HostEvidence): SubjectResult[] {
  const { context, findings, hasEvidence } = evidence;
  const { release, role } = context;
  const required = new Set(requiredServices(context).map(({ name }) => name));
  return release.policy.services
    .filter(({ roles }) => roles.includes(role))
    .flatMap((service) => {
      const found = findings.get(idOf(service)) ?? [];
      if (!required.has(service.name)) return hasEvidence && found.length === 0 ? [unaskedResult(service)] : [];
      return hasEvidence || found.length > 0 ? [probedResult(service, evidence)] : [];
    });
}

function probedResult(service: ServicePolicy, { measurements, findings, context }: HostEvidence): SubjectResult {
  const id = idOf(service);
  const found = findings.get(id) ?? [];
  const measurement = measurements.find(
    (candidate): candidate is ServiceMeasurement =>
      candidate.subject.kind === 'service' && subjectId(candidate.subject) === id,
  );
  const { tlsProfile } = context.release.policy;
  const passes = measurement !== undefined && fits(measurement, tlsProfile, wallTime(context.at));
  return {
    id,
    kind: 'service',
    label: labelOf(service),
    statement: statementOf(measurement, tlsProfile, passes),
    status: statusOf(found, passes ? 'ok' : 'unknown'),
    observed: measurement === undefined ? null : observedText(measurement),
    findings: found,
    ...(measurement === undefined ? {} : { service: factsOf(measurement) }),
  };
}

/** `Validated` is said of what a known profile found nothing against, whatever findings there are or are not. */
function fits({ observed }: ServiceMeasurement, profile: string, at: number): boolean {
  return isTlsProfileName(profile) && observationPasses(judgeObservation(observed.tls, TLS_PROFILES[profile], at));
}

function statementOf(measurement: ServiceMeasurement | undefined, profile: string, passes: boolean): string {
  const { state } = measurement?.observed.tls ?? { state: 'unseen' };
  switch (state) {
    case 'unseen':
      return 'Not Measured';
    case 'served':
      return `TLS Profile ${profile} ${passes ? 'Validated' : 'Violated'}`;
    case 'unreachable':
      return 'Unreachable';
    case 'timeout':
      return 'No TLS Answer';
    case 'not-tls':
      return 'Not TLS';
    case 'refused':
      return 'Refused';
    case 'stopped':
      return 'Not Finished';
  }
}

function observedText({ observed: { tls } }: ServiceMeasurement): string {
  return tls.state === 'served' ? tls.preferred.suite : tls.reason;
}

function factsOf({ subject, observed: { tls, listener } }: ServiceMeasurement): ServiceFacts {
  const programs =
    listener.state === 'found'
      ? listener.programs.map(({ executable, digest }) => ({
          executable,
          digest: typeof digest === 'string' ? digest : null,
        }))
      : [];
  if (tls.state !== 'served') {
    return { ...NOTHING_SERVED, address: subject.address, programs };
  }
  const { preferred, versions, groups, signatureSchemes, certificates } = tls;
  return {
    address: subject.address,
    preferred: { version: preferred.version, suite: preferred.suite, preference: preferred.preference },
    method: preferred.method,
    supported: [...new Set(versions.flatMap(({ suites }) => suites))],
    versions: versions.map(({ version, suites }) => ({ version, suites })),
    groups: [...new Set([...groups.tls13, ...groups.tls12])],
    signatureSchemes: [...new Set([...signatureSchemes.tls13, ...signatureSchemes.tls12])],
    certificates: certificates.map(({ fingerprint, notAfter }) => ({ fingerprint, notAfter })),
    programs,
  };
}

const NOTHING_SERVED: Omit<ServiceFacts, 'address' | 'programs'> = {
  preferred: null,
  method: null,
  supported: [],
  versions: [],
  groups: [],
  signatureSchemes: [],
  certificates: [],
};

function unaskedResult(service: ServicePolicy): SubjectResult {
  return {
    id: idOf(service),
    kind: 'service',
    label: labelOf(service),
    statement: 'Not checked: the policy requires no service evidence',
    status: 'not-checked',
    observed: null,
    findings: [],
  };
}

function idOf({ name, address }: ServicePolicy): string {
  return subjectId({ kind: 'service', name, address });
}

function labelOf({ name, address }: ServicePolicy): string {
  return `Service: ${name} [${address}]`;
}
