import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import type { HashOptions } from '@sealwatch/shared/hashing/hash-file.js';
import { measureFile } from '@sealwatch/shared/hashing/measure-file.js';
import type { FileObservation } from '@sealwatch/shared/measurement/file-measurement.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { printable } from '@sealwatch/shared/runtime/printable.js';

export interface ComponentToMeasure {
  readonly name: string;
  /** Path texts. */
  readonly paths: readonly string[];
}

/** A component as it is on this machine, not signed yet. */
export interface MeasuredComponent {
  readonly name: string;
  /** Real paths, as path texts, those that are here first: an agent calls a path that leads elsewhere `file.redirected`. */
  readonly paths: readonly string[];
  readonly digest: Digest;
  /** Bytes, decimal. */
  readonly size: string;
  /** What the publisher should know: links followed, alternatives not there. */
  readonly notes: readonly string[];
}

/**
 * Hashes every path of a component below `root`. At least one must be there, and all that are must be the same file
 * content: a component has one digest.
 * @throws CodedError('file.unreadable' | 'usage.invalid')
 */
export async function measureComponent(
  root: string,
  { name, paths }: ComponentToMeasure,
  options: Pick<HashOptions, 'onBytes'> = {},
): Promise<MeasuredComponent> {
  const real = new Set<string>();
  const absent: string[] = [];
  const notes: string[] = [];
  let first: { path: string; digest: Digest; size: string } | undefined;
  for (const path of paths) {
    const { observed } = await measureFile(root, { kind: 'file', component: name, path }, options);
    if (observed.state === 'absent' && paths.length > 1) {
      notes.push(`${printable(path)} is not here; it is listed as given`);
      absent.push(path);
      continue;
    }
    if (observed.state !== 'present') {
      throw new CodedError('file.unreadable', `component ${name}: ${printable(path)} ${problem(observed)}`);
    }
    const { digest, size, realPath } = observed;
    if (realPath !== path) {
      notes.push(`${printable(path)} leads to ${printable(realPath)}; the manifest names the real path`);
    }
    real.add(realPath);
    first ??= { path, digest, size };
    if (digest !== first.digest) {
      throw new CodedError(
        'usage.invalid',
        `component ${name}: ${printable(first.path)} and ${printable(path)} differ; list them as two components`,
      );
    }
  }
  if (first === undefined) {
    throw new CodedError('file.unreadable', `component ${name}: none of its paths is below ${root}`);
  }
  return { name, paths: [...real, ...absent], digest: first.digest, size: first.size, notes };
}

function problem(observed: Exclude<FileObservation, { state: 'present' }>): string {
  switch (observed.state) {
    case 'absent':
      return 'does not exist';
    case 'not-regular':
      return `is a ${observed.fileType}; only regular files can be signed`;
    case 'unreadable':
      return `can't be read: ${observed.reason}`;
  }
}
