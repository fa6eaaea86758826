import type { Clock } from '@sealwatch/shared/runtime/clock.js';

/** A clock that moves when told to. Wall and monotonic time can part, as they do when somebody sets a clock. */
export class TestClock implements Clock {
  #wall: number;
  #monotonic = 1_000_000;

  constructor(start = '2026-11-23T10:00:00.000Z') {
    this.#wall = Date.parse(start);
  }

  wall(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  /** Time passes. */
  advance(milliseconds: number): void {
    this.#wall += milliseconds;
    this.#monotonic += milliseconds;
  }

  /** Somebody sets the wall clock. */
  setWall(at: string): void {
    this.#wall = Date.parse(at);
  }
}
