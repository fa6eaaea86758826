import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { envelopeFromJson, envelopeToJson } from '@sealwatch/shared/envelope/envelope-json.js';
import type { Envelope } from '@sealwatch/shared/envelope/envelope.js';
import { type Digest, sha256 } from '@sealwatch/shared/hashing/digest.js';
import type { MeasurementBody } from '@sealwatch/shared/measurement/measurement-body.js';
import { CodedError, errnoOf, isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import { readPrivateFile, writePrivateFile } from '@sealwatch/shared/runtime/private-files.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import type { Head } from '@sealwatch/shared/statement/report.js';
import { type BodyFiles } from './body-files.js';
import { type StoredHead, writeHeadFile } from './head-file.js';
import { type Outbox, type OutboxBounds, type OutboxUsage, sameRef, type StatementRef } from './outbox.js';
import { type Rejection, setAside } from './rejected-files.js';
import { type OutboxEntry, type OutboxRooms, scanOutbox } from './scan-outbox.js';
import { Serial } from '@sealwatch/shared/runtime/serial.js';
import { parseStatement, statementFileName } from './statement-file.js';

export interface FileOutboxDeps extends OutboxRooms {
  readonly bounds: OutboxBounds;
}

/**
 * The outbox as files: `0000000042.report`, `0000000042.seal`, `bodies/HEX`, `head.json`. Each is written aside, synced
 * and renamed before anyone hears of it. The head is the newest of `head.json` and the reports here, so `head.json`
 * is written only when the newest report leaves, and a full disk never keeps older ones from making room.
 */
export class FileOutbox implements Outbox {
  readonly #deps: FileOutboxDeps;
  readonly #bodies: BodyFiles;
  readonly #serial = new Serial();
  readonly #listeners = new Set<() => void>();
  /** By file name, in order. */
  #entries: ReadonlyMap<string, OutboxEntry>;
  #stored: StoredHead;
  #head: Head | null;

  private constructor(
    deps: FileOutboxDeps,
    found: { entries: ReadonlyMap<string, OutboxEntry>; stored: StoredHead; head: Head | null; bodies: BodyFiles },
  ) {
    this.#deps = deps;
    this.#bodies = found.bodies;
    this.#entries = found.entries;
    this.#stored = found.stored;
    this.#head = found.head;
  }

  /** Clears away what a crash tore. @throws CodedError('chain.lost' | 'store.unavailable' | 'file.too-permissive') */
  static async open(deps: FileOutboxDeps): Promise<FileOutbox> {
    return new FileOutbox(deps, await scanOutbox(deps));
  }

  head(): Head | null {
    return this.#head;
  }

  addReport(report: { head: Head; envelope: Envelope; bodies: readonly MeasurementBody[] }): Promise<void> {
    return this.#change(async () => {
      const { head, envelope, bodies } = report;
      const text = envelopeToJson(envelope);
      this.#requireRoom(text.length + this.#bodies.newBytes(bodies));
      await this.#bodies.add(bodies);
      try {
        await this.#write({ kind: 'report', ...head }, text);
      } catch (error) {
        await this.#bodies.sweep();
        throw error;
      }
      this.#bodies.hold([...new Set(bodies.map(({ digest }) => digest))]);
      this.#head = head;
    });
  }

  putSeal({ place, envelope }: { place: Head; envelope: Envelope }): Promise<void> {
    return this.#change(async () => {
      const ref: StatementRef = { ...place, kind: 'seal', digest: sha256(envelope.payload) };
      await this.#write(ref, envelopeToJson(envelope));
    });
  }

  waiting(): readonly StatementRef[] {
    return [...this.#entries.values()].filter(({ leaving }) => leaving === undefined).map(({ ref }) => ref);
  }

  async envelope(ref: StatementRef): Promise<Envelope | undefined> {
    const entry = this.#find(ref);
    if (entry === undefined || entry.leaving !== undefined) return undefined;
    const path = this.#path(ref);
    const envelope = envelopeFromJson(await readPrivateFile(path), path);
    return sha256(envelope.payload) === ref.digest ? envelope : undefined;
  }

  async bodies(digests: readonly Digest[]): Promise<MeasurementBody[]> {
    const found: MeasurementBody[] = [];
    for (const digest of new Set(digests)) {
      const body = await this.#bodies.read(digest);
      if (body !== undefined) found.push(body);
    }
    return found;
  }

  settle(ref: StatementRef): Promise<void> {
    return this.#change(() => {
      const entry = this.#find(ref);
      if (entry !== undefined) entry.leaving = 'settled';
      return Promise.resolve();
    });
  }

  reject(ref: StatementRef, reason: { code: string; message: string }): Promise<void> {
    return this.#change(() => {
      const at = timestamp(this.#deps.clock.wall());
      const message = reason.message.slice(0, 1000);
      const seal = ref.kind === 'report' ? this.#entries.get(statementFileName({ ...ref, kind: 'seal' })) : undefined;
      for (const entry of [this.#find(ref), seal]) {
        if (entry !== undefined) entry.leaving = { ...entry.ref, code: reason.code, message, at };
      }
      return Promise.resolve();
    });
  }

  usage(): OutboxUsage {
    const present = [...this.#entries.values()].filter(({ leaving }) => leaving === undefined);
    const reports = present.filter(({ ref }) => ref.kind === 'report').length;
    return { reports, seals: present.length - reports, bytes: this.#bytes(), ...this.#deps.bounds };
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** One change at a time; whoever may leave by then leaves. */
  #change(step: () => Promise<void>): Promise<void> {
    return this.#serial.run(async () => {
      try {
        await step();
      } finally {
        await this.#removeLeaving();
      }
      for (const listener of this.#listeners) listener();
    });
  }

  #requireRoom(more: number): void {
    const { reports, bytes, maxEntries, maxBytes } = this.usage();
    // a single report always goes in: one larger than the bound would otherwise wait for ever
    if (reports === 0 || (reports < maxEntries && bytes + more <= maxBytes)) return;
    const size = `${String(reports)} reports, ${String(bytes)} bytes`;
    throw new CodedError('store.full', `the outbox is full (${size}); it drains when the collector can be reached`);
  }

  async #write(ref: StatementRef, text: string): Promise<void> {
    await writePrivateFile(this.#path(ref), text);
    const entries = new Map(this.#entries).set(statementFileName(ref), { ref, size: text.length });
    this.#entries = new Map([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  async #removeLeaving(): Promise<void> {
    for (const entry of this.#entries.values()) {
      if (entry.leaving === undefined) continue;
      try {
        await this.#remove(entry, entry.leaving);
      } catch (error) {
        // it stays, is not sent again, and the next change tries anew
        if (!isCoded(error, 'store.full')) throw error;
        this.#deps.log.warn({ code: error.code, sequence: entry.ref.sequence }, 'No room to record the head');
      }
    }
  }

  async #remove({ ref }: OutboxEntry, leaving: 'settled' | Rejection): Promise<void> {
    const bodies = await this.#bodiesNamedBy(ref);
    if (ref.kind === 'report' && ref.sequence === this.#head?.sequence) await this.#storeHead(this.#head, bodies);
    const path = this.#path(ref);
    await (leaving === 'settled' ? unlink(path) : setAside(path, this.#deps.rejected, leaving)).catch(unlessMissing);
    const entries = new Map(this.#entries);
    entries.delete(statementFileName(ref));
    this.#entries = entries;
    await this.#bodies.letGo(bodies);
  }

  /** None if somebody damaged or removed the file: leaving must not fail for it. */
  async #bodiesNamedBy(ref: StatementRef): Promise<readonly Digest[]> {
    const path = this.#path(ref);
    try {
      return parseStatement(await readPrivateFile(path), ref, path).bodies;
    } catch (error) {
      this.#deps.log.error({ sequence: ref.sequence, err: error }, 'A statement in the outbox was damaged');
      return [];
    }
  }

  async #storeHead(head: Head, bodies: readonly Digest[]): Promise<void> {
    await writeHeadFile(this.#deps.outbox, { head, bodies });
    const before = this.#stored.bodies;
    this.#stored = { head, bodies };
    this.#bodies.hold(bodies);
    await this.#bodies.letGo(before);
  }

  #find(ref: StatementRef): OutboxEntry | undefined {
    const entry = this.#entries.get(statementFileName(ref));
    return entry !== undefined && sameRef(entry.ref, ref) ? entry : undefined;
  }

  #bytes(): number {
    return [...this.#entries.values()].reduce((sum, { size }) => sum + size, this.#bodies.bytes);
  }

  #path(ref: StatementRef): string {
    return join(this.#deps.outbox, statementFileName(ref));
  }
}

function unlessMissing(error: unknown): void {
  if (errnoOf(error) !== 'ENOENT') throw error;
}
