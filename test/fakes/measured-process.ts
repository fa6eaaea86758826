import { type CycleMemory, newCycleMemory } from '@sealwatch/agent/measure/process/cycle-memory.js';
import { identifyProcess, type ProcessIdentity } from '@sealwatch/agent/measure/process/identify-process.js';
import {
  measureProcess,
  type ProcessMeasuring,
  type ProcessObservation,
} from '@sealwatch/agent/measure/process/measure-process.js';
import { processFactsSchema } from '@sealwatch/shared/proc/process-facts-schema.js';
import type { MappedFileFacts, ProcessFacts } from '@sealwatch/shared/proc/process-facts.js';

/** Who a process is now. */
export function identityOf(pid: number): ProcessIdentity {
  const identity = identifyProcess('/proc', pid);
  if (identity === undefined) throw new Error(`no process ${String(pid)}`);
  return identity;
}

/** Measures a process of the test's own, on this machine, with nothing remembered. */
export function observe(
  pid: number,
  options: Partial<ProcessMeasuring> & { memory?: CycleMemory } = {},
): Promise<ProcessObservation> {
  return measureProcess({
    process: options.process ?? identityOf(pid),
    procRoot: '/proc',
    hostRoot: '/',
    memory: newCycleMemory(),
    ...options,
  });
}

/** Like `observe`, of a process that has to be there; what is seen has to fit its schema. */
export async function factsOf(pid: number, options: Partial<ProcessMeasuring> = {}): Promise<ProcessFacts> {
  const observation = await observe(pid, options);
  if (observation.state !== 'running') throw new Error(JSON.stringify(observation));
  return processFactsSchema.parse(observation.facts);
}

export function fileNamed(facts: ProcessFacts, name: string): MappedFileFacts {
  const file = facts.files.find(({ path }) => path.endsWith(`/${name}`));
  if (file === undefined) throw new Error(`${name} is not mapped: ${facts.files.map(({ path }) => path).join(', ')}`);
  return file;
}

/** What is not as the files on disk say it is: empty for every honest program. */
export function deviations({ files, vdso }: ProcessFacts): string[] {
  const found = files.flatMap(({ path, text, digest }) => {
    if (text.state === 'different') return [`${path} differs at ${text.firstOffset} on ${String(text.pages)} pages`];
    if (text.state === 'unreadable') return [`${path}: ${text.reason}`];
    return digest?.state === 'unreadable' ? [`${path} has no digest: ${digest.reason}`] : [];
  });
  return vdso === 'different' ? [...found, 'the vdso differs'] : found;
}
