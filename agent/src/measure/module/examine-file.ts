import { type BigIntStats, fstatSync } from 'node:fs';
import { analyzeBinary } from '@sealwatch/shared/binary/analyze-binary.js';
import { descriptorSource } from '@sealwatch/shared/binary/elf/descriptor-source.js';
import { moduleFactsOf } from '@sealwatch/shared/binary/module-facts.js';
import { unreadableReason } from '@sealwatch/shared/hashing/unreadable-reason.js';
import { fileKey } from '@sealwatch/shared/hashing/file-key.js';
import type { CycleMemory } from '../process/cycle-memory.js';
import { hashOnce } from '../process/hash-once.js';
import type { ExaminedFile, KnownFiles } from './module-memory.js';

export interface Examining {
  readonly memory: Pick<CycleMemory, 'digests'>;
  readonly knownFiles: KnownFiles;
  readonly pause?: () => Promise<void>;
  readonly onBytes?: (bytes: number) => void;
}

/** A file that is just being installed is whole a moment later. */
const ATTEMPTS = 3;

/**
 * The facts of an open file, or those known of it. What changes again and again while it is read is unreadable; never
 * throws.
 */
export async function examineFile(fd: number, stat: BigIntStats, examining: Examining): Promise<ExaminedFile> {
  let now = stat;
  for (let attempt = 1; ; attempt++) {
    const examined = await examineOnce(fd, now, examining);
    if (examined !== CHANGED || attempt === ATTEMPTS) return examined;
    now = fstatSync(fd, { bigint: true });
  }
}

const CHANGED: ExaminedFile = { state: 'unreadable', reason: 'changed while being read' };

async function examineOnce(fd: number, stat: BigIntStats, examining: Examining): Promise<ExaminedFile> {
  const { memory, knownFiles, ...options } = examining;
  const key = fileKey(stat);
  const known = knownFiles.get(key);
  if (known !== undefined) return known;
  try {
    const observation = await analyzeBinary(descriptorSource(fd, Number(stat.size), options));
    const digest = observation.state === 'program' ? await hashOnce(fd, stat, memory, options) : undefined;
    if (fileKey(fstatSync(fd, { bigint: true })) !== key) return CHANGED;
    if (digest?.state === 'unreadable') return digest;
    const examined =
      observation.state === 'program' && digest !== undefined
        ? ({ state: 'program', digest: digest.value, facts: moduleFactsOf(observation.facts) } as const)
        : (observation as Exclude<typeof observation, { state: 'program' }>);
    if (examined.state !== 'unreadable') knownFiles.set(key, examined);
    return examined;
  } catch (error) {
    return { state: 'unreadable', reason: unreadableReason(error) };
  }
}
