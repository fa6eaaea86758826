import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import { isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import type { Logger } from '@sealwatch/shared/runtime/log.js';
import type { EvidenceKind } from '@sealwatch/shared/subject/component.js';
import { mergeScopes, type Scope } from '../measure/scope.js';
import type { Disturbance } from '../watch/disturbance.js';
import { Allowance } from './allowance.js';
import { recheckScopes } from './recheck-scopes.js';

export interface RecheckQueueDeps {
  /** `unready`: nothing can be looked at again before the whole host was looked at. */
  readonly recheck: (request: { scope: Scope; signal: AbortSignal }) => Promise<unknown>;
  /** Asks for a look at the whole host. */
  readonly rescan: () => void;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What waits to be looked at: one kind of evidence of one component, or of all. */
interface Waiting {
  readonly scope: Scope;
  /** What follows from something waits for that. */
  readonly stage: number;
  /** Monotonic. */
  readonly dueAt: number;
}

/** Of one kind of evidence and one component: what happens now and then is seen at once, what flaps every ten seconds. */
const AT_ONCE = 30;
const THEN_EVERY_MS = 10_000;

/**
 * Between two looks at the whole host: looks again at just what something happened to, at once, one look at a time. What
 * happens again before its turn is looked at once. A look that fails becomes one at the whole host.
 */
export class RecheckQueue {
  readonly #deps: RecheckQueueDeps;
  readonly #allowance: Allowance;
  readonly #waiting = new Map<string, Waiting>();
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Until the whole host was looked at. */
  #held = false;

  constructor(deps: RecheckQueueDeps) {
    this.#deps = deps;
    this.#allowance = new Allowance({ atOnce: AT_ONCE, intervalMs: THEN_EVERY_MS, clock: deps.clock });
  }

  disturbed(disturbance: Disturbance): void {
    const { log, rescan } = this.#deps;
    if (this.#stopping.signal.aborted) return;
    log.debug({ disturbance }, 'Something happened');
    if (disturbance.kind === 'everything') {
      log.info({ reason: disturbance.reason }, 'Looking at the whole host again');
      rescan();
      return;
    }
    for (const [stage, scope] of recheckScopes(disturbance).entries()) this.#add(scope, stage);
    this.#arrange();
  }

  /** The whole host was looked at. */
  ready(): void {
    this.#held = false;
    this.#arrange();
  }

  /** Ends the look under way, if there is one. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    await this.#running;
  }

  #add(scope: Scope, stage: number): void {
    for (const [kind, components] of scope) {
      for (const component of components === 'all' ? [undefined] : components) {
        const key = keyOf(kind, component);
        if (this.#waiting.has(key)) continue;
        const one: Scope = new Map([[kind, component === undefined ? 'all' : new Set([component])]]);
        this.#waiting.set(key, { scope: one, stage, dueAt: this.#allowance.take(key) });
      }
    }
  }

  #arrange(): void {
    clearTimeout(this.#timer);
    if (this.#running !== undefined || this.#held || this.#stopping.signal.aborted || this.#waiting.size === 0) return;
    const next = Math.min(...[...this.#waiting.values()].map(({ dueAt }) => dueAt));
    const wait = next - this.#deps.clock.monotonic();
    if (wait > 0) {
      this.#timer = setTimeout(() => {
        this.#arrange();
      }, wait);
      return;
    }
    this.#running = this.#recheck().finally(() => {
      this.#running = undefined;
      this.#arrange();
    });
  }

  async #recheck(): Promise<void> {
    const { recheck, rescan, log } = this.#deps;
    const { signal } = this.#stopping;
    const taken = this.#takeDue();
    const scope = taken.map(([, one]) => one.scope).reduce(mergeScopes);
    try {
      if ((await recheck({ scope, signal })) === 'unready') {
        this.#held = true;
        for (const [key, one] of taken) if (!this.#waiting.has(key)) this.#waiting.set(key, one);
        return;
      }
    } catch (err) {
      if (isCoded(err, 'request.cancelled')) return;
      log.error({ err }, 'Looking again failed; the whole host will be looked at');
      rescan();
    }
  }

  /** Of those that are due, the ones of the first stage there is. */
  #takeDue(): readonly (readonly [string, Waiting])[] {
    const now = this.#deps.clock.monotonic();
    const due = [...this.#waiting].filter(([, { dueAt }]) => dueAt <= now);
    const stage = Math.min(...due.map(([, one]) => one.stage));
    const taken = due.filter(([, one]) => one.stage === stage);
    for (const [key] of taken) this.#waiting.delete(key);
    return taken;
  }
}

function keyOf(kind: EvidenceKind, component: string | undefined): string {
  return component === undefined ? kind : `${kind}:${component}`;
}
