import { textLines } from './text-lines.js';

export type HmacAlgorithm = 'sha256' | 'sha512';

/** What an HMAC file says of one file. `path` is null where the sidecar's own place tells which. */
export interface SidecarEntry {
  readonly path: string | null;
  readonly algorithm: HmacAlgorithm;
  /** Lower-case hex. */
  readonly hmac: string;
}

const MAX_ENTRIES = 16;

/**
 * Reads an HMAC sidecar in either of its forms: a hex line, perhaps with a name after it that is not relied on
 * (fipscheck, hmaccalc, sha512hmac), or GnuTLS's sections with `path` and `hmac` (Enterprise Linux 9).
 * @returns undefined if it is neither
 */
export function parseHmacSidecar(bytes: Buffer): SidecarEntry[] | undefined {
  const lines = textLines(bytes).filter((line) => line !== '');
  const [first = ''] = lines;
  if (first.startsWith('[')) return parseSections(lines);
  const [hex = ''] = first.split(/\s/, 1);
  const entry = lines.length === 1 ? entryOf(null, hex) : undefined;
  return entry === undefined ? undefined : [entry];
}

function parseSections(lines: readonly string[]): SidecarEntry[] | undefined {
  const entries: SidecarEntry[] = [];
  let path: string | undefined;
  for (const line of lines) {
    if (/^\[[^\]]+\]$/.test(line)) {
      path = undefined;
      continue;
    }
    const [, key, written] = /^([\w-]+)\s*=\s*(\S+)$/.exec(line) ?? [];
    if (key === undefined || written === undefined) return undefined;
    if (key === 'path') path = written;
    if (key !== 'hmac') continue;
    const entry = path?.startsWith('/') === true ? entryOf(path, written) : undefined;
    if (entry === undefined || entries.length === MAX_ENTRIES) return undefined;
    entries.push(entry);
  }
  return entries.length === 0 ? undefined : entries;
}

function entryOf(path: string | null, hex: string): SidecarEntry | undefined {
  if (!/^[0-9a-fA-F]+$/.test(hex)) return undefined;
  const hmac = hex.toLowerCase();
  if (hmac.length === 64) return { path, algorithm: 'sha256', hmac };
  if (hmac.length === 128) return { path, algorithm: 'sha512', hmac };
  return undefined;
}
