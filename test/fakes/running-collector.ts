import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_DOOR_LIMITS, type DoorLimits } from '@sealwatch/collector/api/door-limits.js';
import { type Collector, composeCollector } from '@sealwatch/collector/compose-collector.js';
import { DEFAULT_POLICY } from '@sealwatch/collector/config/cluster-defaults.js';
import { formatHostPort, type HostPort } from '@sealwatch/shared/runtime/host-port.js';
import type { Envelope } from '@sealwatch/shared/envelope/envelope.js';
import { type Clock, systemClock } from '@sealwatch/shared/runtime/clock.js';
import { createLogger } from '@sealwatch/shared/runtime/log.js';
import type { Policy } from '@sealwatch/shared/trust/policy.js';
import type { OperatorRole } from '@sealwatch/shared/trust/release.js';
import { channelOptions, clientCredentials } from '@sealwatch/shared/wire/channel.js';
import { fromEnvelope } from '@sealwatch/shared/wire/envelope-wire.js';
import type { AgentServiceClient } from '@sealwatch/shared/wire/generated/sealwatch/v1/AgentService.js';
import type { CreateTokenResponse } from '@sealwatch/shared/wire/generated/sealwatch/v1/CreateTokenResponse.js';
import type { EnrollmentServiceClient } from '@sealwatch/shared/wire/generated/sealwatch/v1/EnrollmentService.js';
import type { PublishReleaseResponse } from '@sealwatch/shared/wire/generated/sealwatch/v1/PublishReleaseResponse.js';
import type { QueryServiceClient } from '@sealwatch/shared/wire/generated/sealwatch/v1/QueryService.js';
import { fromStatus } from '@sealwatch/shared/wire/grpc-status.js';
import { loadProtos } from '@sealwatch/shared/wire/load-protos.js';
import { TestAuthority, type TestIdentity } from './test-authority.js';

const OPERATORS = { root: 'admin', oscar: 'operator', vera: 'viewer' } as const;
type OperatorName = keyof typeof OPERATORS;

export interface RunningCollectorOptions {
  readonly hosts?: readonly string[];
  readonly limits?: Partial<DoorLimits>;
  readonly clock?: Clock;
  /** Made before the collector starts, so that it finds them in its record. */
  readonly before?: (authority: TestAuthority) => void;
  /** Without the first release. */
  readonly unreleased?: boolean;
}

/** The real collector, composed as `serve` does it, on two free ports; real keys, real TLS, a real database. */
export class RunningCollector {
  readonly authority: TestAuthority;
  readonly stateDir: string;
  readonly inception: Envelope;
  collector: Collector;
  readonly operators: Readonly<Record<OperatorName, TestIdentity>>;
  readonly #clients: { close(): void }[] = [];

  private constructor(
    fields: Pick<RunningCollector, 'authority' | 'stateDir' | 'inception' | 'collector' | 'operators'>,
  ) {
    this.authority = fields.authority;
    this.stateDir = fields.stateDir;
    this.inception = fields.inception;
    this.collector = fields.collector;
    this.operators = fields.operators;
  }

  static async start(options: RunningCollectorOptions = {}): Promise<RunningCollector> {
    const { hosts = ['host-a'], limits, clock = systemClock, before, unreleased = false } = options;
    const authority = new TestAuthority({ wall: clock.wall() });
    const operators = {
      root: authority.operator('root'),
      oscar: authority.operator('oscar'),
      vera: authority.operator('vera'),
    };
    before?.(authority);
    const inception = await authority.inception();
    const stateDir = mkdtempSync(join(tmpdir(), 'sealwatch-collector-'));
    authority.provision(stateDir, { inception });
    const collector = await composeCollector(
      {
        stateDir,
        listen: ANY_PORT,
        enrollListen: ANY_PORT,
        logLevel: 'silent',
        limits: { ...DEFAULT_DOOR_LIMITS, ...limits },
      },
      { log: createLogger({ program: 'test', level: 'silent' }), clock, threads: 'inline' },
    );
    const running = new RunningCollector({ authority, stateDir, inception, collector, operators });
    if (!unreleased) await running.publish(1, hosts);
    return running;
  }

  /**
   * Stops it, lets the test do to its state directory what it wants, and starts it again at the same addresses. After
   * an error it stays stopped.
   */
  async restart(between: (stateDir: string) => void | Promise<void>, clock: Clock = systemClock): Promise<void> {
    const { address, enrollAddress } = this.collector;
    await this.collector.close();
    await between(this.stateDir);
    this.collector = await composeCollector(
      {
        stateDir: this.stateDir,
        listen: address,
        enrollListen: enrollAddress,
        logLevel: 'silent',
        limits: DEFAULT_DOOR_LIMITS,
      },
      { log: createLogger({ program: 'test', level: 'silent' }), clock, threads: 'inline' },
    );
  }

  get address(): string {
    return formatHostPort(this.collector.address);
  }

  get enrollAddress(): string {
    return formatHostPort(this.collector.enrollAddress);
  }

  query(who: OperatorName | TestIdentity): QueryServiceClient {
    const identity = typeof who === 'string' ? this.operators[who] : who;
    return this.#client(new (loadProtos().QueryService)(this.address, this.credentials(identity), channelOptions()));
  }

  agent(identity: TestIdentity): AgentServiceClient {
    return this.#client(new (loadProtos().AgentService)(this.address, this.credentials(identity), channelOptions()));
  }

  enrollment(): EnrollmentServiceClient {
    return this.#client(new (loadProtos().EnrollmentService)(this.enrollAddress, this.anonymous(), channelOptions()));
  }

  /** Trusts the collector and shows nothing of itself. */
  anonymous(): ReturnType<typeof clientCredentials> {
    return clientCredentials({ root: this.authority.rootPem, clusterId: this.authority.clusterId });
  }

  credentials(identity: TestIdentity): ReturnType<typeof clientCredentials> {
    return clientCredentials({ root: this.authority.rootPem, clusterId: this.authority.clusterId, identity });
  }

  /** @param changes other roles for some operators, or none; another policy */
  async publish(
    version: number,
    hosts: readonly string[],
    changes: { roles?: Partial<Record<OperatorName, OperatorRole | undefined>>; policy?: Partial<Policy> } = {},
  ): Promise<void> {
    const release = await this.authority.release(this.inception, {
      version,
      hosts: hosts.map((name) => ({ name, role: 'worker' })),
      operators: Object.entries({ ...OPERATORS, ...changes.roles }).flatMap(([name, role]) =>
        role === undefined ? [] : [{ name, role }],
      ),
      policy: { ...DEFAULT_POLICY, ...changes.policy },
    });
    await answer<PublishReleaseResponse>((done) =>
      this.query('root').publishRelease({ release: fromEnvelope(release) }, done),
    );
  }

  async createToken(host: string, options: { ttlSeconds?: number; replace?: boolean } = {}): Promise<string> {
    const { token } = await answer<CreateTokenResponse>((done) =>
      this.query('oscar').createToken({ host, ...options }, done),
    );
    return token;
  }

  async dispose(): Promise<void> {
    for (const client of this.#clients) client.close();
    await this.collector.close();
    rmSync(this.stateDir, { recursive: true, force: true });
  }

  #client<T extends { close(): void }>(client: T): T {
    this.#clients.push(client);
    return client;
  }
}

const ANY_PORT: HostPort = { host: '127.0.0.1', port: 0 };

/** One unary call as a promise; what it is refused with is a CodedError. */
export function answer<T>(call: (done: (error: Error | null, response?: T) => void) => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, response) => {
      if (error !== null || response === undefined) reject(fromStatus(error));
      else resolve(response);
    });
  });
}
