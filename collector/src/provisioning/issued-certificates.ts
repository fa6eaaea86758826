import { readPrivateFileIfThere, writePrivateFile } from '@sealwatch/shared/runtime/private-files.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { timestampSchema } from '@sealwatch/shared/measurement/field-schemas.js';
import { parsePayload } from '@sealwatch/shared/statement/parse-payload.js';
import { HOST_NAME } from '@sealwatch/shared/subject/component.js';
import type { Certificate } from '@sealwatch/shared/x509/read-certificate.js';
import * as z from 'zod/mini';
import type { NewCertificate } from '../store/enrollment-store.js';

/** `certificates.json`: what provisioning issued under the issuing CA, for the collector to record when it starts. */
const schema = z.array(
  z.strictObject({
    serial: z.string().check(z.regex(/^[0-9a-f]{1,40}$/)),
    purpose: z.enum(['collector-tls', 'operator-tls']),
    name: z.string().check(z.regex(HOST_NAME)),
    keyid: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
    notBefore: timestampSchema,
    notAfter: timestampSchema,
    /** Base64. */
    der: z.string().check(z.regex(/^[A-Za-z0-9+/]+={0,2}$/), z.maxLength(100_000)),
  }),
);

/** Empty if there is no file. @throws CodedError('config.invalid' | 'file.*') */
export async function readIssuedCertificates(file: string): Promise<NewCertificate[]> {
  const bytes = await readPrivateFileIfThere(file);
  if (bytes === undefined) return [];
  const entries = parsePayload(bytes, {
    schema,
    what: file,
    maxBytes: 16 * 1024 * 1024,
    code: 'config.invalid',
  });
  return entries.map((entry) => ({ ...entry, der: Buffer.from(entry.der, 'base64') }));
}

/** Adds one; those there stay. */
export async function recordIssuedCertificate(
  file: string,
  issued: { certificate: Certificate; purpose: 'collector-tls' | 'operator-tls'; name: string },
): Promise<void> {
  const { certificate, purpose, name } = issued;
  const entry: NewCertificate = {
    serial: certificate.serial,
    purpose,
    name,
    keyid: certificate.publicKey.keyid,
    notBefore: timestamp(certificate.notBefore),
    notAfter: timestamp(certificate.notAfter),
    der: certificate.der,
  };
  const entries = [...(await readIssuedCertificates(file)), entry];
  const json = entries.map((each) => ({ ...each, der: each.der.toString('base64') }));
  await writePrivateFile(file, `${JSON.stringify(json, null, 2)}\n`);
}
