/** RFC 3339, UTC, milliseconds: `2026-11-23T09:30:00.000Z`. The one form of time in documents. */
export type Timestamp = string;

const PATTERN = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

export function isTimestamp(text: string): boolean {
  if (!PATTERN.test(text)) return false;
  const wall = Date.parse(text);
  // Date.parse takes 30 February for 2 March
  return !Number.isNaN(wall) && timestamp(wall) === text;
}

/** @param wall milliseconds since the Unix epoch */
export function timestamp(wall: number): Timestamp {
  return new Date(wall).toISOString();
}

/** Milliseconds since the Unix epoch. */
export function wallTime(at: Timestamp): number {
  return Date.parse(at);
}
