import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { parseHostPort } from '@sealwatch/shared/runtime/host-port.js';
import { readInput } from '@sealwatch/shared/runtime/read-input.js';
import { parseBundle } from '@sealwatch/shared/trust/enrollment-bundle.js';
import { type EnrollmentToken, parseToken } from '@sealwatch/shared/trust/enrollment-token.js';
import { certificatePem } from '@sealwatch/shared/x509/pem.js';
import { type Certificate, readCertificate } from '@sealwatch/shared/x509/read-certificate.js';

/** What an operator hands a host so that it can enrol; checked against itself, nothing dialled yet. */
export interface EnrollmentSource {
  /** `host:port` of the mutual-TLS listener. */
  readonly address: string;
  /** `host:port` of the enrolment listener. */
  readonly enrollAddress: string;
  readonly token: EnrollmentToken;
  /** The secret as it travels. */
  readonly tokenText: string;
  /** Pinned from here on. */
  readonly root: Certificate;
  readonly rootPem: string;
}

const MAX_BYTES = 64 * 1024;

/** One file from `sealwatch provision`. @throws CodedError('config.invalid' | 'token.invalid' | 'certificate.*' | 'file.unreadable') */
export async function sourceFromBundle(path: string): Promise<EnrollmentSource> {
  const { root, address, enrollAddress, token } = parseBundle(await readInput(path, MAX_BYTES), path);
  return source({ address, enrollAddress, tokenText: token, rootText: root, rootName: `the root in ${path}` });
}

/** The same in pieces. @throws as `sourceFromBundle` */
export async function sourceFromFlags(flags: {
  token: string;
  address: string;
  enrollAddress: string;
  root: string;
}): Promise<EnrollmentSource> {
  const { token: tokenText, address, enrollAddress, root } = flags;
  const rootText = (await readInput(root, MAX_BYTES)).toString('latin1');
  return source({ address, enrollAddress, tokenText, rootText, rootName: root });
}

function source(parts: {
  address: string;
  enrollAddress: string;
  tokenText: string;
  rootText: string;
  rootName: string;
}): EnrollmentSource {
  const { address, enrollAddress, tokenText, rootText, rootName } = parts;
  for (const text of [address, enrollAddress]) {
    if (parseHostPort(text) === undefined) {
      throw new CodedError('config.invalid', `${JSON.stringify(text)} is no HOST:PORT, like 10.0.0.5:7443`);
    }
  }
  const token = parseToken(tokenText);
  const root = readCertificate(rootText, rootName);
  // the token came from the operator: a root it does not name is somebody else's
  if (root.publicKey.keyid !== token.rootKeyid) {
    throw new CodedError('certificate.rejected', `${rootName} is not the root that the token names; nothing was sent`);
  }
  return { address, enrollAddress, token, tokenText, root, rootPem: certificatePem(root.der) };
}
