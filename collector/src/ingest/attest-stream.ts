import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import type { MeasurementBody } from '@sealwatch/shared/measurement/measurement-body.js';
import { CodedError, isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import { timestamp, wallTime } from '@sealwatch/shared/runtime/timestamp.js';
import {
  type Ack,
  type AgentMessage,
  type CollectorMessage,
  PROTOCOL_VERSION,
} from '@sealwatch/shared/wire/attest-messages.js';
import type { AttestPeer, AttestSession } from './attest-peer.js';
import { claimStream } from './claim-stream.js';
import { signerFinder } from './find-signer.js';
import { gatherMeasurements } from './gather-measurements.js';
import type { IngestDependencies } from './ingest-dependencies.js';
import { type OpenedReport, openReport, openSeal } from './open-report.js';
import { recordArrivedReport } from './record-report.js';
import { recordArrivedSeal } from './record-seal.js';
import type { LiveStream } from './stream-registry.js';

type Of<K extends AgentMessage['kind']> = Extract<AgentMessage, { kind: K }>;
type Evidence = Of<'report'> | Of<'seal'>;

/** Reports and seals an agent may have under way unacknowledged, and so the most that waits here for bodies. */
export const CREDIT = 16;

/** How long a second agent waits for a sign of life of the first, in its heartbeats. */
const PATIENCE_IN_HEARTBEATS = 1.5;

/** One Attest stream from Hello to its end: the life of a report from admission to the ack. */
export class AttestStream implements AttestSession, LiveStream {
  readonly #peer: AttestPeer;
  readonly #deps: IngestDependencies;
  readonly #origin: Parameters<typeof openReport>[1];
  readonly #bodies = new Map<Digest, Buffer>();
  readonly #signsOfLife = new Set<() => void>();
  /** Evidence behind a report whose bodies were asked for. */
  #waiting: Evidence[] = [];
  #hello: Of<'hello'> | undefined;
  #closed = false;

  constructor(peer: AttestPeer, deps: IngestDependencies) {
    this.#peer = peer;
    this.#deps = deps;
    const findSigner = signerFinder(deps.store);
    const { clock } = deps;
    this.#origin = {
      peer,
      inception: deps.board.inception,
      findSigner,
      get receivedAt() {
        return clock.wall();
      },
    };
  }

  get host(): string {
    return this.#peer.host;
  }

  get instance(): string {
    return this.#hello?.instance ?? '';
  }

  async receive(message: AgentMessage): Promise<void> {
    if (this.#closed) return;
    for (const callback of [...this.#signsOfLife]) callback();
    if (message.kind === 'hello') {
      await this.#welcome(message);
      return;
    }
    if (this.#hello === undefined) {
      this.#end(new CodedError('collector.protocol', 'the first message of a stream must be Hello'));
      return;
    }
    this.#heard();
    switch (message.kind) {
      case 'report':
      case 'seal':
        if (this.#waiting.length >= CREDIT)
          this.#end(new CodedError('limit.exceeded', `more than ${String(CREDIT)} reports under way`));
        else if (this.#waiting.length > 0) this.#waiting.push(message);
        else await this.#take(message);
        return;
      case 'bodies':
        this.#remember(message.bodies);
        await this.#takeWaiting();
        return;
      case 'heartbeat':
        this.#measureSkew(message.at);
        return;
    }
  }

  closed(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (!this.#deps.registry.remove(this)) return;
    const state = this.#deps.board.state(this.host);
    state.connected = false;
    this.#deps.log.info({ host: this.host }, 'agent disconnected');
  }

  send(message: CollectorMessage): void {
    if (!this.#closed) this.#peer.send(message);
  }

  replace(reason: string): void {
    this.#end(new CodedError('request.cancelled', reason));
  }

  /** Ends the stream because its identity was taken away. */
  revoke(): void {
    this.#end(new CodedError('host.revoked', `${this.host} was revoked; enrol it anew to let it report again`));
  }

  onSignOfLife(callback: () => void): () => void {
    this.#signsOfLife.add(callback);
    return () => this.#signsOfLife.delete(callback);
  }

  async #welcome(hello: Of<'hello'>): Promise<void> {
    const { registry, board, store, releases, clock, log, challenges } = this.#deps;
    if (this.#hello !== undefined) {
      this.#end(new CodedError('collector.protocol', 'Hello came twice'));
      return;
    }
    if (!hello.protocolVersions.includes(PROTOCOL_VERSION)) {
      this.#end(
        new CodedError(
          'collector.protocol',
          `this collector speaks protocol version ${String(PROTOCOL_VERSION)}; upgrade the agent`,
        ),
      );
      return;
    }
    this.#hello = hello;
    const patience = Math.min(60_000, PATIENCE_IN_HEARTBEATS * hello.heartbeatIntervalMs);
    if ((await claimStream(this, registry, patience)) === 'refused') {
      const message = `a second agent (instance ${hello.instance}) connected as ${this.host} while the first was alive`;
      await this.#alarm('instance.duplicate', message, undefined);
      this.#end(new CodedError('instance.duplicate', message));
      return;
    }
    if (this.#isClosed()) {
      registry.remove(this);
      return;
    }
    const state = board.state(this.host);
    state.connected = true;
    state.announced = { heartbeatIntervalMs: hello.heartbeatIntervalMs, scanIntervalMs: hello.scanIntervalMs };
    this.#heard();
    const release = releases.current();
    const update = release !== undefined && release.release.version > hello.releaseVersion ? release.bundle : null;
    const head = (await store.head(this.host)) ?? null;
    this.send({
      kind: 'welcome',
      protocolVersion: PROTOCOL_VERSION,
      serverTime: timestamp(clock.wall()),
      head,
      credit: CREDIT,
      update,
    });
    log.info({ host: this.host, sequence: head?.sequence ?? 0, instance: hello.instance }, 'agent connected');
    challenges.connected(this.host);
    board.rejudge(this.host);
  }

  async #take(message: Evidence): Promise<void> {
    try {
      const outcome = message.kind === 'report' ? await this.#takeReport(message) : await this.#takeSeal(message);
      if (outcome !== 'waiting') this.send(outcome);
    } catch (error) {
      await this.#refuse(message, error);
    }
  }

  async #takeReport(message: Of<'report'>): Promise<Ack | 'waiting'> {
    this.#remember(message.bodies);
    const opened = await openReport(message.envelope, this.#origin);
    const gathered = await gatherMeasurements(opened.report, this.#bodies, this.#deps);
    if (gathered.kind === 'missing') {
      this.#waiting.push(message);
      this.send({ kind: 'need', digests: gathered.digests });
      return 'waiting';
    }
    const outcome = await recordArrivedReport(
      { ...opened, envelope: message.envelope, measurements: gathered.measurements, bodies: this.#broughtFor(opened) },
      this.#deps,
    );
    this.#bodies.clear();
    this.#deps.log.info(
      {
        host: this.host,
        sequence: opened.report.sequence,
        reason: opened.report.reason,
        findings: opened.report.findings.length,
      },
      'report recorded',
    );
    return ack('report', opened.report, opened.digest, outcome);
  }

  async #takeSeal(message: Of<'seal'>): Promise<Ack> {
    const { digest, seal } = await openSeal(message.envelope, this.#origin);
    return ack('seal', seal, digest, await recordArrivedSeal({ envelope: message.envelope, digest, seal }, this.#deps));
  }

  /** Bodies came: what waited for them is taken up in order, up to the next that waits. */
  async #takeWaiting(): Promise<void> {
    const queue = this.#waiting;
    this.#waiting = [];
    for (const [index, message] of queue.entries()) {
      await this.#take(message);
      if (this.#waiting.length > 0) {
        this.#waiting.push(...queue.slice(index + 1));
        return;
      }
    }
  }

  /** A refusal is final for this report; trouble of our own ends the stream, so that the agent keeps it and tries again. */
  async #refuse(message: Evidence, error: unknown): Promise<void> {
    const code = isCoded(error) ? error.code : 'internal';
    if (code.startsWith('store.') || code === 'internal') {
      this.#deps.log.error({ err: error, code, host: this.host }, 'report not recorded');
      this.#end(isCoded(error) ? error : new CodedError('internal', 'internal error'));
      return;
    }
    const text = error instanceof Error ? error.message : 'refused';
    await this.#alarm(code, text, message);
    const { epoch, sequence } = positionOf(message);
    this.send({
      kind: 'ack',
      of: message.kind,
      epoch,
      sequence,
      digest: sha256(message.envelope.payload),
      outcome: 'rejected',
      code,
      message: text,
    });
  }

  async #alarm(code: string, message: string, evidence: Evidence | undefined): Promise<void> {
    const { store, clock, log } = this.#deps;
    log.warn({ host: this.host, code }, 'alarm');
    try {
      await store.recordAlarm({
        at: timestamp(clock.wall()),
        host: this.host,
        code,
        message,
        envelope: evidence?.envelope ?? null,
      });
    } catch (err) {
      log.error({ err, host: this.host, code }, 'alarm not recorded');
    }
  }

  #remember(bodies: readonly MeasurementBody[]): void {
    for (const { digest, bytes } of bodies) this.#bodies.set(digest, bytes);
  }

  #broughtFor({ report }: OpenedReport): MeasurementBody[] {
    return report.subjects.flatMap(({ measurement: digest }) => {
      const bytes = this.#bodies.get(digest);
      return bytes === undefined ? [] : [{ digest, bytes }];
    });
  }

  #heard(): void {
    const { board, clock } = this.#deps;
    if (this.#deps.registry.of(this.host) !== this) return;
    const state = board.state(this.host);
    const wasSilent = state.heardAt === null || state.reasons.includes('host.silent host');
    state.heardAt = clock.monotonic();
    state.heardAtWall = clock.wall();
    if (wasSilent) board.rejudge(this.host);
    else board.postpone(this.host);
  }

  #measureSkew(at: string): void {
    const { board, clock } = this.#deps;
    const state = board.state(this.host);
    const before = state.skewMs;
    state.skewMs = clock.wall() - wallTime(at);
    if (before === null || Math.abs(before - state.skewMs) > 1000) board.rejudge(this.host);
  }

  #isClosed(): boolean {
    return this.#closed;
  }

  #end(error: CodedError): void {
    this.#deps.log.info({ host: this.host, code: error.code }, 'stream ended by collector');
    this.#peer.end(error);
    this.closed();
  }
}

function ack(
  of: Ack['of'],
  at: { epoch: number; sequence: number },
  digest: Digest,
  outcome: 'recorded' | 'duplicate',
): Ack {
  return { kind: 'ack', of, epoch: at.epoch, sequence: at.sequence, digest, outcome, code: '', message: '' };
}

/** What a refused statement says of its own place; the agent finds it by digest, so zeros do no harm. */
function positionOf({ envelope }: Evidence): { epoch: number; sequence: number } {
  try {
    const claimed = JSON.parse(envelope.payload.toString('utf8')) as { epoch?: unknown; sequence?: unknown };
    const number = (value: unknown): number =>
      Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) < 2 ** 32 ? Number(value) : 0;
    return { epoch: number(claimed.epoch), sequence: number(claimed.sequence) };
  } catch {
    return { epoch: 0, sequence: 0 };
  }
}
