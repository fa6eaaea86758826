import asn1 from 'node-forge/lib/asn1.js';

/** One element of a DER document (X.690). node-forge is the codec and nothing else: no key, hash or random byte of it. */
export interface DerNode {
  readonly tagClass: number;
  readonly type: number;
  readonly constructed: boolean;
  /** The content octets, one char each, or the elements of a constructed node. */
  readonly value: string | DerNode[];
}

export const TAG_CLASS = { universal: 0x00, context: 0x80 } as const;
export const TAG = {
  boolean: 1,
  integer: 2,
  bitString: 3,
  octetString: 4,
  objectId: 6,
  utf8String: 12,
  sequence: 16,
  set: 17,
  utcTime: 23,
  generalizedTime: 24,
} as const;

/** Certificates nest about ten levels. */
const MAX_DEPTH = 24;

export function encodeDer(node: DerNode): Buffer {
  return Buffer.from(asn1.toDer(node).getBytes(), 'latin1');
}

/**
 * Decodes foreign bytes. Only canonical DER passes: the tree must encode to the very bytes it was read from, so
 * nothing can be read two ways (indefinite or padded lengths, padded integers, trailing bytes).
 * @throws Error saying what is wrong; callers name the input
 */
export function decodeDer(bytes: Uint8Array, limits: { maxBytes: number }): DerNode {
  if (bytes.length > limits.maxBytes) {
    throw new Error(`${String(bytes.length)} bytes are more than the ${String(limits.maxBytes)} allowed`);
  }
  const node = asn1.fromDer(Buffer.from(bytes).toString('latin1'), {
    strict: true,
    parseAllBytes: true,
    decodeBitStrings: false,
    maxDepth: MAX_DEPTH,
  });
  if (!encodeDer(node).equals(bytes)) throw new Error('it is not canonical DER');
  return node;
}

export function sequence(...elements: readonly DerNode[]): DerNode {
  return constructed(TAG_CLASS.universal, TAG.sequence, elements);
}

export function set(...elements: readonly DerNode[]): DerNode {
  return constructed(TAG_CLASS.universal, TAG.set, elements);
}

/** `[tag] EXPLICIT`, or an implicitly tagged constructed type. */
export function tagged(tag: number, ...elements: readonly DerNode[]): DerNode {
  return constructed(TAG_CLASS.context, tag, elements);
}

/** `[tag] IMPLICIT` over a primitive type. */
export function taggedBytes(tag: number, content: Uint8Array): DerNode {
  return primitive(TAG_CLASS.context, tag, content);
}

export function objectId(oid: string): DerNode {
  return primitive(TAG_CLASS.universal, TAG.objectId, Buffer.from(asn1.oidToDer(oid).getBytes(), 'latin1'));
}

/** Big-endian magnitude of a number that is not negative. */
export function integer(magnitude: Uint8Array): DerNode {
  const first = magnitude.findIndex((byte) => byte !== 0);
  const digits = first === -1 ? Buffer.alloc(0) : magnitude.subarray(first);
  // a leading zero keeps it positive; the encoder drops the one that is not needed (X.690 §8.3.2)
  return primitive(TAG_CLASS.universal, TAG.integer, Buffer.concat([Buffer.alloc(1), digits]));
}

export function trueValue(): DerNode {
  return primitive(TAG_CLASS.universal, TAG.boolean, Buffer.from([0xff]));
}

/** @param unused bits of the last byte that do not count */
export function bitString(content: Uint8Array, unused = 0): DerNode {
  return primitive(TAG_CLASS.universal, TAG.bitString, Buffer.concat([Buffer.from([unused]), content]));
}

export function octetString(content: Uint8Array): DerNode {
  return primitive(TAG_CLASS.universal, TAG.octetString, content);
}

export function text(type: number, content: string): DerNode {
  return primitive(TAG_CLASS.universal, type, Buffer.from(content, 'utf8'));
}

/** @throws Error if the node is something else */
export function elementsOf(node: DerNode | undefined, type: number, tagClass: number = TAG_CLASS.universal): DerNode[] {
  if (node?.type !== type || node.tagClass !== tagClass || typeof node.value === 'string') {
    throw new Error('an element is missing or of another type');
  }
  return node.value;
}

/** @throws Error if the node is something else */
export function contentOf(node: DerNode | undefined, type: number, tagClass: number = TAG_CLASS.universal): Buffer {
  if (node?.type !== type || node.tagClass !== tagClass || typeof node.value !== 'string') {
    throw new Error('an element is missing or of another type');
  }
  return Buffer.from(node.value, 'latin1');
}

/** @throws Error if the node is no OBJECT IDENTIFIER, or one whose numbers the codec can't hold */
export function oidOf(node: DerNode | undefined): string {
  const content = contentOf(node, TAG.objectId);
  const oid = asn1.derToOid(content.toString('latin1'));
  // arcs over 32 bits wrap around in the codec: one OID must never read as another
  if (!contentOf(objectId(oid), TAG.objectId).equals(content)) throw new Error('an object identifier is out of range');
  return oid;
}

export function isContext(node: DerNode, tag: number): boolean {
  return node.tagClass === TAG_CLASS.context && node.type === tag;
}

function constructed(tagClass: number, type: number, elements: readonly DerNode[]): DerNode {
  return asn1.create(tagClass, type, true, elements);
}

function primitive(tagClass: number, type: number, content: Uint8Array): DerNode {
  return asn1.create(tagClass, type, false, Buffer.from(content).toString('latin1'));
}
