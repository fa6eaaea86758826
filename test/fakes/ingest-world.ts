import { BUILT_IN_SNAPSHOT } from '@sealwatch/shared/cmvp/built-in-snapshot.js';
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAttestService } from '@sealwatch/collector/ingest/attest-service.js';
import type { AttestService, AttestSession } from '@sealwatch/collector/ingest/attest-peer.js';
import { MeasurementCache } from '@sealwatch/collector/ingest/measurement-cache.js';
import { StreamRegistry } from '@sealwatch/collector/ingest/stream-registry.js';
import { Challenges } from '@sealwatch/collector/compliance/challenges.js';
import { observeEnrollment } from '@sealwatch/collector/compliance/observe-enrollment.js';
import { PostureBoard } from '@sealwatch/collector/compliance/posture-board.js';
import { ReleaseKeeper } from '@sealwatch/collector/compliance/release-keeper.js';
import { openSqliteStore } from '@sealwatch/collector/store/sqlite/open-sqlite-store.js';
import type { Store } from '@sealwatch/collector/store/store.js';
import { appraise, RULESET } from '@sealwatch/shared/appraisal/appraise.js';
import { type Envelope, PAYLOAD_TYPES } from '@sealwatch/shared/envelope/envelope.js';
import { signEnvelope } from '@sealwatch/shared/envelope/sign-envelope.js';
import { type Digest, sha256 } from '@sealwatch/shared/hashing/digest.js';
import { MANIFEST_PREDICATE, type ManifestStatement, STATEMENT_TYPE } from '@sealwatch/shared/manifest/manifest.js';
import type { Measurement } from '@sealwatch/shared/measurement/measurement.js';
import { encodeMeasurement, type MeasurementBody } from '@sealwatch/shared/measurement/measurement-body.js';
import type { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { createLogger } from '@sealwatch/shared/runtime/log.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { keySigner } from '@sealwatch/shared/signing/key-file-signer.js';
import { type PublicKey, publicKeyOf } from '@sealwatch/shared/signing/public-key.js';
import type { Head, Report } from '@sealwatch/shared/statement/report.js';
import type { Seal } from '@sealwatch/shared/statement/seal.js';
import { subjectId } from '@sealwatch/shared/subject/subject.js';
import { type VerifiedInception, openInception } from '@sealwatch/shared/trust/open-inception.js';
import type { Policy } from '@sealwatch/shared/trust/policy.js';
import type { Release } from '@sealwatch/shared/trust/release.js';
import type { CollectorMessage } from '@sealwatch/shared/wire/attest-messages.js';
import { issueCertificate } from '@sealwatch/shared/x509/issue-certificate.js';
import { readCertificate } from '@sealwatch/shared/x509/read-certificate.js';
import { TestClock } from './test-clock.js';
import { platformMeasurement } from './platform-observations.js';

const CLUSTER_ID = 'c0ffee00'.repeat(4);
const DAY = 86_400_000;
/** One publisher key for all worlds of a process: making an RSA-4096 key takes a second. */
let publisher: { privateKey: KeyObject; publicKey: KeyObject } | undefined;

/** What a good kubelet is: any bytes will do, their digest is signed for real. */
export const GOOD: Digest = sha256(Buffer.from('a good kubelet'));
export const BAD: Digest = sha256(Buffer.from('a bad kubelet'));

/** The collector's inside without its front door: real SQLite, real keys and signatures, a clock that obeys. */
export class IngestWorld {
  readonly clock = new TestClock();
  readonly store: Store;
  readonly board: PostureBoard;
  readonly challenges: Challenges;
  readonly releases: ReleaseKeeper;
  readonly service: AttestService;
  readonly inception: VerifiedInception;
  readonly #clusterKey: KeyObject;
  readonly #directory: string;
  readonly #manifest: Envelope;
  #version = 0;

  private constructor(parts: {
    store: Store;
    inception: VerifiedInception;
    clusterKey: KeyObject;
    manifest: Envelope;
    directory: string;
  }) {
    const log = createLogger({ program: 'test', level: 'silent' });
    const registry = new StreamRegistry();
    this.store = parts.store;
    this.inception = parts.inception;
    this.#clusterKey = parts.clusterKey;
    this.#manifest = parts.manifest;
    this.#directory = parts.directory;
    const { store, clock, inception } = this;
    this.board = new PostureBoard({ inception, clock, store, log });
    this.releases = new ReleaseKeeper({
      clusterKey: this.clusterKey,
      inception,
      store,
      clock,
      onRelease: (release) => {
        this.board.setRelease(release);
      },
    });
    this.challenges = new Challenges({
      monotonic: () => clock.monotonic(),
      send: (host, challenge) => {
        const stream = registry.of(host);
        stream?.send({ kind: 'challenge', ...challenge });
        return stream !== undefined;
      },
    });
    const { board, releases, challenges } = this;
    this.service = createAttestService({
      store,
      board,
      releases,
      challenges,
      registry,
      cache: new MeasurementCache(),
      clock,
      log,
    });
  }

  /** A cluster of mode fips with a release that declares `hosts` as workers that need a kubelet. */
  static async create(hosts: readonly string[] = ['alpha'], policy: Partial<Policy> = {}): Promise<IngestWorld> {
    const directory = mkdtempSync(join(tmpdir(), 'sealwatch-ingest-'));
    publisher ??= generateKeyPairSync('rsa', { modulusLength: 4096 });
    const { privateKey: clusterKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const inception = openInception(
      await signEnvelope(
        PAYLOAD_TYPES.inception,
        {
          schema: 'sealwatch/inception/v1',
          clusterId: CLUSTER_ID,
          clusterName: 'test',
          mode: 'fips',
          createdAt: '2026-11-01T00:00:00.000Z',
          clusterKey: publicKeyOf(clusterKey).keyid,
          adopted: null,
        },
        keySigner(clusterKey),
      ),
      publicKeyOf(clusterKey),
    );
    const store = await openSqliteStore({ file: join(directory, 'sealwatch.db'), threads: 'inline' });
    const world = new IngestWorld({
      store,
      inception,
      clusterKey,
      manifest: await manifest(publisher.privateKey),
      directory,
    });
    await world.deploy(hosts, policy);
    return world;
  }

  get clusterKey(): PublicKey {
    return publicKeyOf(this.#clusterKey);
  }

  async deploy(
    hosts: readonly string[],
    policy: Partial<Policy> = {},
    removedHosts: Release['removedHosts'] = [],
  ): Promise<void> {
    if (publisher === undefined) throw new Error('no publisher');
    const { keyid, key } = publicKeyOf(publisher.publicKey);
    const release: Release = {
      schema: 'sealwatch/release/v1',
      clusterId: CLUSTER_ID,
      inception: this.inception.digest,
      version: ++this.#version,
      issuedAt: timestamp(this.clock.wall()),
      policy: {
        demonstration: false,
        tlsProfile: 'konvoy-1.7',
        requireActiveCertificate: false,
        require: ['file', 'host'],
        heartbeatIntervalMs: 30_000,
        staleAfterMs: 90_000,
        scanIntervalMs: 900_000,
        evidenceMaxAgeMs: 1_800_000,
        components: { worker: { kubelet: 'file' } },
        services: [],
        libraryKeys: [],
        severities: {},
        ...policy,
      },
      hosts: hosts.map((name) => ({ name, role: 'worker' })),
      removedHosts,
      operators: [{ name: 'admin', role: 'admin' }],
      publisherKeys: [{ keyid, pem: key.export({ type: 'spki', format: 'pem' }).toString(), revoked: null }],
      manifests: [{ digest: sha256(this.#manifest.payload), from: '2026-11-01T00:00:00.000Z', until: null }],
      cmvp: BUILT_IN_SNAPSHOT,
    };
    const envelope = await signEnvelope(PAYLOAD_TYPES.release, release, keySigner(this.#clusterKey));
    await this.releases.publish({ release: envelope, manifests: [this.#manifest] });
  }

  /** Enrols a host with real keys. `epoch` is what the store says. */
  async enroll(name: string, replace = false): Promise<TestHost> {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const now = this.clock.wall();
    const der = issueCertificate({
      profile: 'host-signing',
      commonName: name,
      publicKey,
      notBefore: new Date(now - DAY),
      notAfter: new Date(now + 365 * DAY),
      issuer: { selfSigned: privateKey },
    });
    const { serial, publicKey: key } = readCertificate(der, 'test');
    const hash = createHash('sha256')
      .update(`${name} ${randomBytes(8).toString('hex')}`)
      .digest('hex');
    await this.store.addToken({
      hash,
      host: name,
      createdAt: timestamp(now),
      expiresAt: timestamp(now + 60_000),
      replace,
    });
    const certificate = {
      serial,
      purpose: 'host-signing' as const,
      name,
      keyid: key.keyid,
      notBefore: timestamp(now - DAY),
      notAfter: timestamp(now + 365 * DAY),
      der,
    };
    const enrolled = await observeEnrollment(this.store, {
      board: this.board,
      endStreamsOf: (host) => this.service.endStreamsOf(host),
    }).enroll({
      tokenHash: hash,
      at: timestamp(now),
      certificates: [certificate],
    });
    return new TestHost(this, name, enrolled.epoch, privateKey, enrolled.previousHead);
  }

  async dispose(): Promise<void> {
    await this.board.settled();
    await this.store.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** An agent's signing half: builds what an honest agent would send, and on demand what a dishonest one would. */
export class TestHost {
  readonly name: string;
  readonly epoch: number;
  readonly instance: string = randomBytes(16).toString('hex');
  readonly #world: IngestWorld;
  readonly #key: KeyObject;
  head: Head | null;
  kubelet: Digest = GOOD;

  constructor(world: IngestWorld, name: string, epoch: number, key: KeyObject, previousHead: Head | null) {
    this.#world = world;
    this.name = name;
    this.epoch = epoch;
    this.#key = key;
    this.head = previousHead;
  }

  measurements(): Measurement[] {
    return [
      {
        subject: { kind: 'file', component: 'kubelet', path: '/usr/bin/kubelet' },
        observed: {
          state: 'present',
          realPath: '/usr/bin/kubelet',
          size: '14',
          digest: this.kubelet,
          mode: '0755',
          uid: 0,
          gid: 0,
        },
      },
      platformMeasurement(),
      { subject: { kind: 'host', aspect: 'kubernetes-ca' }, observed: { state: 'absent' } },
      { subject: { kind: 'host', aspect: 'etcd-ca' }, observed: { state: 'absent' } },
    ];
  }

  /** The next report of the chain, with whatever `lie` changes before it is signed. The head moves on unless it lies about its place. */
  async report(
    lie: Partial<Report> = {},
    measurements: readonly Measurement[] = this.measurements(),
  ): Promise<SignedReport> {
    const { clock, releases, inception } = this.#world;
    const current = releases.current();
    if (current === undefined) throw new Error('no release');
    const bodies = measurements.map(encodeMeasurement);
    const at = timestamp(clock.wall());
    const sequence = this.head?.epoch === this.epoch ? this.head.sequence + 1 : 1;
    const context = {
      inception: inception.inception,
      release: current.release,
      manifests: current.manifests,
      role: 'worker' as const,
      at,
    };
    const report: Report = {
      schema: 'sealwatch/report/v1',
      clusterId: CLUSTER_ID,
      host: this.name,
      epoch: this.epoch,
      sequence,
      previous: this.head?.digest ?? null,
      inception: inception.digest,
      release: { version: current.release.version, digest: current.digest },
      ruleset: RULESET,
      reason: 'change',
      nonce: null,
      bootId: 'boot',
      instance: this.instance,
      agentVersion: '0.1.0',
      hostRoot: '/',
      at,
      monotonicMs: 1,
      subjects: measurements.map(({ subject }, index) => ({
        id: subjectId(subject),
        measurement: bodies[index]?.digest ?? GOOD,
      })),
      findings: appraise(measurements, context),
      notMeasured: [],
      folded: null,
      accounting: { cycleMs: 1, cpuMs: 1, rssBytes: 1, bytesRead: 1, connections: 0 },
      ...lie,
    };
    const envelope = await signEnvelope(PAYLOAD_TYPES.report, report, keySigner(this.#key));
    const digest = sha256(envelope.payload);
    this.head = { epoch: report.epoch, sequence: report.sequence, digest };
    return { envelope, report, digest, bodies };
  }

  async seal(lie: Partial<Seal> = {}): Promise<Envelope> {
    if (this.head === null) throw new Error('nothing to seal');
    const at = timestamp(this.#world.clock.wall());
    const { epoch, sequence, digest } = this.head;
    const seal: Seal = {
      schema: 'sealwatch/seal/v1',
      clusterId: CLUSTER_ID,
      host: this.name,
      epoch,
      sequence,
      reportDigest: digest,
      since: at,
      until: at,
      observations: 1,
      longestGapMs: 0,
      deepestCheckAt: at,
      nonce: null,
      bootId: 'boot',
      instance: this.instance,
      ...lie,
    };
    return signEnvelope(PAYLOAD_TYPES.seal, seal, keySigner(this.#key));
  }

  /** Opens a stream and says Hello. */
  async connect(as: { instance?: string; epoch?: number; host?: string } = {}): Promise<TestStream> {
    const stream = new TestStream(this.#world.service, { host: as.host ?? this.name, epoch: as.epoch ?? this.epoch });
    await stream.hello(as.instance ?? this.instance, this.head);
    return stream;
  }
}

export interface SignedReport {
  readonly envelope: Envelope;
  readonly report: Report;
  readonly digest: Digest;
  readonly bodies: readonly MeasurementBody[];
}

/** The far end of one stream. */
export class TestStream {
  readonly received: CollectorMessage[] = [];
  readonly session: AttestSession;
  ended: CodedError | 'cleanly' | undefined;

  constructor(service: AttestService, { host, epoch }: { host: string; epoch: number }) {
    this.session = service.open({
      host,
      epoch,
      keyid: '0'.repeat(64),
      send: (message) => this.received.push(message),
      end: (error) => {
        this.ended ??= error ?? 'cleanly';
      },
    });
  }

  hello(instance: string, head: Head | null): Promise<void> {
    return this.session.receive({
      kind: 'hello',
      protocolVersions: [1],
      agentVersion: '0.1.0',
      instance,
      heartbeatIntervalMs: 30_000,
      scanIntervalMs: 900_000,
      head,
      releaseVersion: 1,
    });
  }

  /** Sends a report and returns what came back for it. */
  async send({ envelope, bodies }: SignedReport): Promise<CollectorMessage | undefined> {
    await this.session.receive({ kind: 'report', envelope, bodies });
    return this.received.at(-1);
  }

  async sendSeal(envelope: Envelope): Promise<CollectorMessage | undefined> {
    await this.session.receive({ kind: 'seal', envelope });
    return this.received.at(-1);
  }
}

async function manifest(publisherKey: KeyObject): Promise<Envelope> {
  const signature = sign('sha256', Buffer.from('a good kubelet'), publisherKey).toString('base64');
  const statement: ManifestStatement = {
    _type: STATEMENT_TYPE,
    subject: [{ name: 'kubelet', digest: { sha256: GOOD.slice(7) } }],
    predicateType: MANIFEST_PREDICATE,
    predicate: {
      schema: 'sealwatch/manifest/v1',
      id: 'test-1',
      notBefore: '2026-11-01T00:00:00.000Z',
      notAfter: '2027-11-01T00:00:00.000Z',
      operatingSystems: [],
      kubernetesVersion: null,
      components: [{ kind: 'file', name: 'kubelet', paths: ['/usr/bin/kubelet'], digest: GOOD, size: '14', signature }],
    },
  };
  return signEnvelope(PAYLOAD_TYPES.statement, statement, keySigner(publisherKey));
}
