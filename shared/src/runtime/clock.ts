/**
 * The two clocks a program may read. Wall time names moments to people and can jump;
 * monotonic time measures spans and can't. Judging silence needs the second.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  wall(): number;
  /** Milliseconds since an arbitrary start; never goes back. */
  monotonic(): number;
}

export const systemClock: Clock = {
  wall: () => Date.now(),
  monotonic: () => performance.now(),
};
