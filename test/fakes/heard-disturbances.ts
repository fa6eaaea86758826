import type { Disturbance } from '@sealwatch/agent/watch/disturbance.js';
import { waitUntil } from './wait-until.js';

/** What a watch has said. */
export class HeardDisturbances {
  readonly all: { readonly disturbance: Disturbance; readonly at: number }[] = [];

  readonly hear = (disturbance: Disturbance): void => {
    this.all.push({ disturbance, at: performance.now() });
  };

  of(kind: Disturbance['kind']): Disturbance[] {
    return this.all.map(({ disturbance }) => disturbance).filter((disturbance) => disturbance.kind === kind);
  }

  /** The components whose files or processes were named. */
  components(kind: 'files' | 'processes' = 'files'): string[] {
    const named = this.of(kind).flatMap((one) => ('components' in one ? one.components : []));
    return [...new Set(named)].sort();
  }

  /** Waits for what `act` brings, and until nothing more comes for a moment. */
  async after(
    act: () => void | Promise<void>,
    options: { kind?: Disturbance['kind']; quietMs?: number } = {},
  ): Promise<void> {
    const { kind, quietMs = 120 } = options;
    this.all.length = 0;
    await act();
    await waitUntil('a disturbance was said', () => (kind === undefined ? this.all.length : this.of(kind).length) > 0, {
      timeoutMs: 5000,
      everyMs: 2,
    });
    for (let count = -1; count !== this.all.length;) {
      count = this.all.length;
      await new Promise((resolve) => setTimeout(resolve, quietMs));
    }
  }

  /** What `act` brings within a moment. */
  async within(milliseconds: number, act: () => void | Promise<void>): Promise<Disturbance[]> {
    this.all.length = 0;
    await act();
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    return this.all.map(({ disturbance }) => disturbance);
  }
}
