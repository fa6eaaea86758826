import { type Digest, isDigest } from '../hashing/digest.js';
import type { Timestamp } from '../runtime/timestamp.js';
import type { Image } from '../wire/generated/containerd/services/images/v1/Image.js';
import { fromWireTime } from './wire-time.js';

/** An image as containerd names it: a name that points to an index or a manifest in the content store. */
export interface ContainerdImage {
  readonly name: string;
  readonly target: {
    /** Undefined if it is no sha256 digest. */
    readonly digest: Digest | undefined;
    readonly mediaType: string;
    /** Bytes, as the descriptor claims. */
    readonly size: number;
  };
  readonly labels: ReadonlyMap<string, string>;
  readonly createdAt: Timestamp | undefined;
  readonly updatedAt: Timestamp | undefined;
}

export function toImage(wire: Image): ContainerdImage {
  const digest = wire.target?.digest ?? '';
  return {
    name: wire.name,
    target: {
      digest: isDigest(digest) ? digest : undefined,
      mediaType: wire.target?.mediaType ?? '',
      size: Number(wire.target?.size ?? 0),
    },
    labels: new Map(Object.entries(wire.labels)),
    createdAt: fromWireTime(wire.createdAt),
    updatedAt: fromWireTime(wire.updatedAt),
  };
}
