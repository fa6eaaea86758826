import { printable } from '../runtime/printable.js';
import type { ServedTls, TlsObservation } from './tls-observation.js';

const SUITE_INDENT = ' '.repeat(16);

/**
 * A service as the printed report shows it: its preferred suite and every suite it accepts, then what else was seen. A
 * suite of several versions is named once, in the order of the newest.
 */
export function renderObservation(name: string, observation: TlsObservation): string[] {
  const heading = `Service: ${printable(name)}`;
  if (observation.state !== 'served')
    return [heading, `${STATES[observation.state]}: ${printable(observation.reason)}`];
  const suites = new Set(observation.versions.flatMap((version) => version.suites));
  return [
    heading,
    `Preferred Cipher: ${observation.preferred.suite}`,
    'Supported Ciphers:',
    '',
    ...[...suites].map((suite) => `${SUITE_INDENT}${suite}`),
    '',
    ...renderFacts(observation),
  ];
}

const STATES = {
  unreachable: 'Unreachable',
  timeout: 'No TLS answer',
  'not-tls': 'Not TLS',
  refused: 'Refused',
  stopped: 'Not finished',
} as const;

const PREFERENCES = {
  server: "the server's",
  client: "the client's",
  hints: "the server's, by what the client puts first",
  single: 'nobody has a choice',
  unknown: 'not known',
} as const;

function renderFacts(served: ServedTls): string[] {
  const { preferred, groups, signatureSchemes, dhPrimeBits } = served;
  const facts: [string, string | null][] = [
    ['Versions', served.versions.map(({ version }) => version).join(', ')],
    ['Preference', `${PREFERENCES[preferred.preference]} in ${preferred.version} (${preferred.method})`],
    ['Groups', list([...groups.tls13, ...groups.tls12])],
    ['Diffie-Hellman prime', dhPrimeBits === null ? null : `${String(dhPrimeBits)} bits`],
    ['Signatures', list([...signatureSchemes.tls13, ...signatureSchemes.tls12])],
    ['Extended master secret', yesNo(served.extendedMasterSecret)],
    ['Secure renegotiation', yesNo(served.secureRenegotiation)],
    ['Compression', yesNo(served.compression)],
    ['Client certificate', served.clientCertificate.replace('-', ' ')],
    ['Application protocol', served.alpn],
  ];
  return [
    ...facts.flatMap(([title, fact]) => (fact === null ? [] : [`${title}: ${printable(fact)}`])),
    ...served.certificates.flatMap(renderCertificate),
  ];
}

function renderCertificate(certificate: ServedTls['certificates'][number]): string[] {
  const { subject, issuer, keyType, keyBits, curve, signatureAlgorithm, trust } = certificate;
  const key = [keyType, curve ?? (keyBits === null ? '' : String(keyBits))].filter((part) => part !== '').join(' ');
  const facts = [
    `Certificate: ${oneLine(subject)}, issued by ${oneLine(issuer)}`,
    `    ${key}, ${signatureAlgorithm}, ${certificate.notBefore ?? 'unknown'} to ${certificate.notAfter ?? 'unknown'}`,
    `    ${certificate.fingerprint}`,
  ];
  if (trust.state === 'trusted') facts.push('    leads to the given authority');
  return facts.map(printable);
}

/** OpenSSL prints one attribute a line. */
function oneLine(name: string): string {
  return name.split('\n').join(', ');
}

function list(items: readonly string[]): string | null {
  return items.length === 0 ? null : [...new Set(items)].join(', ');
}

function yesNo(fact: boolean | null): string | null {
  return fact === null ? null : fact ? 'yes' : 'no';
}
