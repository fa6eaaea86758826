import type { CatalogueEntry } from '../appraisal/catalogue-entry.js';

const RECONFIGURE = "Set the service's TLS options so that it offers only what the profile allows, then restart it";
const REISSUE = 'Issue a certificate for the service that the profile allows, and restart it';
const LOOK = 'Look at the service: it does not behave as a TLS server';

/** What a profile can say against a service. Once shipped a code is for ever. */
export type TlsFindingCode =
  | 'tls.unreachable'
  | 'tls.not-served'
  | 'tls.incomplete'
  | 'tls.version'
  | 'tls.version-missing'
  | 'tls.suite'
  | 'tls.group'
  | 'tls.dh-prime'
  | 'tls.signature-scheme'
  | 'tls.deprecated'
  | 'tls.conditional'
  | 'tls.advised'
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

export const TLS_FINDINGS: Readonly<Record<TlsFindingCode, CatalogueEntry>> = {
  'tls.unreachable': {
    severity: 'fail',
    fixed: true,
    meaning: 'Nothing answers at the address',
    remedy: 'Start the service, or correct its address in cluster.yaml',
  },
  'tls.not-served': {
    severity: 'fail',
    fixed: true,
    meaning: 'What answers serves no TLS that could be judged',
    remedy: LOOK,
  },
  'tls.incomplete': {
    severity: 'unknown',
    fixed: true,
    meaning: 'The probe could not finish, so what was not seen may be served',
    remedy: 'Run sealwatch-agent probe ADDRESS on the host; a busy or rate-limiting server needs another look',
  },
  'tls.version': {
    severity: 'fail',
    fixed: false,
    meaning: 'A protocol version outside the profile is accepted',
    remedy: RECONFIGURE,
  },
  'tls.version-missing': {
    severity: 'fail',
    fixed: false,
    meaning: 'A protocol version the profile requires is not accepted',
    remedy: RECONFIGURE,
  },
  'tls.suite': {
    severity: 'fail',
    fixed: false,
    meaning: 'A cipher suite outside the profile is accepted',
    remedy: RECONFIGURE,
  },
  'tls.group': {
    severity: 'fail',
    fixed: false,
    meaning: 'A key exchange group outside the profile is accepted',
    remedy: RECONFIGURE,
  },
  'tls.dh-prime': {
    severity: 'fail',
    fixed: false,
    meaning: 'The Diffie-Hellman prime has a size outside the profile',
    remedy: RECONFIGURE,
  },
  'tls.signature-scheme': {
    severity: 'fail',
    fixed: false,
    meaning: 'The server signs its handshake with a scheme outside the profile',
    remedy: RECONFIGURE,
  },
  'tls.deprecated': {
    severity: 'warn',
    fixed: false,
    meaning: 'The profile still allows it, but it is deprecated',
    remedy: 'Plan to take it out',
  },
  'tls.conditional': {
    severity: 'warn',
    fixed: false,
    meaning: 'The profile allows it under conditions',
    remedy: 'See that the conditions named by its source are met',
  },
  'tls.advised': {
    severity: 'warn',
    fixed: false,
    meaning: 'The profile advises it, and the service does not do it',
    remedy: RECONFIGURE,
  },
  'tls.certificate-unseen': {
    severity: 'unknown',
    fixed: true,
    meaning: 'No certificate of the server could be seen',
    remedy: LOOK,
  },
  'tls.certificate-key': {
    severity: 'fail',
    fixed: false,
    meaning: "The certificate's key is outside the profile",
    remedy: REISSUE,
  },
  'tls.certificate-signature': {
    severity: 'fail',
    fixed: false,
    meaning: 'The certificate is signed with an algorithm outside the profile',
    remedy: REISSUE,
  },
  'tls.certificate-validity': {
    severity: 'fail',
    fixed: false,
    meaning: 'The certificate is not valid now',
    remedy: REISSUE,
  },
  'tls.certificate-name': {
    severity: 'fail',
    fixed: false,
    meaning: 'The certificate is for another name',
    remedy: REISSUE,
  },
  'tls.certificate-usage': {
    severity: 'fail',
    fixed: false,
    meaning: 'The certificate is not for a TLS server',
    remedy: REISSUE,
  },
  'tls.certificate-untrusted': {
    severity: 'fail',
    fixed: false,
    meaning: 'The certificate does not lead to the given authority',
    remedy: 'Issue the certificate from the authority named for the service, or name the right one in cluster.yaml',
  },
  'tls.extended-master-secret': {
    severity: 'fail',
    fixed: false,
    meaning: 'Extended master secret is not supported',
    remedy: RECONFIGURE,
  },
  'tls.secure-renegotiation': {
    severity: 'fail',
    fixed: false,
    meaning: 'Secure renegotiation is not supported',
    remedy: RECONFIGURE,
  },
  'tls.compression': {
    severity: 'fail',
    fixed: false,
    meaning: 'TLS compression is accepted',
    remedy: RECONFIGURE,
  },
};
