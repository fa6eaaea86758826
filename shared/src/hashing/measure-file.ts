import type { BigIntStats } from 'node:fs';
import type { FileCapabilities } from '../measurement/file-capabilities.js';
import type { FileMeasurement, FileObservation } from '../measurement/file-measurement.js';
import { isAbsolutePathText, pathBytes, pathText } from '../subject/path-text.js';
import type { FileSubject } from '../subject/subject.js';
import { hashBelow } from './hash-below.js';
import type { HashOptions } from './hash-file.js';

/** A file that was hashed, and the state it was hashed in. */
export interface SeenFile {
  readonly root: string;
  /** Below the root, without symlinks. */
  readonly realPath: Buffer;
  readonly stat: BigIntStats;
}

/** Rejects only to end the whole scan. */
export type CapabilitiesOf = (file: SeenFile) => Promise<FileCapabilities>;

export interface MeasureFileOptions extends Pick<HashOptions, 'pause' | 'onBytes'> {
  /** Left out: the measurement says nothing of capabilities. */
  readonly capabilitiesOf?: CapabilitiesOf;
}

/** What is at one path below a root directory. Throws only what `capabilitiesOf` does: whatever goes wrong is part of the answer. */
export async function measureFile(
  root: string,
  subject: FileSubject,
  options: MeasureFileOptions = {},
): Promise<FileMeasurement> {
  return { subject, observed: await observe(root, subject.path, options) };
}

async function observe(
  root: string,
  path: string,
  { capabilitiesOf, ...options }: MeasureFileOptions,
): Promise<FileObservation> {
  const bytes = pathBytes(path);
  if (bytes === undefined) return { state: 'unreadable', reason: 'no path' };
  const found = await hashBelow(root, bytes, options);
  if (found.state !== 'hashed') return found;
  const realPath = pathText(found.realPath);
  // a chain of links can lead deeper than any document may say
  if (!isAbsolutePathText(realPath)) return { state: 'unreadable', reason: 'leads to a path that is too long' };
  const { stat, digest } = found;
  const capabilities = await capabilitiesOf?.({ root, realPath: found.realPath, stat });
  return {
    state: 'present',
    realPath,
    size: stat.size.toString(),
    digest,
    mode: (stat.mode & 0o7777n).toString(8).padStart(4, '0'),
    uid: Number(stat.uid),
    gid: Number(stat.gid),
    ...(capabilities === undefined ? {} : { capabilities }),
  };
}
