/** What a profile can say against a service. Once shipped a code is for ever. */
export type ProfileFindingCode =
  | 'tls.unreachable'
  | 'tls.not-served'
  | 'tls.incomplete'
  | 'tls.version'
  | 'tls.version-missing'
  | 'tls.suite'
  | 'tls.group'
  | 'tls.dh-prime'
  | 'tls.signature-scheme'
  | 'tls.certificate-unseen'
  | 'tls.certificate-key'
  | 'tls.certificate-signature'
  | 'tls.certificate-validity'
  | 'tls.certificate-name'
  | 'tls.certificate-usage'
  | 'tls.certificate-untrusted'
  | 'tls.extended-master-secret'
  | 'tls.secure-renegotiation'
  | 'tls.compression';

export type ProfileSeverity = 'fail' | 'warn' | 'unknown';

/** One deviation of a service from a profile; a value like every finding. */
export interface ProfileFinding {
  readonly code: ProfileFindingCode;
  /** `unknown` fails as `fail` does; `warn` does not. */
  readonly severity: ProfileSeverity;
  /** The version, suite, group, scheme, certificate it is about; the reason if nothing was served. */
  readonly item: string;
  readonly meaning: string;
  /** The rule's source. */
  readonly source: string;
}

export const MEANINGS: Readonly<Record<ProfileFindingCode, string>> = {
  'tls.unreachable': 'Nothing answers at the address',
  'tls.not-served': 'What answers serves no TLS that could be judged',
  'tls.incomplete': 'The probe could not finish, so what was not seen may be served',
  'tls.version': 'A protocol version outside the profile is accepted',
  'tls.version-missing': 'A protocol version the profile requires is not accepted',
  'tls.suite': 'A cipher suite outside the profile is accepted',
  'tls.group': 'A key exchange group outside the profile is accepted',
  'tls.dh-prime': 'The Diffie-Hellman prime is too short',
  'tls.signature-scheme': 'The server signs its handshake with a scheme outside the profile',
  'tls.certificate-unseen': 'No certificate of the server could be seen',
  'tls.certificate-key': "The certificate's key is outside the profile",
  'tls.certificate-signature': 'The certificate is signed with an algorithm outside the profile',
  'tls.certificate-validity': 'The certificate is not valid now',
  'tls.certificate-name': 'The certificate is for another name',
  'tls.certificate-usage': 'The certificate is not for a TLS server',
  'tls.certificate-untrusted': 'The certificate does not lead to the given authority',
  'tls.extended-master-secret': 'Extended master secret is not supported',
  'tls.secure-renegotiation': 'Secure renegotiation is not supported',
  'tls.compression': 'TLS compression is accepted',
};

export function profileFinding(
  code: ProfileFindingCode,
  severity: ProfileSeverity,
  item: string,
  source: string,
): ProfileFinding {
  return { code, severity, item, meaning: MEANINGS[code], source };
}
