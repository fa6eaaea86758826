import { type Digest, sha256 } from '@sealwatch/shared/hashing/digest.js';
import type { MeasurementBody } from '@sealwatch/shared/measurement/measurement-body.js';
import { CodedError, isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import type { Ack, AgentMessage, CollectorMessage } from '@sealwatch/shared/wire/attest-messages.js';
import type { AlarmBook } from './alarm-book.js';
import type { AttestPeer } from './attest-peer.js';
import { BroughtBodies } from './brought-bodies.js';
import { signerFinder } from './find-signer.js';
import { gatherMeasurements } from './gather-measurements.js';
import type { IngestDependencies } from './ingest-dependencies.js';
import { type OpenedReport, openReport, openSeal } from './open-report.js';
import { recordArrivedReport } from './record-report.js';
import { recordArrivedSeal } from './record-seal.js';

type Of<K extends AgentMessage['kind']> = Extract<AgentMessage, { kind: K }>;
type Evidence = Of<'report'> | Of<'seal'>;

/** Reports and seals an agent may have under way unacknowledged, and so the most that waits here for bodies. */
export const CREDIT = 16;

/** Of the same, in bytes: sixteen honest ones are far less. */
const MAX_WAITING_BYTES = 32 * 1024 * 1024;

/** The life of a report on one stream, from its envelope to its ack: one after the other, in the order they came. */
export class EvidenceIntake {
  readonly #host: string;
  readonly #deps: IngestDependencies & { readonly alarms: AlarmBook };
  readonly #send: (message: CollectorMessage) => void;
  readonly #end: (error: CodedError) => void;
  readonly #origin: Parameters<typeof openReport>[1];
  readonly #bodies = new BroughtBodies();
  /** Evidence behind a report whose bodies were asked for. */
  #waiting: Evidence[] = [];

  constructor(stream: {
    peer: AttestPeer;
    deps: IngestDependencies & { readonly alarms: AlarmBook };
    send: (message: CollectorMessage) => void;
    end: (error: CodedError) => void;
  }) {
    const { peer, deps, send, end } = stream;
    this.#host = peer.host;
    this.#deps = deps;
    this.#send = send;
    this.#end = end;
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

  async take(message: Evidence): Promise<void> {
    if (this.#waiting.length === 0) await this.#take(message);
    else this.#wait(message);
  }

  /** Bodies that were asked for. */
  async bring(bodies: readonly MeasurementBody[]): Promise<void> {
    // nobody asked: a host that brings bodies of its own accord would fill our memory
    if (this.#waiting.length === 0) return;
    this.#bodies.take(bodies);
    await this.#takeWaiting();
  }

  #wait(message: Evidence): void {
    const bytes = [...this.#waiting, message].reduce((sum, each) => sum + sizeOf(each), 0);
    if (this.#waiting.length < CREDIT && bytes <= MAX_WAITING_BYTES) this.#waiting.push(message);
    else
      this.#end(new CodedError('limit.exceeded', `more than ${String(CREDIT)} reports under way, or too large ones`));
  }

  async #take(message: Evidence): Promise<void> {
    try {
      const outcome = message.kind === 'report' ? await this.#takeReport(message) : await this.#takeSeal(message);
      if (outcome !== 'waiting') this.#send(outcome);
    } catch (error) {
      await this.#refuse(message, error);
    }
  }

  async #takeReport(message: Of<'report'>): Promise<Ack | 'waiting'> {
    const opened = await openReport(message.envelope, this.#origin);
    this.#bodies.expect(opened.report.subjects.map(({ measurement }) => measurement));
    this.#bodies.take(message.bodies);
    const gathered = await gatherMeasurements(opened.report, this.#bodies.all, this.#deps);
    if (gathered.kind === 'missing') {
      this.#waiting.push(message);
      this.#send({ kind: 'need', digests: gathered.digests });
      return 'waiting';
    }
    const outcome = await recordArrivedReport(
      { ...opened, envelope: message.envelope, measurements: gathered.measurements, bodies: this.#broughtFor(opened) },
      this.#deps,
    );
    // only now: a measurement that is remembered is not asked for again, so it must be on disk
    for (const decoded of gathered.decoded) this.#deps.cache.add(decoded);
    this.#bodies.expect([]);
    // a line of history says the same, and a line of log for each costs as much as looking into it
    this.#deps.log.debug(
      {
        host: this.#host,
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
      this.#deps.log.error({ err: error, code, host: this.#host }, 'report not recorded');
      this.#end(isCoded(error) ? error : new CodedError('internal', 'internal error'));
      return;
    }
    const text = error instanceof Error ? error.message : 'refused';
    await this.#deps.alarms.raise({ host: this.#host, code, message: text, envelope: message.envelope });
    const { epoch, sequence } = positionOf(message);
    this.#send({
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

  #broughtFor({ report }: OpenedReport): MeasurementBody[] {
    return report.subjects.flatMap(({ measurement: digest }) => {
      const bytes = this.#bodies.all.get(digest);
      return bytes === undefined ? [] : [{ digest, bytes }];
    });
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

function sizeOf(message: Evidence): number {
  const bodies = message.kind === 'report' ? message.bodies : [];
  return bodies.reduce((sum, { bytes }) => sum + bytes.length, message.envelope.payload.length);
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
