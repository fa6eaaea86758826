import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import { CodedError, isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import type { Logger } from '@sealwatch/shared/runtime/log.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { VERSION } from '@sealwatch/shared/runtime/version.js';
import type { Head } from '@sealwatch/shared/statement/report.js';
import type { ReleaseBundle } from '@sealwatch/shared/trust/open-release.js';
import {
  type Ack,
  type AgentMessage,
  type CollectorMessage,
  PROTOCOL_VERSION,
} from '@sealwatch/shared/wire/attest-messages.js';
import type { Outbox, StatementRef } from '../outbox/outbox.js';
import { Serial } from '@sealwatch/shared/runtime/serial.js';
import type { AttestStream, OpenAttestStream } from './attest-stream.js';
import { bodyBatches } from './body-batches.js';
import { forgottenHead, settledByHead } from './reconcile-heads.js';
import { SendWindow } from './send-window.js';

/** What the agent says about itself. */
export interface Announcement {
  readonly heartbeatIntervalMs: number;
  readonly scanIntervalMs: number;
  /** 0 for none. */
  readonly releaseVersion: number;
}

export interface DeliveryDeps {
  readonly open: OpenAttestStream;
  readonly outbox: Outbox;
  readonly epoch: number;
  /** Random per program start, hex. */
  readonly instance: string;
  readonly announce: () => Announcement;
  readonly nextScanInMs: () => number;
  readonly onChallenge: (challenge: { nonce: string; deadlineMs: number }) => void;
  /** Verifies it and puts it in force; a refusal is logged by the callee and ends nothing. */
  readonly onUpdate: (bundle: ReleaseBundle) => Promise<void>;
  readonly onRejected: (ref: StatementRef, reason: { code: string; message: string }) => void;
  /** The collector acknowledged this report once and does not hold it any more: its store was set back. */
  readonly onForgotten: (head: Head) => void;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The collector's answer to Hello must come within this. */
const WELCOME_MS = 15_000;

/** How a session ended. */
export interface SessionEnd {
  readonly welcomed: boolean;
  readonly error: CodedError | undefined;
}

/** One stream from dialling to its end: Hello, Welcome, then reports, seals and heartbeats up, answers down. */
export class DeliverySession {
  readonly #deps: DeliveryDeps;
  readonly #stream: AttestStream;
  readonly #serial = new Serial();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #unsubscribe: () => void;
  #window: SendWindow | undefined;
  #failure: CodedError | undefined;
  #over = false;

  /** Resolves when the stream is gone and what came on it was handled. */
  readonly ended: Promise<SessionEnd>;

  constructor(deps: DeliveryDeps) {
    this.#deps = deps;
    let end: (end: SessionEnd) => void;
    this.ended = new Promise((resolve) => (end = resolve));
    this.#stream = deps.open({
      message: (message) => {
        this.#do(() => this.#handle(message));
      },
      closed: (error) => {
        this.#over = true;
        for (const timer of this.#timers) clearTimeout(timer);
        this.#unsubscribe();
        void this.#serial.run(() => {
          end({ welcomed: this.welcomed, error: this.#failure ?? error });
          return Promise.resolve();
        });
      },
    });
    this.#unsubscribe = deps.outbox.subscribe(() => {
      this.#do(async () => this.#window?.fill());
    });
    this.#after(WELCOME_MS, () => {
      if (!this.welcomed) this.#fail(new CodedError('collector.unreachable', 'the collector does not answer'));
    });
    this.#sayHello();
  }

  get welcomed(): boolean {
    return this.#window !== undefined;
  }

  close(): void {
    this.#stream.close();
  }

  #sayHello(): void {
    const { instance, outbox, announce } = this.#deps;
    this.#stream.send({
      kind: 'hello',
      protocolVersions: [PROTOCOL_VERSION],
      agentVersion: VERSION,
      instance,
      head: outbox.head(),
      ...announce(),
    });
  }

  async #handle(message: CollectorMessage): Promise<void> {
    if (this.#failure !== undefined) return;
    if (message.kind !== 'welcome' && this.#window === undefined) {
      throw new CodedError('collector.protocol', `the collector sent ${message.kind} before its welcome`);
    }
    switch (message.kind) {
      case 'welcome':
        return this.#handleWelcome(message);
      case 'ack':
        return this.#handleAck(message);
      case 'need':
        return this.#handleNeed(message.digests);
      case 'challenge':
        this.#deps.onChallenge(message);
        return;
      case 'update':
        return this.#deps.onUpdate(message.bundle);
    }
  }

  async #handleWelcome(welcome: CollectorMessage & { kind: 'welcome' }): Promise<void> {
    if (this.#window !== undefined) throw new CodedError('collector.protocol', 'the collector sent a second welcome');
    const { outbox, epoch, onUpdate, log } = this.#deps;
    if (welcome.protocolVersion !== PROTOCOL_VERSION) {
      const version = String(welcome.protocolVersion);
      throw new CodedError('collector.protocol', `the collector chose protocol version ${version}, unknown here`);
    }
    const settled = settledByHead({ epoch, head: outbox.head() }, welcome.head, outbox.waiting());
    for (const ref of settled) await outbox.settle(ref);
    const forgotten = forgottenHead(outbox.head(), welcome.head, outbox.waiting());
    if (forgotten !== undefined) this.#deps.onForgotten(forgotten);
    log.info({ sequence: welcome.head?.sequence ?? 0, credit: welcome.credit }, 'Connected to the collector');
    this.#window = new SendWindow({
      outbox,
      credit: welcome.credit,
      send: (message) => {
        this.#send(message);
      },
    });
    this.#beatOn();
    if (welcome.update !== null) await onUpdate(welcome.update);
    await this.#window.fill();
  }

  /** A statement is known by its digest: a collector that could not read it does not know its place. */
  async #handleAck(ack: Ack): Promise<void> {
    const { outbox, onRejected } = this.#deps;
    const { code, message } = ack;
    const ref = outbox.waiting().find(({ kind, digest }) => kind === ack.of && digest === ack.digest);
    if (ref !== undefined && ack.outcome === 'rejected') {
      onRejected(ref, { code, message });
      await outbox.reject(ref, { code, message });
    } else if (ref !== undefined) {
      await outbox.settle(ref);
    }
    this.#window?.answered(ack);
    await this.#window?.fill();
  }

  async #handleNeed(digests: readonly Digest[]): Promise<void> {
    const { outbox, onRejected } = this.#deps;
    const bodies = await outbox.bodies(digests);
    for (const batch of bodyBatches(bodies)) {
      if (batch.length > 0) this.#send({ kind: 'bodies', bodies: batch });
    }
    const missing = new Set(digests);
    for (const { digest } of bodies) missing.delete(digest);
    if (missing.size === 0) return;
    // the report can never be completed; it must not block those after it
    const reason = { code: 'store.corrupt', message: 'measurements it names are lost on this host' };
    for (const ref of this.#window?.naming(missing) ?? []) {
      onRejected(ref, reason);
      await outbox.reject(ref, reason);
    }
    throw new CodedError('store.corrupt', `the collector needs ${String(missing.size)} measurements lost on this host`);
  }

  #beatOn(): void {
    const { outbox, announce, nextScanInMs, clock } = this.#deps;
    const beat = (): void => {
      const at = timestamp(clock.wall());
      this.#send({ kind: 'heartbeat', head: outbox.head(), nextScanInMs: nextScanInMs(), at });
      this.#after(announce().heartbeatIntervalMs, beat);
    };
    beat();
  }

  #send(message: AgentMessage): void {
    if (!this.#over) this.#stream.send(message);
  }

  #after(milliseconds: number, then: () => void): void {
    if (this.#over) return;
    const timer = setTimeout(() => {
      this.#timers.splice(this.#timers.indexOf(timer), 1);
      then();
    }, milliseconds);
    this.#timers.push(timer);
  }

  /** One step at a time; a step that fails ends the stream. */
  #do(step: () => Promise<void>): void {
    this.#serial.run(step).catch((error: unknown) => {
      this.#fail(isCoded(error) ? error : new CodedError('internal', 'delivery failed', { cause: error }));
    });
  }

  #fail(error: CodedError): void {
    this.#failure ??= error;
    this.#stream.close();
  }
}
