import type { CollectorMessage } from '@sealwatch/shared/wire/attest-messages.js';

/** A live stream whose agent said Hello. */
export interface LiveStream {
  readonly host: string;
  readonly instance: string;
  /** As its agent announced it. */
  readonly heartbeatIntervalMs: number;
  /** Release version the agent holds, as far as we know. */
  send(message: CollectorMessage): void;
  /** Ends it; another one took its place or it was revoked. */
  replace(reason: string): void;
  /** Calls back once at the next message; the registry's way to see whether the far end is there. */
  onSignOfLife(callback: () => void): () => void;
}

/** At most one live stream per host. */
export class StreamRegistry {
  readonly #streams = new Map<string, LiveStream>();

  of(host: string): LiveStream | undefined {
    return this.#streams.get(host);
  }

  get size(): number {
    return this.#streams.size;
  }

  all(): Iterable<LiveStream> {
    return this.#streams.values();
  }

  add(stream: LiveStream): void {
    this.#streams.set(stream.host, stream);
  }

  /** Only if it is still the live one. Returns whether it was. */
  remove(stream: LiveStream): boolean {
    if (this.#streams.get(stream.host) !== stream) return false;
    return this.#streams.delete(stream.host);
  }
}
