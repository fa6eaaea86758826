import type { Outbox, OutboxBounds, OutboxUsage, StatementRef } from '@sealwatch/agent/outbox/outbox.js';
import type { Envelope } from '@sealwatch/shared/envelope/envelope.js';
import { type Digest, sha256 } from '@sealwatch/shared/hashing/digest.js';
import type { MeasurementBody } from '@sealwatch/shared/measurement/measurement-body.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import type { Head, Report } from '@sealwatch/shared/statement/report.js';

interface Kept {
  readonly ref: StatementRef;
  readonly envelope: Envelope;
}

/** An outbox that keeps the same contract as the one on disk, and can be told that the disk is full. */
export class MemoryOutbox implements Outbox {
  readonly rejected: (StatementRef & { code: string })[] = [];
  readonly settled: StatementRef[] = [];
  full = false;
  readonly #bounds: OutboxBounds;
  readonly #listeners = new Set<() => void>();
  readonly #bodies = new Map<Digest, Buffer>();
  #kept: Kept[] = [];
  #head: { head: Head; bodies: readonly Digest[] } | undefined;

  constructor(bounds: OutboxBounds = { maxEntries: 1000, maxBytes: 64 * 1024 * 1024 }) {
    this.#bounds = bounds;
  }

  head(): Head | null {
    return this.#head?.head ?? null;
  }

  addReport({ head, envelope, bodies }: Parameters<Outbox['addReport']>[0]): Promise<void> {
    const { reports, bytes, maxEntries, maxBytes } = this.usage();
    const more = envelope.payload.length + bodies.reduce((sum, body) => sum + body.bytes.length, 0);
    if (this.full || (reports > 0 && (reports >= maxEntries || bytes + more > maxBytes))) return noRoom();
    for (const { digest, bytes: body } of bodies) this.#bodies.set(digest, body);
    this.#put({ ref: { kind: 'report', ...head }, envelope });
    this.#head = { head, bodies: bodies.map(({ digest }) => digest) };
    return this.#changed();
  }

  putSeal({ place, envelope }: Parameters<Outbox['putSeal']>[0]): Promise<void> {
    if (this.full) return noRoom();
    this.#put({ ref: { ...place, kind: 'seal', digest: sha256(envelope.payload) }, envelope });
    return this.#changed();
  }

  waiting(): readonly StatementRef[] {
    return this.#kept.map(({ ref }) => ref);
  }

  envelope(ref: StatementRef): Promise<Envelope | undefined> {
    return Promise.resolve(this.#find(ref)?.envelope);
  }

  bodies(digests: readonly Digest[]): Promise<MeasurementBody[]> {
    const found = [...new Set(digests)].flatMap((digest) => {
      const bytes = this.#bodies.get(digest);
      return bytes === undefined ? [] : [{ digest, bytes }];
    });
    return Promise.resolve(found);
  }

  settle(ref: StatementRef): Promise<void> {
    const kept = this.#find(ref);
    if (kept === undefined) return Promise.resolve();
    this.settled.push(ref);
    this.#drop([kept]);
    return this.#changed();
  }

  reject(ref: StatementRef, { code }: { code: string; message: string }): Promise<void> {
    const kept = this.#find(ref);
    if (kept === undefined) return Promise.resolve();
    const seal = this.#kept.find((other) => other.ref.kind === 'seal' && other.ref.sequence === ref.sequence);
    const leaving = ref.kind === 'report' && seal !== undefined ? [kept, seal] : [kept];
    this.rejected.push(...leaving.map((each) => ({ ...each.ref, code })));
    this.#drop(leaving);
    return this.#changed();
  }

  usage(): OutboxUsage {
    const reports = this.#kept.filter(({ ref }) => ref.kind === 'report').length;
    const envelopes = this.#kept.reduce((sum, { envelope }) => sum + envelope.payload.length, 0);
    const bytes = [...this.#bodies.values()].reduce((sum, body) => sum + body.length, envelopes);
    return { reports, seals: this.#kept.length - reports, bytes, ...this.#bounds };
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #put(kept: Kept): void {
    const others = this.#kept.filter(({ ref }) => ref.kind !== kept.ref.kind || ref.sequence !== kept.ref.sequence);
    this.#kept = [...others, kept].sort(
      ({ ref: a }, { ref: b }) => a.sequence - b.sequence || (a.kind < b.kind ? -1 : 1),
    );
  }

  #find({ kind, digest }: StatementRef): Kept | undefined {
    return this.#kept.find(({ ref }) => ref.kind === kind && ref.digest === digest);
  }

  #drop(leaving: readonly Kept[]): void {
    this.#kept = this.#kept.filter((kept) => !leaving.includes(kept));
    const named = this.#kept.flatMap(({ ref, envelope }) =>
      ref.kind === 'seal'
        ? []
        : (JSON.parse(envelope.payload.toString()) as Report).subjects.map(({ measurement }) => measurement),
    );
    const held = new Set([...named, ...(this.#head?.bodies ?? [])]);
    for (const digest of this.#bodies.keys()) if (!held.has(digest)) this.#bodies.delete(digest);
  }

  #changed(): Promise<void> {
    for (const listener of this.#listeners) listener();
    return Promise.resolve();
  }
}

function noRoom(): Promise<never> {
  return Promise.reject(new CodedError('store.full', 'no room'));
}
