import type { ListenerObservation, ServiceMeasurement, TlsConfiguration } from '../measurement/service-measurement.js';
import type { ServedCertificate, ServedTls, TlsObservation } from '../probe/tls-observation.js';

export type ListFacet =
  'version' | 'suite' | 'group' | 'signature-scheme' | 'certificate' | 'program' | 'configuration' | 'unanswered';

export type FactFacet =
  | 'answer'
  | 'address'
  | 'preferred-suite'
  | 'preference'
  | 'client-certificate'
  | 'application-protocol'
  | 'dh-prime'
  | 'extended-master-secret'
  | 'secure-renegotiation'
  | 'compression'
  | 'authority'
  | 'listener';

/** `version`: the protocol version it holds for, where it holds for one: `TLS 1.3`, `up to TLS 1.2`. */
export interface ServiceList {
  readonly what: ListFacet;
  readonly version: string | null;
  /** Each once, in the service's order. */
  readonly items: readonly string[];
}

export interface ServiceFact {
  readonly what: FactFacet;
  readonly version: string | null;
  /** Null: the service says nothing of it. */
  readonly value: string | null;
}

/** A service measurement as texts that can be laid beside an earlier one's. Without TLS there is nothing of TLS in it. */
export interface ServiceFacets {
  readonly lists: readonly ServiceList[];
  readonly facts: readonly ServiceFact[];
}

export function serviceFacets({ subject, observed }: ServiceMeasurement): ServiceFacets {
  const { tls, listener, authority, configured } = observed;
  return {
    facts: [
      fact('answer', answerText(tls)),
      fact('address', subject.address),
      ...(tls.state === 'served' ? servedFacts(tls) : []),
      fact('authority', authority.state === 'used' ? authority.digest : stateText(authority)),
      fact('listener', stateText(listener)),
    ],
    lists: [
      ...(tls.state === 'served' ? servedLists(tls) : []),
      list('program', programTexts(listener)),
      list('configuration', configured.map(configurationText)),
    ],
  };
}

function servedFacts(tls: ServedTls): ServiceFact[] {
  return [
    fact('preferred-suite', `${tls.preferred.suite} in ${tls.preferred.version}`),
    ...tls.versions.map(({ version, preference }) => fact('preference', preference, version)),
    fact('client-certificate', tls.clientCertificate),
    fact('application-protocol', tls.alpn),
    fact('dh-prime', tls.dhPrimeBits === null ? null : `${String(tls.dhPrimeBits)} bits`),
    fact('extended-master-secret', yesNo(tls.extendedMasterSecret)),
    fact('secure-renegotiation', yesNo(tls.secureRenegotiation)),
    fact('compression', yesNo(tls.compression)),
  ];
}

/** A suite by version: one that leaves TLS 1.2 has gone, also if TLS 1.0 still takes it. */
function servedLists(tls: ServedTls): ServiceList[] {
  const { versions, groups, signatureSchemes, certificates, unanswered } = tls;
  const names = versions.map(({ version }) => version);
  return [
    list('version', names),
    ...versions.map(({ version, suites }) => list('suite', suites, version)),
    list('group', groups.tls13, 'TLS 1.3'),
    list('group', groups.tls12, 'up to TLS 1.2'),
    list('signature-scheme', signatureSchemes.tls13, 'TLS 1.3'),
    list('signature-scheme', signatureSchemes.tls12, 'up to TLS 1.2'),
    list('certificate', certificates.map(certificateText)),
    list('unanswered', unanswered),
  ];
}

function answerText(tls: TlsObservation): string {
  return tls.state === 'served' ? 'served' : `${tls.state}: ${tls.reason}`;
}

function certificateText({ fingerprint, subject, notAfter, trust, matchesName }: ServedCertificate): string {
  const named = matchesName === false ? ', for another name' : '';
  // OpenSSL writes one attribute a line
  const owner = subject.split('\n').join(', ');
  return `${fingerprint} (${owner}), until ${notAfter ?? 'unknown'}, ${stateText(trust)}${named}`;
}

function programTexts(listener: ListenerObservation): string[] {
  if (listener.state !== 'found') return [];
  return listener.programs.map(({ executable, digest, deleted }) =>
    [executable, typeof digest === 'string' ? digest : stateText(digest), ...(deleted ? ['deleted'] : [])].join(' '),
  );
}

function configurationText({ source, settings }: TlsConfiguration): string {
  if (settings.state === 'unreadable') return `${source}: ${stateText(settings)}`;
  const { suites, minVersion, maxVersion } = settings;
  const told = suites === null ? 'default suites' : `suites ${suites.join(', ')}`;
  return `${source}: ${minVersion ?? 'default'} to ${maxVersion ?? 'default'}, ${told}`;
}

function stateText(seen: { readonly state: string; readonly reason?: string }): string {
  return seen.reason === undefined ? seen.state : `${seen.state}: ${seen.reason}`;
}

function yesNo(fact: boolean | null): string | null {
  return fact === null ? null : fact ? 'yes' : 'no';
}

function list(what: ListFacet, items: readonly string[], version: string | null = null): ServiceList {
  return { what, version, items: [...new Set(items)] };
}

function fact(what: FactFacet, value: string | null, version: string | null = null): ServiceFact {
  return { what, version, value };
}
