import type { ModuleFacts } from '../binary/module-facts.js';
import type { Digest } from '../hashing/digest.js';
import type { Known, RelevantVariable } from '../proc/process-facts.js';
import type { ModuleSubject } from '../subject/subject.js';

/** What one component's programs show of a cryptographic module. Equal ones are listed once. */
export interface ModuleMeasurement {
  readonly subject: ModuleSubject;
  readonly observed: {
    readonly state: 'seen';
    /** Files before processes, then by path. */
    readonly programs: readonly SeenProgram[];
    /** There were more than are examined, or than a report can hold. */
    readonly morePrograms: boolean;
    /** Why some processes could not be looked at: there may be more of the component's. */
    readonly blind: readonly string[];
  };
}

export type SeenProgram = { readonly where: ProgramPlace; readonly path: string } & (
  | {
      readonly state: 'program';
      /** Of the file; for a process, of the file that runs. */
      readonly digest: Digest;
      readonly facts: ModuleFacts;
      /** Of a process: the variables that choose and switch Go's cryptography; null for a file. */
      readonly variables: Known<readonly RelevantVariable[]> | null;
    }
  /** A script, or something else that is no ELF file. */
  | { readonly state: 'not-elf'; readonly begins: 'empty' | 'script' | 'other' }
  | { readonly state: 'malformed'; readonly reason: string }
  | { readonly state: 'unreadable'; readonly reason: string }
);

/** `file`: the bytes on disk. `process`: the memory of one that runs, beside the file it was started from. */
export type ProgramPlace = 'file' | 'process';

export const MAX_PROGRAMS = 32;
export const MAX_BLIND = 20;
