import { unreadableReason } from '@sealwatch/shared/hashing/unreadable-reason.js';
import type { ExecutableMapping } from '@sealwatch/shared/proc/executable-mappings.js';
import type { TextComparison } from '@sealwatch/shared/proc/process-facts.js';
import { compareText, type ComparingOptions, type Difference } from './compare-text.js';
import { countPrivatePages } from './count-private-pages.js';
import { ChangedMeanwhile, EndedMeanwhile } from './meanwhile.js';
import type { OpenMemory } from './open-memory.js';
import { stillMapped } from './read-executable-mappings.js';

/**
 * All executable mappings of one file beside it.
 * @throws EndedMeanwhile, ChangedMeanwhile
 */
export async function compareMappedFile(
  group: readonly ExecutableMapping[],
  file: { readonly fd: number; readonly size: bigint },
  open: OpenMemory,
  directory: string,
  options: ComparingOptions,
): Promise<TextComparison> {
  if (open.state === 'unreadable') return open;
  let different: Difference | null = null;
  let unreadable: Exclude<Compared, { state: 'compared' }> | undefined;
  for (const mapping of group) {
    const seen = await compareUntilSure(open.memory, file, mapping, directory, options);
    if (seen.state === 'unreadable') unreadable ??= seen;
    else if (seen.difference !== null) different = join(different, seen.difference);
  }
  // a difference that was seen outweighs what could not be
  if (different !== null) {
    return { state: 'different', pages: different.pages, firstOffset: different.firstOffset.toString() };
  }
  return unreadable ?? { state: 'equal', privatePages: privatePages(group, open.pagemap) };
}

function privatePages(group: readonly ExecutableMapping[], pagemap: number | undefined): number | null {
  let sum = 0;
  for (const mapping of group) {
    const pages = pagemap === undefined ? null : countPrivatePages(pagemap, mapping);
    if (pages === null) return null;
    sum += pages;
  }
  return sum;
}

type Compared =
  | { readonly state: 'compared'; readonly difference: Difference | null }
  | { readonly state: 'unreadable'; readonly reason: string };

const LOOKS = 8;
const BETWEEN_LOOKS_MS = 2;

/**
 * A library may be unmapped, and another or the same mapped at its address, between any two reads. So what is seen
 * counts at once if it is good; if not, only when it is seen each time of several, with the mapping there each time.
 * @throws EndedMeanwhile, ChangedMeanwhile
 */
async function compareUntilSure(
  memory: number,
  file: { readonly fd: number; readonly size: bigint },
  mapping: ExecutableMapping,
  directory: string,
  options: ComparingOptions,
): Promise<Compared> {
  for (let look = 1; ; look++) {
    const seen = await compareOnce(memory, file, mapping, options);
    if (seen.state === 'compared' && seen.difference === null) return seen;
    if (!stillMapped(directory, mapping)) throw new ChangedMeanwhile();
    if (look === LOOKS) return seen;
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_LOOKS_MS));
  }
}

async function compareOnce(
  memory: number,
  file: { readonly fd: number; readonly size: bigint },
  mapping: ExecutableMapping,
  options: ComparingOptions,
): Promise<Compared> {
  try {
    return { state: 'compared', difference: await compareText(memory, file, mapping, options) };
  } catch (error) {
    if (error instanceof EndedMeanwhile) throw error;
    return { state: 'unreadable', reason: unreadableReason(error) };
  }
}

function join(a: Difference | null, b: Difference): Difference {
  if (a === null) return b;
  return { pages: a.pages + b.pages, firstOffset: a.firstOffset < b.firstOffset ? a.firstOffset : b.firstOffset };
}
