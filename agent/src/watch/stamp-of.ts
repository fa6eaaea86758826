import { type BigIntStats, lstatSync } from 'node:fs';
import { errnoOf } from '@sealwatch/shared/runtime/coded-error.js';

/**
 * What a few places look like, as a text to compare with a later one: number, size and times of what is there, and
 * which directories lead there. No link at any of them is followed, and nothing is opened.
 * @param places below the root
 */
export function stampOf(root: string, places: readonly Buffer[]): string {
  return places
    .map((place) => [...waysTo(place)].map((way) => identityOf(root, way)).concat(lookOf(root, place)))
    .join(' ');
}

const SLASH = 0x2f;

/** `/usr` and `/usr/bin` for `/usr/bin/kubelet`. */
function* waysTo(place: Buffer): Iterable<Buffer> {
  for (let slash = place.indexOf(SLASH, 1); slash !== -1; slash = place.indexOf(SLASH, slash + 1)) {
    yield place.subarray(0, slash);
  }
}

function identityOf(root: string, place: Buffer): string {
  const stat = statOf(root, place);
  return typeof stat === 'string' ? stat : `${String(stat.dev)}:${String(stat.ino)}`;
}

function lookOf(root: string, place: Buffer): string {
  const stat = statOf(root, place);
  if (typeof stat === 'string') return stat;
  const { dev, ino, size, mode, mtimeNs, ctimeNs } = stat;
  return [dev, ino, size, mode, mtimeNs, ctimeNs].join(':');
}

function statOf(root: string, place: Buffer): BigIntStats | string {
  try {
    return lstatSync(Buffer.concat([Buffer.from(root), place]), { bigint: true });
  } catch (error) {
    return errnoOf(error) ?? 'unreadable';
  }
}
