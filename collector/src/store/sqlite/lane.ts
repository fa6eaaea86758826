/** The way to one connection, on this thread or another. Calls are done in the order they were made. */
export interface Lane {
  /** @throws CodedError as the method does; CodedError('store.unavailable') after `close` or if the thread died */
  call(method: string, args: readonly unknown[]): Promise<unknown>;
  /** After everything called before it is done. */
  close(): Promise<void>;
}
