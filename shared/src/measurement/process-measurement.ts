import type { ProcessFacts } from '../proc/process-facts.js';
import type { ProcessSubject } from '../subject/subject.js';

/** One component's processes. Equal ones are listed once: ten restarts change nothing. */
export interface ProcessMeasurement {
  readonly subject: ProcessSubject;
  readonly observed: {
    readonly state: 'seen';
    readonly processes: readonly SeenProcess[];
    /** Why some processes could not be looked at: there may be more of the component's. */
    readonly blind: readonly string[];
  };
}

export type SeenProcess =
  | {
      readonly state: 'running';
      /** `executable`: it runs the component's file. `name`, `unit`, `container`: it says it is the component. */
      readonly by: FoundAs;
      readonly facts: ProcessFacts;
    }
  | { readonly state: 'unreadable'; readonly by: FoundAs; readonly reason: string };

export const FOUND_AS = ['executable', 'name', 'unit', 'container'] as const;
export type FoundAs = (typeof FOUND_AS)[number];

export const MAX_PROCESSES = 16;
