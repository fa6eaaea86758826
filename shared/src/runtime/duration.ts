/** Durations in documents are text with one unit: `250ms`, `30s`, `15m`, `24h`, `7d`. In code: milliseconds. */
const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

type Unit = keyof typeof UNITS;

/** Milliseconds, or undefined if the text is no duration (callers name the place and the remedy). */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text);
  if (match === null) return undefined;
  return Number(match[1]) * UNITS[match[2] as Unit];
}

/** The shortest exact text: 90000 -> `90s`, 3600000 -> `1h`. */
export function formatDuration(milliseconds: number): string {
  const whole = Math.round(milliseconds);
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    if (whole !== 0 && whole % UNITS[unit] === 0) return `${String(whole / UNITS[unit])}${unit}`;
  }
  return `${String(whole)}ms`;
}
