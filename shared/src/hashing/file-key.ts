import type { BigIntStats } from 'node:fs';

/** One file in one state: any write moves the ctime. `dev:ino:size:mtimeNs:ctimeNs`, decimal. */
export function fileKey({
  dev,
  ino,
  size,
  mtimeNs,
  ctimeNs,
}: Pick<BigIntStats, 'dev' | 'ino' | 'size' | 'mtimeNs' | 'ctimeNs'>): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join(':');
}
