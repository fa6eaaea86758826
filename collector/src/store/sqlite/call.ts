import type { ErrorCode } from '@sealwatch/shared/runtime/error-codes.js';

/** One call of a store method on its way to the connection that does it. */
export interface Call {
  readonly method: string;
  readonly args: readonly unknown[];
}

export type Answer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string };

/** Does the calls, in order, and answers each at its place. Never throws. */
export type RunCalls = (calls: readonly Call[]) => Answer[];

/** Methods by name. Arguments are the caller's to get right: `store-over.ts` is the only caller, and typed. */
export type OperationTable = Readonly<Record<string, (...args: never[]) => unknown>>;

/** @throws whatever the operation throws */
export function perform(operations: OperationTable, { method, args }: Call): unknown {
  const operation = Object.hasOwn(operations, method) ? operations[method] : undefined;
  if (operation === undefined) throw new Error(`no store method ${method}`);
  return operation(...(args as never[]));
}
