import { isDigest } from '../hashing/digest.js';
import type { Problems } from '../runtime/problems.js';
import type { Head } from '../statement/report.js';
import type { Head as WireHead, HeadInput } from './generated/sealwatch/v1/Head.js';

/** Null if there is none; what is wrong with it is added to `problems`. */
export function toHead(wire: WireHead | null | undefined, path: string, problems: Problems): Head | null {
  if (wire === null || wire === undefined) return null;
  const { epoch, sequence, digest } = wire;
  if (epoch < 1) problems.add(`${path}.epoch`, 'must be 1 or more');
  if (sequence < 1) problems.add(`${path}.sequence`, 'must be 1 or more');
  if (isDigest(digest)) return { epoch, sequence, digest };
  problems.add(`${path}.digest`, 'must be sha256: and 64 lower-case hex digits');
  return null;
}

export function fromHead(head: Head | null): HeadInput | null {
  return head === null ? null : { epoch: head.epoch, sequence: head.sequence, digest: head.digest };
}
