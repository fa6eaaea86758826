/** Polls until `probe` gives something other than undefined or false; then that. Fails loudly with what was awaited. */
export async function waitUntil<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  options: { timeoutMs?: number; everyMs?: number; explain?: () => string } = {},
): Promise<T> {
  const { timeoutMs = 20_000, everyMs = 50, explain } = options;
  const started = performance.now();
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    if (performance.now() - started > timeoutMs) {
      throw new Error(
        `waited ${String(timeoutMs)} ms in vain until ${what}${explain === undefined ? '' : `\n${explain()}`}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
