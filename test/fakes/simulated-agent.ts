import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import type { ClientDuplexStream } from '@grpc/grpc-js';
import { RULESET } from '@sealwatch/shared/appraisal/appraise.js';
import type { Finding } from '@sealwatch/shared/appraisal/finding.js';
import { PAYLOAD_TYPES } from '@sealwatch/shared/envelope/envelope.js';
import { signEnvelope } from '@sealwatch/shared/envelope/sign-envelope.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import type { Measurement } from '@sealwatch/shared/measurement/measurement.js';
import { encodeMeasurement, type MeasurementBody } from '@sealwatch/shared/measurement/measurement-body.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { keySigner } from '@sealwatch/shared/signing/key-file-signer.js';
import type { Signer } from '@sealwatch/shared/signing/signer.js';
import type { Head, Report } from '@sealwatch/shared/statement/report.js';
import { subjectId } from '@sealwatch/shared/subject/subject.js';
import { type EnrollmentBundle } from '@sealwatch/shared/trust/enrollment-bundle.js';
import { parseToken } from '@sealwatch/shared/trust/enrollment-token.js';
import type { Release } from '@sealwatch/shared/trust/release.js';
import type { AgentMessage, CollectorMessage } from '@sealwatch/shared/wire/attest-messages.js';
import { fromAgentMessage, toCollectorMessage } from '@sealwatch/shared/wire/attest-wire.js';
import { channelOptions, clientCredentials } from '@sealwatch/shared/wire/channel.js';
import type { AttestRequestInput } from '@sealwatch/shared/wire/generated/sealwatch/v1/AttestRequest.js';
import type { AttestResponse } from '@sealwatch/shared/wire/generated/sealwatch/v1/AttestResponse.js';
import type { EnrollResponse } from '@sealwatch/shared/wire/generated/sealwatch/v1/EnrollResponse.js';
import { loadProtos } from '@sealwatch/shared/wire/load-protos.js';
import { createCsr } from '@sealwatch/shared/x509/create-csr.js';
import { certificatePem } from '@sealwatch/shared/x509/pem.js';

const protos = loadProtos();

/** One state a simulated host can be in. */
export interface SimulatedState {
  readonly measurements: readonly Measurement[];
  readonly findings: readonly Finding[];
}

/** A host played over the real wire: real enrolment, TLS, signatures and chain; only the measuring is made up. */
export class SimulatedAgent {
  readonly name: string;
  readonly instance: string = randomBytes(16).toString('hex');
  readonly #bundle: EnrollmentBundle;
  readonly #signer: Signer;
  readonly #identity: { key: string; chain: string };
  readonly #epoch: number;
  readonly #origin: Pick<Report, 'clusterId' | 'inception' | 'release'>;
  readonly #acks = new Map<string, (message: CollectorMessage) => void>();
  #head: Head | null = null;
  /** Of the report under way. */
  #bodies: readonly MeasurementBody[] = [];
  #stream: ClientDuplexStream<AttestRequestInput, AttestResponse> | undefined;
  #close: (() => void) | undefined;

  private constructor(
    name: string,
    bundle: EnrollmentBundle,
    keys: { signing: KeyObject; tls: KeyObject },
    enrolled: EnrollResponse,
  ) {
    this.name = name;
    this.#bundle = bundle;
    this.#signer = keySigner(keys.signing);
    this.#identity = {
      key: keys.tls.export({ type: 'pkcs8', format: 'pem' }).toString(),
      chain: enrolled.tlsChain.map((der) => certificatePem(der)).join(''),
    };
    this.#epoch = enrolled.epoch;
    const release = enrolled.update?.release?.payload;
    if (release === undefined || enrolled.inception === null) throw new Error('nothing was deployed');
    const { version } = JSON.parse(release.toString()) as Release;
    this.#origin = {
      clusterId: parseToken(bundle.token).clusterId,
      inception: sha256(enrolled.inception.payload),
      release: { version, digest: sha256(release) },
    };
  }

  static async enroll(bundle: EnrollmentBundle): Promise<SimulatedAgent> {
    const { host, clusterId } = parseToken(bundle.token);
    const [signing, tls] = [newKey(), newKey()];
    const client = new protos.EnrollmentService(
      bundle.enrollAddress,
      clientCredentials({ root: bundle.root, clusterId }),
      channelOptions(),
    );
    const request = {
      token: bundle.token,
      signingCsr: createCsr({ privateKey: signing, commonName: host }),
      tlsCsr: createCsr({ privateKey: tls, commonName: host }),
      agentVersion: '0.1.0',
    };
    try {
      const enrolled = await new Promise<EnrollResponse>((resolve, reject) => {
        client.Enroll(request, (error, response) => {
          if (error !== null) reject(error);
          else if (response === undefined) reject(new Error('no answer'));
          else resolve(response);
        });
      });
      return new SimulatedAgent(host, bundle, { signing, tls }, enrolled);
    } finally {
      client.close();
    }
  }

  /** Opens the stream and waits for Welcome. */
  async connect(): Promise<void> {
    const { clusterId } = this.#origin;
    const credentials = clientCredentials({ root: this.#bundle.root, clusterId, identity: this.#identity });
    const client = new protos.AgentService(this.#bundle.address, credentials, channelOptions());
    const stream = client.Attest();
    this.#stream = stream;
    this.#close = () => {
      stream.end();
      client.close();
    };
    await new Promise<void>((resolve, reject) => {
      stream.on('error', reject);
      stream.on('data', (wire: AttestResponse) => {
        const message = toCollectorMessage(wire);
        if (message.kind === 'welcome') resolve();
        if (message.kind === 'ack') this.#acks.get(message.digest)?.(message);
        if (message.kind === 'need') {
          const { digests } = message;
          this.#send({ kind: 'bodies', bodies: this.#bodies.filter(({ digest }) => digests.includes(digest)) });
        }
      });
      this.#send({
        kind: 'hello',
        protocolVersions: [1],
        agentVersion: '0.1.0',
        instance: this.instance,
        heartbeatIntervalMs: 30_000,
        scanIntervalMs: 900_000,
        head: this.#head,
        releaseVersion: this.#origin.release.version,
      });
    });
  }

  /** Signs the next report, sends it and waits for its ack. Returns how long the collector took, in milliseconds. */
  async report(state: SimulatedState): Promise<number> {
    const bodies = state.measurements.map(encodeMeasurement);
    this.#bodies = bodies;
    const report: Report = {
      schema: 'sealwatch/report/v1',
      ...this.#origin,
      host: this.name,
      epoch: this.#epoch,
      sequence: (this.#head?.sequence ?? 0) + 1,
      previous: this.#head?.digest ?? null,
      ruleset: RULESET,
      reason: 'change',
      nonce: null,
      bootId: 'simulated',
      instance: this.instance,
      agentVersion: '0.1.0',
      hostRoot: '/',
      at: timestamp(Date.now()),
      monotonicMs: Math.round(performance.now()),
      subjects: state.measurements.map(({ subject }, index) => ({
        id: subjectId(subject),
        measurement: bodies[index]!.digest,
      })),
      findings: state.findings,
      notMeasured: [],
      folded: null,
      accounting: { cycleMs: 1, cpuMs: 1, rssBytes: 1, bytesRead: 1, connections: 0 },
    };
    const first = this.#head === null;
    const envelope = await signEnvelope(PAYLOAD_TYPES.report, report, this.#signer);
    const digest = sha256(envelope.payload);
    const sent = performance.now();
    const answer = await new Promise<CollectorMessage>((resolve) => {
      this.#acks.set(digest, resolve);
      this.#send({ kind: 'report', envelope, bodies: first || report.sequence === 2 ? bodies : [] });
    });
    this.#acks.delete(digest);
    if (answer.kind !== 'ack' || answer.outcome !== 'recorded')
      throw new Error(`report of ${this.name}: ${JSON.stringify(answer)}`);
    this.#head = { epoch: this.#epoch, sequence: report.sequence, digest };
    return performance.now() - sent;
  }

  heartbeat(): void {
    this.#send({ kind: 'heartbeat', head: this.#head, nextScanInMs: 1000, at: timestamp(Date.now()) });
  }

  close(): void {
    this.#close?.();
  }

  #send(message: AgentMessage): void {
    this.#stream?.write(fromAgentMessage(message));
  }
}

function newKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}
