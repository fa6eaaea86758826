import type { Observation } from '@sealwatch/agent/chain/observation.js';
import { ReportChain, type Signed } from '@sealwatch/agent/chain/report-chain.js';
import { Delivery } from '@sealwatch/agent/delivery/delivery.js';
import { grpcAttestStream } from '@sealwatch/agent/delivery/grpc-attest-stream.js';
import { HostIdentity } from '@sealwatch/agent/enrollment/host-identity.js';
import { FileOutbox } from '@sealwatch/agent/outbox/file-outbox.js';
import { DEFAULT_OUTBOX_BOUNDS, type OutboxBounds } from '@sealwatch/agent/outbox/outbox.js';
import { chainPem, keyPem } from '@sealwatch/agent/state/certified-key.js';
import { statePaths } from '@sealwatch/agent/state/state-paths.js';
import { loadTrustAnchors } from '@sealwatch/agent/state/trust-anchors.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import type { GetReleaseResponse } from '@sealwatch/shared/wire/generated/sealwatch/v1/GetReleaseResponse.js';
import { loadProtos } from '@sealwatch/shared/wire/load-protos.js';
import { observation, origin, quiet } from './agent-chain.js';
import type { AgentDesk } from './enrolled-agent.js';
import { answer, type RunningCollector } from './running-collector.js';

/**
 * The agent of an enrolled host from its chain to the wire: real keys, outbox, delivery. What is measured and what time
 * it is, a test says.
 */
export class LoneHost {
  readonly outbox: FileOutbox;
  readonly chain: ReportChain;
  readonly delivery: Delivery;
  readonly #clock: Clock;
  readonly #release: Observation['release'];
  readonly #unsubscribe: () => void;
  #running: Promise<void> | undefined;

  private constructor(
    parts: Pick<LoneHost, 'outbox' | 'chain' | 'delivery'> & { clock: Clock; release: Observation['release'] },
  ) {
    this.outbox = parts.outbox;
    this.chain = parts.chain;
    this.delivery = parts.delivery;
    this.#clock = parts.clock;
    this.#release = parts.release;
    this.#unsubscribe = parts.outbox.subscribe(() => void parts.chain.retryDeferred());
  }

  /** As a program that starts. @param given.address where it believes the collector is */
  static async start(
    desk: AgentDesk,
    collector: RunningCollector,
    given: { address: string; instance: string; clock: Clock; bounds?: Partial<OutboxBounds> },
  ): Promise<LoneHost> {
    const { address, instance, clock, bounds } = given;
    const paths = statePaths(desk.stateDir);
    const { enrollment, inception, rootPem: root } = await loadTrustAnchors(paths);
    const { host, clusterId, epoch, previousHead } = enrollment;
    const identity = await HostIdentity.load(paths);
    const outbox = await FileOutbox.open({
      ...paths,
      bounds: { ...DEFAULT_OUTBOX_BOUNDS, ...bounds },
      clock,
      log: quiet,
    });
    const chain = new ReportChain({
      outbox,
      origin: {
        ...origin,
        clusterId,
        host,
        epoch,
        instance,
        inception: inception.digest,
        previousHead: previousHead?.digest ?? null,
      },
      signer: () => identity.signer,
      log: quiet,
    });
    const trust = () => ({
      root,
      clusterId,
      identity: { key: keyPem(identity.tls), chain: chainPem(identity.tls) },
    });
    const delivery = new Delivery({
      open: grpcAttestStream({ protos: loadProtos(), address, trust }),
      outbox,
      epoch,
      instance,
      announce: () => ({ heartbeatIntervalMs: 1000, scanIntervalMs: 900_000, releaseVersion: 1 }),
      nextScanInMs: () => 0,
      onChallenge: () => undefined,
      onUpdate: () => Promise.resolve(),
      onRejected: (ref) => {
        chain.reportRejected(ref);
      },
      onForgotten: () => undefined,
      clock,
      log: quiet,
      backoff: { firstMs: 50, mostMs: 500 },
    });
    const wire = await answer<GetReleaseResponse>((done) => collector.query('vera').getRelease({}, done));
    const release = { version: 1, digest: sha256(wire.release?.payload ?? Buffer.alloc(0)) };
    return new LoneHost({ outbox, chain, delivery, clock, release });
  }

  /** One scan. @param content what kubelet is, unless `changes` say what there is */
  scan(content: string, changes: Partial<Observation> = {}): Promise<Signed> {
    return this.chain.observe(observation(this.#clock, content, { release: this.#release, ...changes }));
  }

  connect(): void {
    this.#running = this.delivery.run();
  }

  /** At once, as after a kill: what was only in memory is lost. */
  async kill(): Promise<void> {
    this.#unsubscribe();
    await this.delivery.stop(0);
    await this.#running;
  }
}
