import { createHash } from 'node:crypto';

/** `sha256:` and 64 lower-case hex digits, as OCI writes it (image-spec, descriptor, "Digests"). */
export type Digest = `sha256:${string}`;

const PATTERN = /^sha256:[0-9a-f]{64}$/;

export function isDigest(text: string): text is Digest {
  return PATTERN.test(text);
}

export function sha256(bytes: Uint8Array): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** The 32 raw bytes. */
export function digestBytes(digest: Digest): Buffer {
  return Buffer.from(digest.slice('sha256:'.length), 'hex');
}

export function digestOf(raw: Uint8Array): Digest {
  return `sha256:${Buffer.from(raw).toString('hex')}`;
}
