import type { Known, ProcessFacts } from '../proc/process-facts.js';
import type { BinaryObservation } from './binary-facts.js';
import { concludeModule, type ConclusionContext } from './conclude-module.js';
import { explainConclusion } from './explain-conclusion.js';
import { explainEvidence } from './explain-evidence.js';
import type { ExplainedFact } from './explained-fact.js';
import type { ModuleConclusion } from './module-conclusion.js';

/** What was looked at: a file, or a running program's memory beside the file it was started from. */
export type InspectionSubject =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'process'; readonly pid: number; readonly path: string };

/** Everything known about one binary or process. */
export interface Inspection {
  readonly subject: InspectionSubject;
  readonly observation: BinaryObservation;
  /** Null if it is no program that could be read. */
  readonly conclusion: ModuleConclusion | null;
  readonly explained: readonly ExplainedFact[];
  /** What a process is made of beside its module; null for a file. */
  readonly process: Known<ProcessFacts> | null;
}

export function inspectionOf(
  subject: InspectionSubject,
  observation: BinaryObservation,
  context: ConclusionContext & { readonly process?: Known<ProcessFacts> } = {},
): Inspection {
  const process = context.process ?? null;
  if (observation.state !== 'program') return { subject, observation, conclusion: null, explained: [], process };
  const { facts } = observation;
  const conclusion = concludeModule(facts, context);
  const explained = [...explainConclusion(subject.kind, facts, conclusion), ...explainEvidence(facts, conclusion)];
  return { subject, observation, conclusion, explained, process };
}

/** Whether the module is what the binary makes believe, so far as a binary tells. */
export function inspectionPasses({ conclusion }: Inspection): boolean {
  switch (conclusion?.module.state) {
    case 'known':
    case 'declared':
    case 'unknown-build':
    case 'elsewhere':
    case 'none':
      return true;
    case 'corrupt':
    case 'absent-although-claimed':
    case 'undetermined':
    case undefined:
      return false;
  }
}
