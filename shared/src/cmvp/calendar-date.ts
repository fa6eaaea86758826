/** `2026-09-21`: days compare as texts do. */
export type CalendarDate = string;

const DAY_MS = 86_400_000;

export function isCalendarDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const wall = Date.parse(`${text}T00:00:00.000Z`);
  // Date.parse takes 30 February for 2 March
  return !Number.isNaN(wall) && calendarDate(wall) === text;
}

/** The day in UTC. @param wall milliseconds since the Unix epoch */
export function calendarDate(wall: number): CalendarDate {
  return new Date(wall).toISOString().slice(0, 10);
}

/** Days from the one to the other; negative if the other is earlier. */
export function daysBetween(from: CalendarDate, to: CalendarDate): number {
  return Math.round((Date.parse(`${to}T00:00:00.000Z`) - Date.parse(`${from}T00:00:00.000Z`)) / DAY_MS);
}
