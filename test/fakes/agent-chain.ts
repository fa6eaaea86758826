import { createPublicKey, type KeyObject } from 'node:crypto';
import type { HostStatement } from '@sealwatch/agent/chain/host-statement.js';
import type { Observation } from '@sealwatch/agent/chain/observation.js';
import { ReportChain } from '@sealwatch/agent/chain/report-chain.js';
import type { Outbox } from '@sealwatch/agent/outbox/outbox.js';
import { type Envelope, PAYLOAD_TYPES } from '@sealwatch/shared/envelope/envelope.js';
import { verifyEnvelope } from '@sealwatch/shared/envelope/verify-envelope.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { encodeMeasurement, type MeasurementBody } from '@sealwatch/shared/measurement/measurement-body.js';
import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import { createLogger, type Logger } from '@sealwatch/shared/runtime/log.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { generateP256 } from '@sealwatch/shared/signing/generate-key.js';
import { keySigner } from '@sealwatch/shared/signing/key-file-signer.js';
import { publicKeyOf } from '@sealwatch/shared/signing/public-key.js';
import { parsePayload } from '@sealwatch/shared/statement/parse-payload.js';
import { MAX_REPORT_BYTES, type Report, reportSchema } from '@sealwatch/shared/statement/report.js';
import { type Seal, sealSchema } from '@sealwatch/shared/statement/seal.js';
import { TestClock } from './test-clock.js';

export const quiet: Logger = createLogger({ program: 'test', level: 'silent' });

export const origin: HostStatement = {
  clusterId: 'c1'.repeat(16),
  host: 'host-a',
  epoch: 1,
  inception: `sha256:${'1'.repeat(64)}`,
  previousHead: null,
  bootId: 'boot',
  instance: 'ab'.repeat(16),
  hostRoot: '/',
  self: { program: null, runtime: null, node: 'v20.0.0', openssl: '3.0.0', refusesUnapproved: false },
};

/** A measurement of kubelet, one per `content`. */
export function kubelet(content: string): MeasurementBody {
  return encodeMeasurement({
    subject: { kind: 'file', component: 'kubelet', path: '/usr/bin/kubelet' },
    observed: {
      state: 'present',
      realPath: '/usr/bin/kubelet',
      size: '1',
      digest: sha256(Buffer.from(content)),
      mode: '0755',
      uid: 0,
      gid: 0,
    },
  });
}

/** A scan that took no time. `content` is what kubelet was. */
export function observation(clock: Clock, content: string, changes: Partial<Observation> = {}): Observation {
  return {
    startedAt: clock.wall(),
    endedAt: clock.wall(),
    startedMonotonic: clock.monotonic(),
    carriedFrom: null,
    hostMonotonicMs: 5,
    release: { version: 1, digest: `sha256:${'2'.repeat(64)}` },
    subjects: [{ id: 'file:kubelet:/usr/bin/kubelet', body: kubelet(content) }],
    findings: [],
    nonce: null,
    accounting: { cycleMs: 1, cpuMs: 1, rssBytes: 1, bytesRead: 1, connections: 0 },
    ...changes,
  };
}

/** A chain over any outbox, a clock to move and a key to check with. */
export class ChainBench {
  readonly clock: TestClock = new TestClock();
  readonly key: KeyObject = generateP256().privateKey;
  readonly chain: ReportChain;
  readonly outbox: Outbox;

  constructor(outbox: Outbox, changes: Partial<HostStatement> = {}) {
    this.outbox = outbox;
    const signer = keySigner(this.key);
    this.chain = new ReportChain({ outbox, origin: { ...origin, ...changes }, signer: () => signer, log: quiet });
  }

  scan(content: string, changes: Partial<Observation> = {}): ReturnType<ReportChain['observe']> {
    return this.chain.observe(observation(this.clock, content, changes));
  }

  async waitingReports(): Promise<Report[]> {
    return (await this.#waiting('report')).map((envelope) => openReport(envelope, this.key));
  }

  async waitingSeals(): Promise<Seal[]> {
    return (await this.#waiting('seal')).map((envelope) => {
      const keys = [publicKeyOf(createPublicKey(this.key))];
      verifyEnvelope(envelope, { payloadType: PAYLOAD_TYPES.seal, keys, what: 'the seal' });
      const shape = { schema: sealSchema, what: 'the seal', maxBytes: 4096, code: 'statement.malformed' } as const;
      return parsePayload(envelope.payload, shape);
    });
  }

  now(): string {
    return timestamp(this.clock.wall());
  }

  async #waiting(kind: 'report' | 'seal'): Promise<Envelope[]> {
    const found = [];
    for (const ref of this.outbox.waiting()) {
      const envelope = ref.kind === kind ? await this.outbox.envelope(ref) : undefined;
      if (envelope !== undefined) found.push(envelope);
    }
    return found;
  }
}

/** Verified and narrowed as the collector does it. */
export function openReport(envelope: Envelope, key: KeyObject): Report {
  const keys = [publicKeyOf(key.type === 'private' ? createPublicKey(key) : key)];
  verifyEnvelope(envelope, { payloadType: PAYLOAD_TYPES.report, keys, what: 'the report' });
  return parsePayload(envelope.payload, {
    schema: reportSchema,
    what: 'the report',
    maxBytes: MAX_REPORT_BYTES,
    code: 'statement.malformed',
  });
}
