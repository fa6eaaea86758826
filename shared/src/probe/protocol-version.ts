/** The versions that are asked for, newest first. */
export const PROTOCOL_VERSIONS = ['TLS 1.3', 'TLS 1.2', 'TLS 1.1', 'TLS 1.0', 'SSL 3.0'] as const;
export type ProtocolVersion = (typeof PROTOCOL_VERSIONS)[number];

/** On the wire (RFC 8446 §4.1.2, RFC 5246 §6.2.1, RFC 6101 §5.2.1). */
export const VERSION_CODE: Readonly<Record<ProtocolVersion, number>> = {
  'TLS 1.3': 0x0304,
  'TLS 1.2': 0x0303,
  'TLS 1.1': 0x0302,
  'TLS 1.0': 0x0301,
  'SSL 3.0': 0x0300,
};

/** `TLS 1.2`; the number itself for a version nobody knows. */
export function versionName(code: number): string {
  const known = PROTOCOL_VERSIONS.find((version) => VERSION_CODE[version] === code);
  return known ?? `version 0x${code.toString(16).padStart(4, '0')}`;
}
