import type { Digest } from '../hashing/digest.js';

/**
 * What was seen in one process, no judgement in it. Nothing here changes by a mere restart: no pid, time, address or
 * amount. Paths are path texts, seen from the process's root; lists are sorted and bounded.
 */
export interface ProcessFacts {
  readonly executable: ExecutableFacts;
  /** Every file of which a part may be executed, the executable first, then by path. */
  readonly files: readonly MappedFileFacts[];
  /** More than `MAX_FILES` were mapped; the rest is not in the list. */
  readonly moreFiles: boolean;
  /** Executable memory with no file behind it, the vdso apart. */
  readonly anonymous: readonly AnonymousCode[];
  readonly vdso: 'equal' | 'different' | 'none' | 'not-compared';
  readonly environment: Known<readonly RelevantVariable[]>;
  /** What `/etc/ld.so.preload` names, seen from the process's root; absent and empty are alike. */
  readonly preload: Known<readonly string[]>;
  /** The executable of the process that traces it, or null. */
  readonly tracer: Known<string | null>;
  /** Whether the process's root directory is that of the host (pid 1); a container's is not. */
  readonly root: 'host' | 'own';
  readonly mountNamespace: Known<'host' | 'own'>;
  /** The mounts on the executable's path and its directories. */
  readonly mounts: Known<readonly MountFacts[]>;
}

export type Known<T> =
  { readonly state: 'known'; readonly value: T } | { readonly state: 'unreadable'; readonly reason: string };

export interface ExecutableFacts {
  /** As the kernel names it, without ` (deleted)`. */
  readonly path: string;
  readonly digest: Known<Digest>;
  readonly onDisk: OnDisk;
}

/** What is now at the path of something that runs. */
export type OnDisk =
  | { readonly state: 'same' }
  /** Another file, with this digest: the same bytes after a reinstallation, or others. */
  | { readonly state: 'replaced'; readonly digest: Digest }
  | { readonly state: 'deleted' }
  /** Nothing is at the path, though the file was not deleted from it: a mount covers it, or it is outside the root. */
  | { readonly state: 'hidden' }
  /** It never was at a path: memfd_create(2), System V or anonymous shared memory. */
  | { readonly state: 'memory' }
  | { readonly state: 'unreadable'; readonly reason: string };

export interface MappedFileFacts {
  readonly path: string;
  readonly role: 'executable' | 'library';
  /** Null for memory without a path: its bytes are nobody's. */
  readonly digest: Known<Digest> | null;
  readonly onDisk: OnDisk;
  readonly text: TextComparison;
  /** Some of it may be written and executed. */
  readonly writable: boolean;
  /** Below a directory where the system's linker looks, or in the executable's place for the executable. */
  readonly systemDirectory: boolean;
  /** Named by `LD_PRELOAD`, `LD_AUDIT` or `/etc/ld.so.preload`. */
  readonly preloaded: boolean;
  /** What the host's package database says of the path; null where nobody asked, and for the executable. */
  readonly package: PackageFacts | null;
}

/**
 * What an RPM database says of a file. It stands on the host and can be changed there: never the only evidence.
 * `digest`: of the packaged file, null if the package has none of SHA-256. `signer`: the id of the key whose signature
 * the package's header carries, lower-case hex, null for none.
 */
export type PackageFacts =
  | {
      readonly state: 'owned';
      /** Name, epoch, version, release and architecture. */
      readonly name: string;
      readonly digest: Digest | null;
      readonly signer: string | null;
    }
  | { readonly state: 'unowned' }
  | { readonly state: 'no-database' }
  | { readonly state: 'unreadable'; readonly reason: string };

/** The executable pages in memory beside the file they come from, byte for byte. */
export type TextComparison =
  /**
   * `privatePages`: the process's own copies, which can only come of a write, though their bytes are the file's; null
   * if the kernel does not tell.
   */
  | { readonly state: 'equal'; readonly privatePages: number | null }
  /** `firstOffset`: in the file, decimal, of the first byte that differs. */
  | { readonly state: 'different'; readonly pages: number; readonly firstOffset: string }
  | { readonly state: 'unreadable'; readonly reason: string };

export interface AnonymousCode {
  /** `[heap]`, `[stack]`, a name the process gave, or empty. */
  readonly name: string;
  readonly writable: boolean;
}

export interface RelevantVariable {
  readonly name: string;
  /** A path text, cut after `MAX_VALUE` characters. */
  readonly value: string;
}

export interface MountFacts {
  readonly on: 'path' | 'ancestor';
  /** Seen from pid 1, or only from the process, which has a mount namespace of its own. */
  readonly seenBy: 'host' | 'process';
  readonly mountPoint: string;
  readonly fsType: string;
  /** The part of that file system that is mounted: other than `/` is a bind mount. */
  readonly root: string;
}

export const MAX_FILES = 96;
export const MAX_ANONYMOUS = 32;
export const MAX_VARIABLES = 32;
export const MAX_VALUE = 512;
export const MAX_PRELOADS = 32;
export const MAX_MOUNTS = 32;
