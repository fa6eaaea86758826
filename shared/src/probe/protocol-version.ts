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
