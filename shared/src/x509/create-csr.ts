import { createPublicKey, type KeyObject, sign } from 'node:crypto';
import { requireP256 } from '../signing/require-p256.js';
import { bitString, decodeDer, encodeDer, integer, objectId, sequence, tagged } from './der.js';
import { distinguishedName } from './distinguished-name.js';
import { OID } from './object-ids.js';

/** A PKCS#10 request (RFC 2986), DER. Its name is for people: an issuer takes only the public key. @throws CodedError('key.invalid') */
export function createCsr(input: { privateKey: KeyObject; commonName: string }): Buffer {
  const privateKey = requireP256(input.privateKey, 'the key to certify');
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const info = sequence(
    integer(Buffer.from([0])),
    distinguishedName(input.commonName),
    decodeDer(spki, { maxBytes: 4096 }),
    tagged(0),
  );
  const signature = sign('sha256', encodeDer(info), { key: privateKey, dsaEncoding: 'der' });
  return encodeDer(sequence(info, sequence(objectId(OID.ecdsaWithSha256)), bitString(signature)));
}
