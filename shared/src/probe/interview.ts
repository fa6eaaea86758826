import type { Answer, ReadUntil, Stopped } from './answer.js';
import { AnswerReader } from './answer-reader.js';
import { type Offer, writeClientHello } from './client-hello.js';
import type { Dial } from './dial.js';
import { Lanes } from './lanes.js';

export interface ProbeLimits {
  /** For one connection, from the first packet to the last. */
  readonly timeoutMs: number;
  /** For the whole probe. */
  readonly totalMs: number;
  readonly maxConnections: number;
  /** Read from one connection. */
  readonly maxBytes: number;
  /** At the same time. */
  readonly parallel: number;
  /** Between two connections, which then follow each other. */
  readonly pauseMs: number;
}

export const DEFAULT_PROBE_LIMITS: ProbeLimits = {
  timeoutMs: 4000,
  totalMs: 60_000,
  maxConnections: 1000,
  maxBytes: 256 * 1024,
  parallel: 4,
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

/** Asks one server question after question, each on a connection of its own, within the limits. */
export class Interview {
  readonly #options: InterviewOptions;
  readonly #endsAt: number;
  readonly #lanes: Lanes;
  #connections = 0;
  #everAnswered = false;
  /** Once it was heard to speak TLS. */
  readonly spoken: Promise<void>;
  #hearSpeech: () => void = () => undefined;

  constructor(options: InterviewOptions) {
    this.spoken = new Promise((resolve) => (this.#hearSpeech = resolve));
    this.#options = options;
    this.#endsAt = options.monotonic() + options.limits.totalMs;
    this.#lanes = new Lanes(options.limits.pauseMs > 0 ? 1 : options.limits.parallel);
  }

  get connections(): number {
    return this.#connections;
  }

  /** A reset can be chance, a second one in a row is an answer. */
  async ask(offer: Offer, until: ReadUntil = 'hello'): Promise<Answer> {
    const answer = await this.#askOnce(offer, until);
    const chance = answer.kind === 'reset' || (answer.kind === 'unreachable' && this.#everAnswered);
    if (chance) return this.#askOnce(offer, until);
    if (answer.kind !== 'unreachable') this.#everAnswered = true;
    if (answer.kind === 'hello' || answer.kind === 'alert') this.#hearSpeech();
    return answer;
  }

  /**
   * A connection within the limits, for whoever makes it.
   * @param make is told how long it may take
   * @param otherwise what it comes to if there may be none
   */
  connect<T>(make: (timeoutMs: number) => Promise<T>, otherwise: (why: Stopped) => T): Promise<T> {
    return this.#lanes.run(async () => {
      const why = await this.#admit();
      return why === null ? make(this.#timeoutMs) : otherwise(why);
    });
  }

  #askOnce(offer: Offer, until: ReadUntil): Promise<Answer> {
    return this.connect<Answer>(
      (timeoutMs) => this.#exchange(offer, until, timeoutMs),
      (why) => why,
    );
  }

  get #remainingMs(): number {
    return Math.max(0, this.#endsAt - this.#options.monotonic());
  }

  get #timeoutMs(): number {
    return Math.min(this.#options.limits.timeoutMs, this.#remainingMs);
  }

  /** Null if one more connection may be made; it is counted. */
  async #admit(): Promise<Stopped | null> {
    const { limits, signal } = this.#options;
    if (signal?.aborted === true) return stopped('interrupted');
    if (this.#connections >= limits.maxConnections) return stopped('too many connections');
    if (this.#connections > 0 && limits.pauseMs > 0) {
      await new Promise((resolve) => setTimeout(resolve, Math.min(limits.pauseMs, this.#remainingMs)));
    }
    if (this.#remainingMs === 0) return stopped('the time for the probe is over');
    this.#connections += 1;
    return null;
  }

  async #exchange(offer: Offer, until: ReadUntil, timeoutMs: number): Promise<Answer> {
    const { dial, limits, serverName, signal } = this.#options;
    const reader = new AnswerReader(until);
    const heard: { answer: Answer | null; bytes: number } = { answer: null, bytes: 0 };
    const ending = await dial({
      send: writeClientHello({ serverName, ...offer }),
      onBytes: (piece) => {
        heard.bytes += piece.length;
        heard.answer =
          heard.bytes > limits.maxBytes ? (reader.unfinished() ?? { kind: 'too-much' }) : reader.push(piece);
        return heard.answer !== null;
      },
      timeoutMs,
      signal,
    });
    if (ending.kind === 'enough') return heard.answer ?? { kind: 'closed' };
    return reader.unfinished() ?? ending;
  }
}

function stopped(reason: string): Stopped {
  return { kind: 'stopped', reason };
}
