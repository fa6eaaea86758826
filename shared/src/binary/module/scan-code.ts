import { loadedSegments, type ProgramImage } from '../elf/program-image.js';
import { scanWindows } from '../elf/scan-windows.js';
import {
  type CodeSignature,
  SIGNATURE_ALIGNMENT,
  SIGNATURE_BYTES,
  SIGNATURE_PREFIX,
  signatureOf,
} from './code-signatures.js';
import type { KnownBoringModule } from './known-boring-modules.js';

/** What one reading of the code finds. */
export interface CodeScan {
  readonly signatures: ReadonlySet<CodeSignature>;
  /** Where the hash of a known build begins: the first sixteen bytes of it are compared. */
  readonly knownHashes: readonly { readonly module: KnownBoringModule; readonly address: number }[];
}

const HASH_PREFIX_BYTES = 16;
const MAX_HITS = 8;

export async function scanCode(image: ProgramImage, known: readonly KnownBoringModule[]): Promise<CodeScan> {
  const { machine } = image.elf.header;
  const signatures = new Set<CodeSignature>();
  const knownHashes: { module: KnownBoringModule; address: number }[] = [];
  const wanted = known
    .filter((module) => module.machine === machine)
    .map((module) => ({ module, prefix: Buffer.from(module.hash, 'hex').subarray(0, HASH_PREFIX_BYTES) }));
  for (const { address, fileBytes } of loadedSegments(image, { executable: true })) {
    const range = { start: address, end: address + fileBytes, overlap: SIGNATURE_BYTES - 1 };
    await scanWindows(image.memory, range, (window, position) => {
      if (machine === 'amd64') {
        for (const at of occurrences(window, SIGNATURE_PREFIX)) {
          if ((position + at) % SIGNATURE_ALIGNMENT !== 0) continue;
          const signature = signatureOf(window.subarray(at));
          if (signature !== undefined) signatures.add(signature);
        }
      }
      for (const { module, prefix } of wanted) {
        for (const at of occurrences(window, prefix)) {
          const hit = { module, address: position + at };
          const seen = knownHashes.some((other) => other.address === hit.address);
          if (!seen && knownHashes.length < MAX_HITS) knownHashes.push(hit);
        }
      }
    });
  }
  return { signatures, knownHashes };
}

function* occurrences(bytes: Buffer, wanted: Buffer): Iterable<number> {
  for (let at = bytes.indexOf(wanted); at !== -1; at = bytes.indexOf(wanted, at + 1)) yield at;
}
