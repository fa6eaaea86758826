import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import type { ChildProgram } from './child-program.js';

/**
 * Does `work` while the programs run. @throws CodedError('internal') as soon as one of them ends before that; what
 * `work` throws
 */
export async function whileRunning<T>(programs: readonly ChildProgram[], work: Promise<T>): Promise<T> {
  return Promise.race([work, ...programs.map(earlyEnd)]);
}

/** Waits for the stop signal. @throws CodedError('internal') if a program ends first */
export async function untilStopped(programs: readonly ChildProgram[], signal: AbortSignal): Promise<void> {
  await whileRunning(
    programs,
    new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => {
        resolve();
      });
    }),
  );
}

async function earlyEnd(program: ChildProgram): Promise<never> {
  const how = await program.ended();
  throw new CodedError('internal', `${program.name} ${how}; what it said is above`);
}
