import { wallTime } from '../runtime/timestamp.js';
import { judgeCertificate } from './judge-certificate.js';
import { sizeFits, standingOf } from './judge-items.js';
import type { Requirement, TlsProfile, Trait } from './profile.js';
import { profileFinding, type ProfileFinding } from './profile-finding.js';
import type { TlsFindingCode } from './tls-findings.js';
import type { ServedTls, TlsObservation } from './tls-observation.js';

/**
 * A service against a profile. Pure; the empty list is the only full agreement, and anything that was not seen is a
 * finding.
 * @param at when it is judged, milliseconds since the Unix epoch: certificates come and go
 */
export function judgeObservation(observation: TlsObservation, profile: TlsProfile, at: number): ProfileFinding[] {
  switch (observation.state) {
    case 'served':
      return judgeServed(observation, profile, at);
    case 'unreachable':
      return [profileFinding('tls.unreachable', observation.reason, NOT_SKIPPED)];
    case 'stopped':
      return [profileFinding('tls.incomplete', observation.reason, NOT_SKIPPED)];
    case 'timeout':
    case 'not-tls':
    case 'refused':
      return [profileFinding('tls.not-served', observation.reason, NOT_SKIPPED)];
  }
}

const NOT_SKIPPED = 'Sealwatch: a service that can not be judged does not pass';

/** A warning is no failure; everything else is. */
export function observationPasses(findings: readonly ProfileFinding[]): boolean {
  return findings.every(({ severity }) => severity === 'warn');
}

function judgeServed(served: ServedTls, profile: TlsProfile, at: number): ProfileFinding[] {
  const versions = served.versions.map(({ version }) => version);
  const suites = served.versions.flatMap((version) => version.suites);
  const { groups, signatureSchemes } = served;
  return [
    ...served.unanswered.map((what) => profileFinding('tls.incomplete', what, NOT_SKIPPED)),
    ...standingOf(versions, profile.versions, 'tls.version'),
    ...profile.requiredVersions
      .filter(({ name }) => !versions.includes(name))
      .map((requirement) => missing('tls.version-missing', requirement)),
    ...standingOf(suites, profile.suites, 'tls.suite'),
    ...standingOf([...groups.tls12, ...groups.tls13], profile.groups, 'tls.group'),
    ...judgePrime(served, profile),
    ...standingOf(
      [...signatureSchemes.tls12, ...signatureSchemes.tls13],
      profile.signatureSchemes,
      'tls.signature-scheme',
    ),
    ...judgeCertificates(served, profile, at),
    ...judgeTraits(served, profile),
  ];
}

function missing(code: TlsFindingCode, { name, force, source }: Requirement<string>): ProfileFinding {
  return profileFinding(force === 'should' ? 'tls.advised' : code, name, source);
}

function judgePrime({ dhPrimeBits }: ServedTls, { primes }: TlsProfile): ProfileFinding[] {
  if (dhPrimeBits === null || sizeFits(dhPrimeBits, primes.bits)) return [];
  return [profileFinding('tls.dh-prime', `${String(dhPrimeBits)} bits`, primes.source)];
}

function judgeCertificates({ certificates }: ServedTls, profile: TlsProfile, at: number): ProfileFinding[] {
  if (certificates.length === 0) {
    return [profileFinding('tls.certificate-unseen', 'no certificate', NOT_SKIPPED)];
  }
  return certificates.flatMap((certificate) => [
    ...judgeCertificate(certificate, profile),
    ...judgeValidity(certificate, at),
  ]);
}

function judgeValidity(
  { subject, notBefore, notAfter }: ServedTls['certificates'][number],
  at: number,
): ProfileFinding[] {
  const from = notBefore === null ? Infinity : wallTime(notBefore);
  const to = notAfter === null ? -Infinity : wallTime(notAfter);
  if (at >= from && at <= to) return [];
  const span = `${subject}: ${notBefore ?? 'unknown'} to ${notAfter ?? 'unknown'}`;
  return [profileFinding('tls.certificate-validity', span, 'RFC 5280 §4.1.2.5')];
}

const TRAITS: Readonly<Record<Trait, { code: TlsFindingCode; held: (served: ServedTls) => boolean | null }>> = {
  'extended-master-secret': {
    code: 'tls.extended-master-secret',
    held: ({ extendedMasterSecret }) => extendedMasterSecret,
  },
  'secure-renegotiation': { code: 'tls.secure-renegotiation', held: ({ secureRenegotiation }) => secureRenegotiation },
  'no-compression': {
    code: 'tls.compression',
    held: ({ compression }) => (compression === null ? null : !compression),
  },
};

/** Null where only TLS 1.3 is served, which has none of these questions. */
function judgeTraits(served: ServedTls, { traits }: TlsProfile): ProfileFinding[] {
  return traits
    .filter(({ name }) => TRAITS[name].held(served) === false)
    .map((requirement) => missing(TRAITS[requirement.name].code, requirement));
}
