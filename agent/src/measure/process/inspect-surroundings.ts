import type { Known, ProcessFacts } from '@sealwatch/shared/proc/process-facts.js';
import { newCycleMemory } from './cycle-memory.js';
import { identifyProcess } from './identify-process.js';
import { measureProcess } from './measure-process.js';
import { EndedMeanwhile } from './meanwhile.js';
import { readEnvironment } from './read-environment.js';

export interface Surroundings {
  readonly process: Known<ProcessFacts>;
  /** Undefined also where it can't be read; the facts say so. */
  readonly godebug: string | undefined;
}

const ENDED = { state: 'unreadable', reason: 'there is no such process' } as const;

/** What a process of this machine is made of and was started with, for somebody who knows its number. Never throws. */
export async function inspectSurroundings(pid: number): Promise<Surroundings> {
  const process = identifyProcess('/proc', pid);
  if (process === undefined) return { process: ENDED, godebug: undefined };
  const measuring = { process, procRoot: '/proc', hostRoot: '/', memory: newCycleMemory() };
  const observation = await measureProcess(measuring);
  switch (observation.state) {
    case 'ended':
      return { process: ENDED, godebug: undefined };
    case 'unreadable':
      return { process: observation, godebug: undefined };
    case 'running':
      return { process: { state: 'known', value: observation.facts }, godebug: godebugOf(pid) };
  }
}

/** Go takes the first of several (runtime.gogetenv). */
function godebugOf(pid: number): string | undefined {
  try {
    const environment = readEnvironment(`/proc/${String(pid)}`);
    if (environment.state !== 'known') return undefined;
    return environment.value.find(({ name }) => name === 'GODEBUG')?.value.toString('latin1');
  } catch (error) {
    if (error instanceof EndedMeanwhile) return undefined;
    throw error;
  }
}
