import { timestamp, type Timestamp } from '../runtime/timestamp.js';

/** The end of the year 9999, beyond which no timestamp of ours reaches. */
const LAST_SECOND = 253_402_300_799;

/** Undefined if containerd gave none, or one outside the years 1970 to 9999. */
export function fromWireTime(wire: { seconds: string; nanos: number } | null): Timestamp | undefined {
  if (wire === null) return undefined;
  const seconds = Number(wire.seconds);
  if (seconds < 0 || seconds > LAST_SECOND || wire.nanos < 0 || wire.nanos > 999_999_999) return undefined;
  return timestamp(seconds * 1000 + Math.floor(wire.nanos / 1e6));
}
