/** IANA, TLS Alerts: those that clearly refuse a version or all suites. */
export const ALERT = {
  handshakeFailure: 40,
  protocolVersion: 70,
  insufficientSecurity: 71,
  inappropriateFallback: 86,
} as const;

const NAMES = new Map([
  [0, 'close_notify'],
  [10, 'unexpected_message'],
  [20, 'bad_record_mac'],
  [22, 'record_overflow'],
  [40, 'handshake_failure'],
  [41, 'no_certificate'],
  [42, 'bad_certificate'],
  [43, 'unsupported_certificate'],
  [46, 'certificate_unknown'],
  [47, 'illegal_parameter'],
  [49, 'access_denied'],
  [50, 'decode_error'],
  [51, 'decrypt_error'],
  [70, 'protocol_version'],
  [71, 'insufficient_security'],
  [80, 'internal_error'],
  [86, 'inappropriate_fallback'],
  [90, 'user_canceled'],
  [109, 'missing_extension'],
  [110, 'unsupported_extension'],
  [112, 'unrecognized_name'],
  [115, 'unknown_psk_identity'],
  [116, 'certificate_required'],
  [120, 'no_application_protocol'],
]);

export function alertName(description: number): string {
  return NAMES.get(description) ?? `alert ${String(description)}`;
}
