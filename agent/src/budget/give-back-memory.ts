/** What a scan took is referenced by nothing any more after that. */
const AFTER_MS = 2000;

type Collect = (options?: { readonly type: 'major'; readonly flavor: 'last-resort' }) => void;

/**
 * After a look at the whole host: V8 would keep what that took until the next one, since nothing fills its heap meanwhile.
 * Does nothing unless Node was started with `--expose-gc`, as the package does.
 */
export function giveBackMemory(): void {
  const collect = (globalThis as { readonly gc?: Collect }).gc;
  if (collect === undefined) return;
  setTimeout(() => {
    collect({ type: 'major', flavor: 'last-resort' });
  }, AFTER_MS).unref();
}
