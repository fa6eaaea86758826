import { fstatSync } from 'node:fs';
import { filesByName } from '@sealwatch/shared/manifest/components-of-kind.js';
import { openBelow } from '@sealwatch/shared/hashing/walk-path.js';
import { MAX_BODY_BYTES } from '@sealwatch/shared/measurement/measurement-body.js';
import {
  MAX_BLIND,
  MAX_PROGRAMS,
  type ModuleMeasurement,
  type SeenProgram,
} from '@sealwatch/shared/measurement/module-measurement.js';
import { pathBytes } from '@sealwatch/shared/subject/path-text.js';
import { type ComponentSearch, componentProcesses } from '../process/component-processes.js';
import type { CycleMemory } from '../process/cycle-memory.js';
import { throwIfStopped } from '../throw-if-stopped.js';
import { examineFile, type Examining } from './examine-file.js';
import { examineProcess } from './examine-process.js';
import type { ModuleMemory } from './module-memory.js';

export interface ModulesMeasuring extends ComponentSearch {
  readonly memory: CycleMemory;
  readonly moduleMemory: ModuleMemory;
  /** Somebody asked: nothing that was seen before this call may stand in for a look. */
  readonly fresh: boolean;
  readonly onBytes?: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/** Of one component: a host with more has other troubles, and each costs a tenth of a second. */
const MAX_EXAMINED = 64;

/**
 * The modules in every component's files and in the memory of its processes, in the order of the components. Files that are
 * the same as before are not examined again, memory always is.
 * @throws CodedError('request.cancelled')
 */
export async function measureModules(input: ModulesMeasuring): Promise<ModuleMeasurement[]> {
  const { components, manifests, hostRoot, procRoot, moduleMemory, fresh, signal } = input;
  const examining = { ...input, knownFiles: moduleMemory.begin({ fresh }) };
  const { found, blind } = await componentProcesses(input);
  const files = filesByName(manifests);
  const measured: ModuleMeasurement[] = [];
  for (const component of components) {
    const seen = new Programs();
    for (const path of new Set((files.get(component) ?? []).flatMap(({ paths }) => paths))) {
      throwIfStopped(signal);
      const program = await examineBelow(hostRoot, path, examining);
      if (program !== undefined) seen.add(program);
    }
    const processes = found.filter((one) => one.component === component);
    for (const { process } of processes.slice(0, MAX_EXAMINED)) {
      throwIfStopped(signal);
      const examination = await examineProcess(process, procRoot, examining);
      if (examination.state === 'seen') for (const program of examination.programs) seen.add(program);
    }
    measured.push(seen.measurement(component, { more: processes.length > MAX_EXAMINED, blind }));
  }
  return measured;
}

/** Undefined: nothing is there. */
async function examineBelow(root: string, path: string, examining: Examining): Promise<SeenProgram | undefined> {
  const bytes = pathBytes(path);
  const opened = bytes === undefined ? ({ state: 'absent' } as const) : await openBelow(root, bytes);
  switch (opened.state) {
    case 'absent':
      return undefined;
    case 'not-regular':
      return { where: 'file', path, state: 'unreadable', reason: `no regular file (${opened.fileType})` };
    case 'unreadable':
      return { where: 'file', path, state: 'unreadable', reason: opened.reason };
    case 'opened':
      break;
  }
  try {
    const examined = await examineFile(opened.fd, fstatSync(opened.fd, { bigint: true }), examining);
    if (examined.state === 'program') return { where: 'file', path, ...examined, variables: null };
    return { where: 'file', path, ...examined };
  } finally {
    await opened.close();
  }
}

/** Of a body, for everything around the programs. */
const RESERVE = 16 * 1024;

/** What was seen of one component: equal ones once, sorted, as much as a report can hold. */
class Programs {
  readonly #seen = new Map<string, SeenProgram>();
  readonly #files = new Set<string>();

  /** A file is seen again through each process that runs it. */
  add(program: SeenProgram): void {
    if (program.where === 'file' && program.state === 'program') {
      if (this.#files.has(program.digest)) return;
      this.#files.add(program.digest);
    }
    this.#seen.set(JSON.stringify(program), program);
  }

  measurement(component: string, { more, blind }: { more: boolean; blind: readonly string[] }): ModuleMeasurement {
    const programs: SeenProgram[] = [];
    let left = MAX_BODY_BYTES - RESERVE;
    for (const [text, program] of [...this.#seen].sort(order)) {
      left -= Buffer.byteLength(text);
      if (left >= 0 && programs.length < MAX_PROGRAMS) programs.push(program);
    }
    const morePrograms = more || programs.length < this.#seen.size;
    return {
      subject: { kind: 'module', component },
      observed: { state: 'seen', programs, morePrograms, blind: blind.slice(0, MAX_BLIND) },
    };
  }
}

type Entry = readonly [string, SeenProgram];

function order([aText, a]: Entry, [bText, b]: Entry): number {
  if (a.where !== b.where) return a.where === 'file' ? -1 : 1;
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return aText < bText ? -1 : 1;
}
