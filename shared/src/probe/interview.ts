import { type Answer, type ReadUntil } from './answer.js';
import { AnswerReader } from './answer-reader.js';
import { type Offer, writeClientHello } from './client-hello.js';
import type { Dial, Exchange } from './dial.js';

export interface ProbeLimits {
  /** For one connection, from the first packet to the last. */
  readonly timeoutMs: number;
  /** For the whole probe. */
  readonly totalMs: number;
  readonly maxConnections: number;
  /** Read from one connection. */
  readonly maxBytes: number;
  /** Between two connections. */
  readonly pauseMs: number;
}

export const DEFAULT_PROBE_LIMITS: ProbeLimits = {
  timeoutMs: 4000,
  totalMs: 60_000,
  maxConnections: 1000,
  maxBytes: 256 * 1024,
  pauseMs: 0,
};

export interface InterviewOptions {
  readonly dial: Dial;
  readonly limits: ProbeLimits;
  readonly serverName: string | undefined;
  /** Milliseconds that only go forward. */
  readonly monotonic: () => number;
  readonly signal?: AbortSignal | undefined;
}

/** Asks one server one question after the other, each on a connection of its own, within the limits. */
export class Interview {
  readonly #options: InterviewOptions;
  readonly #endsAt: number;
  #connections = 0;
  #everAnswered = false;

  constructor(options: InterviewOptions) {
    this.#options = options;
    this.#endsAt = options.monotonic() + options.limits.totalMs;
  }

  get connections(): number {
    return this.#connections;
  }

  get remainingMs(): number {
    return Math.max(0, this.#endsAt - this.#options.monotonic());
  }

  /** A connection that somebody else makes within this probe. */
  countConnection(): void {
    this.#connections += 1;
  }

  /** A reset can be chance, a second one in a row is an answer. */
  async ask(offer: Offer, until: ReadUntil = 'hello'): Promise<Answer> {
    const answer = await this.#askOnce(offer, until);
    const chance = answer.kind === 'reset' || (answer.kind === 'unreachable' && this.#everAnswered);
    if (chance) return this.#askOnce(offer, until);
    if (answer.kind !== 'unreachable') this.#everAnswered = true;
    return answer;
  }

  async #askOnce(offer: Offer, until: ReadUntil): Promise<Answer> {
    const { dial, limits, serverName, signal } = this.#options;
    if (signal?.aborted === true) return { kind: 'stopped', reason: 'interrupted' };
    if (this.#connections >= limits.maxConnections) return { kind: 'stopped', reason: 'too many connections' };
    if (this.#connections > 0 && limits.pauseMs > 0) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(limits.pauseMs, this.remainingMs)));
    }
    if (this.remainingMs === 0) return { kind: 'stopped', reason: 'the time for the probe is over' };
    this.#connections += 1;
    const reader = new AnswerReader(until);
    const heard: { answer: Answer | null; bytes: number } = { answer: null, bytes: 0 };
    const exchange: Exchange = {
      send: writeClientHello({ serverName, ...offer }),
      onBytes: (piece) => {
        heard.bytes += piece.length;
        heard.answer =
          heard.bytes > limits.maxBytes ? (reader.unfinished() ?? { kind: 'too-much' }) : reader.push(piece);
        return heard.answer !== null;
      },
      timeoutMs: Math.min(limits.timeoutMs, this.remainingMs),
      signal,
    };
    const ending = await dial(exchange);
    if (ending.kind === 'enough') return heard.answer ?? { kind: 'closed' };
    return reader.unfinished() ?? ending;
  }
}
