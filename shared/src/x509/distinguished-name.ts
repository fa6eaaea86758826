import { type DerNode, objectId, sequence, set, TAG, text } from './der.js';
import { OID } from './object-ids.js';

/** RFC 5280, appendix A: ub-common-name. */
const MAX_COMMON_NAME = 64;

/** A Name with one common name. It is for people: identity is the URI SAN, so a longer name is cut, not refused. */
export function distinguishedName(commonName: string): DerNode {
  const cut = Array.from(commonName).slice(0, MAX_COMMON_NAME).join('');
  return sequence(set(sequence(objectId(OID.commonName), text(TAG.utf8String, cut))));
}
