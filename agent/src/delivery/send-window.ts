import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import { parsePayload } from '@sealwatch/shared/statement/parse-payload.js';
import { MAX_REPORT_BYTES, reportSchema } from '@sealwatch/shared/statement/report.js';
import type { Envelope } from '@sealwatch/shared/envelope/envelope.js';
import type { Ack, AgentMessage } from '@sealwatch/shared/wire/attest-messages.js';
import type { Outbox, StatementRef } from '../outbox/outbox.js';
import { bodyBatches } from './body-batches.js';

interface UnderWay {
  readonly ref: StatementRef;
  /** What a report names; none for a seal. */
  readonly bodies: readonly Digest[];
}

/** What is under way on one stream: in order, each statement once, never more than the collector's credit. */
export class SendWindow {
  readonly #outbox: Outbox;
  readonly #send: (message: AgentMessage) => void;
  readonly #credit: number;
  #underWay: UnderWay[] = [];
  /** Acknowledged or sent on this stream; the outbox may still list what it can't let go of yet. */
  readonly #sent = new Set<Digest>();
  /** Bodies of the report last sent here: the next one brings along only what it has besides them. */
  #known: ReadonlySet<Digest> = new Set();

  constructor(deps: { outbox: Outbox; send: (message: AgentMessage) => void; credit: number }) {
    this.#outbox = deps.outbox;
    this.#send = deps.send;
    this.#credit = deps.credit;
  }

  /** Sends what waits, as far as the credit goes. Not to be called again before it resolved. */
  async fill(): Promise<void> {
    for (const ref of this.#outbox.waiting()) {
      if (this.#underWay.length >= this.#credit) return;
      if (this.#sent.has(ref.digest)) continue;
      const envelope = await this.#outbox.envelope(ref);
      if (envelope === undefined) continue;
      this.#sent.add(ref.digest);
      if (ref.kind === 'seal') {
        this.#underWay.push({ ref, bodies: [] });
        this.#send({ kind: 'seal', envelope });
      } else {
        await this.#sendReport(ref, envelope);
      }
    }
  }

  /** Gives the credit back. */
  answered({ of, digest }: Pick<Ack, 'of' | 'digest'>): void {
    this.#underWay = this.#underWay.filter(({ ref }) => ref.kind !== of || ref.digest !== digest);
  }

  /** Reports under way that name one of these bodies. */
  naming(digests: ReadonlySet<Digest>): StatementRef[] {
    return this.#underWay.filter(({ bodies }) => bodies.some((digest) => digests.has(digest))).map(({ ref }) => ref);
  }

  async #sendReport(ref: StatementRef, envelope: Envelope): Promise<void> {
    const { payload } = envelope;
    const { subjects } = parsePayload(payload, {
      schema: reportSchema,
      what: 'a report in the outbox',
      maxBytes: MAX_REPORT_BYTES,
      code: 'store.corrupt',
    });
    const bodies = [...new Set(subjects.map(({ measurement }) => measurement))];
    const fresh = await this.#outbox.bodies(bodies.filter((digest) => !this.#known.has(digest)));
    this.#underWay.push({ ref, bodies });
    // what does not fit is asked for
    const [first = []] = bodyBatches(fresh, payload.length);
    this.#send({ kind: 'report', envelope, bodies: first });
    this.#known = new Set(bodies);
  }
}
