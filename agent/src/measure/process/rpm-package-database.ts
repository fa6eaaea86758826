import { statSync } from 'node:fs';
import { type Digest, isDigest } from '@sealwatch/shared/hashing/digest.js';
import type { PackageFacts } from '@sealwatch/shared/proc/process-facts.js';
import { runBounded } from '@sealwatch/shared/runtime/run-bounded.js';
import { pathText } from '@sealwatch/shared/subject/path-text.js';
import { throwIfStopped } from '../throw-if-stopped.js';
import type { PackageDatabase } from './package-database.js';

export interface RpmDatabaseOptions {
  readonly hostRoot: string;
  /** Default `/usr/bin/rpm`. */
  readonly program?: string;
  /** For one query. Default 10 s. */
  readonly timeoutMs?: number;
  /** Ends a query. */
  readonly signal?: AbortSignal;
}

const PROGRAM = '/usr/bin/rpm';
const TIMEOUT_MS = 10_000;
/** The largest packages list some ten thousand files. */
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** Where distributions keep the database, and the files that are one: Berkeley DB, ndb, SQLite. */
const PLACES = ['/var/lib/rpm', '/usr/lib/sysimage/rpm'];
const FILES = ['Packages', 'Packages.db', 'rpmdb.sqlite'];

/** One line for each package, then one for each of its files: a name with a newline makes a line that fits neither. */
const FORMAT =
  'package\\t%{NEVRA}\\t%{FILEDIGESTALGO}\\t%{RSAHEADER:pgpsig}%{DSAHEADER:pgpsig}\\n' +
  '[file\\t%{FILEDIGESTS}\\t%{FILENAMES}\\n]';
/** PGPHASHALGO_SHA256 (RFC 4880 §9.4). */
const SHA256 = '8';

interface Package {
  readonly name: string;
  readonly signer: string | null;
  /** By path, merged. */
  readonly files: ReadonlyMap<string, Digest | null>;
}

/**
 * Asks rpm, below the host root, once for each package: its answer covers all of the package's files, and is kept as
 * long as this value is. Make a new one for each cycle.
 */
export function rpmPackageDatabase(options: RpmDatabaseOptions): PackageDatabase {
  const { hostRoot, program = PROGRAM, timeoutMs = TIMEOUT_MS, signal } = options;
  const dbPath = PLACES.find((place) => FILES.some((file) => isFile(`${hostRoot}${place}/${file}`)));
  const known: Package[] = [];
  return {
    async ownerOf(path) {
      if (dbPath === undefined) return { state: 'no-database' };
      const asked = path.toString('latin1');
      // rpm answers in lines, and knows no escapes
      if (/[\n\t]/.test(asked)) return { state: 'unreadable', reason: 'a name that rpm can not be asked for' };
      const remembered = ownerAmong(known, asked);
      if (remembered !== undefined) return remembered;
      const args = ['--root', hostRoot, '--dbpath', dbPath, '-q', '--queryformat', FORMAT, '-f', asked];
      const run = await runBounded({ name: 'rpm', program, args, timeoutMs, maxOutputBytes: MAX_OUTPUT_BYTES, signal });
      throwIfStopped(signal);
      if (run.state === 'failed') return { state: 'unreadable', reason: run.reason };
      if (run.status !== 0) {
        if (saysUnowned(Buffer.concat([run.stdout, run.stderr]).toString('latin1'))) return { state: 'unowned' };
        return { state: 'unreadable', reason: `rpm ended with ${String(run.status)}` };
      }
      const packages = parsePackages(run.stdout.toString('latin1'));
      if (packages === undefined) return { state: 'unreadable', reason: 'an answer of rpm that is none' };
      known.push(...packages);
      return ownerAmong(packages, asked) ?? { state: 'unowned' };
    },
  };
}

/** Nothing but that: beside any other complaint, of a damaged database or a header with a bad signature, it means nothing. */
function saysUnowned(said: string): boolean {
  const lines = said.split('\n').filter((line) => line !== '' && !line.startsWith('warning:'));
  return lines.length === 1 && /(is not owned by any package|No such file or directory)$/.test(lines[0] ?? '');
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The package with the file; of several the one with a digest, then the first by name. */
function ownerAmong(packages: readonly Package[], path: string): PackageFacts | undefined {
  const merged = mergedPath(path);
  const owners = packages
    .flatMap(({ name, signer, files }) => {
      const digest = files.get(merged);
      return digest === undefined ? [] : [{ state: 'owned' as const, name, digest, signer }];
    })
    .sort((a, b) => Number(a.digest === null) - Number(b.digest === null) || (a.name < b.name ? -1 : 1));
  return owners[0];
}

/** `/lib64` and its like are links into `/usr` now; packages name files by either. */
function mergedPath(path: string): string {
  return path.replace(/^\/(lib|lib64|bin|sbin)\//, '/usr/$1/');
}

function parsePackages(text: string): Package[] | undefined {
  const packages: (Package & { files: Map<string, Digest | null>; hashed: boolean })[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [kind, first = '', second = '', third = ''] = line.split('\t');
    const current = packages[packages.length - 1];
    if (kind === 'package') {
      const name = pathText(Buffer.from(first, 'latin1'));
      packages.push({ name, signer: signerOf(third), files: new Map(), hashed: second === SHA256 });
    } else if (kind === 'file' && current !== undefined && second.startsWith('/')) {
      const digest = `sha256:${first}`;
      current.files.set(mergedPath(second), current.hashed && isDigest(digest) ? digest : null);
    } else return undefined;
  }
  return packages.length === 0 ? undefined : packages;
}

/** `RSA/SHA256, Tue 05 Mar 2024, Key ID 199e2f91fd431d51` */
function signerOf(signature: string): string | null {
  return /Key ID ([0-9a-f]{16,40})/.exec(signature)?.[1] ?? null;
}
