import { aborted } from '@sealwatch/shared/runtime/aborted.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { EXIT } from '@sealwatch/shared/runtime/exit-code.js';
import type { ChildProgram } from './child-program.js';

/**
 * Does `work` while the programs run. @throws CodedError('internal' | 'usage.invalid') as soon as one of them ends before
 * that; what `work` throws
 */
export async function whileRunning<T>(programs: readonly ChildProgram[], work: Promise<T>): Promise<T> {
  return Promise.race([work, ...programs.map(earlyEnd)]);
}

/** Waits for the stop signal. @throws CodedError('internal' | 'usage.invalid') if a program ends first */
export async function untilStopped(programs: readonly ChildProgram[], signal: AbortSignal): Promise<void> {
  await whileRunning(programs, aborted(signal));
}

async function earlyEnd(program: ChildProgram): Promise<never> {
  const how = await program.ended();
  // it could not even begin: a port in use, a file that can't be read
  const code = program.exitStatus === EXIT.usage ? 'usage.invalid' : 'internal';
  throw new CodedError(code, `${program.name} ${how}; what it said is above`);
}
