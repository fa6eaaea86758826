import { announcedAnew } from '../compliance/host-state.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { timestamp, wallTime } from '@sealwatch/shared/runtime/timestamp.js';
import { type AgentMessage, type CollectorMessage, PROTOCOL_VERSION } from '@sealwatch/shared/wire/attest-messages.js';
import type { AlarmBook } from './alarm-book.js';
import type { AttestPeer, AttestSession } from './attest-peer.js';
import { claimStream } from './claim-stream.js';
import { CREDIT, EvidenceIntake } from './evidence-intake.js';
import type { IngestDependencies } from './ingest-dependencies.js';
import type { LiveStream } from './stream-registry.js';

type Of<K extends AgentMessage['kind']> = Extract<AgentMessage, { kind: K }>;

/** One Attest stream from Hello to its end: who speaks, whether it lives, what time it is there. */
export class AttestStream implements AttestSession, LiveStream {
  readonly #peer: AttestPeer;
  readonly #deps: IngestDependencies;
  readonly #alarms: AlarmBook;
  readonly #intake: EvidenceIntake;
  readonly #signsOfLife = new Set<() => void>();
  #hello: Of<'hello'> | undefined;
  #closed = false;

  constructor(peer: AttestPeer, deps: IngestDependencies & { readonly alarms: AlarmBook }) {
    this.#peer = peer;
    this.#deps = deps;
    this.#alarms = deps.alarms;
    this.#intake = new EvidenceIntake({
      peer,
      deps,
      send: (message) => {
        this.send(message);
      },
      end: (error) => {
        this.#end(error);
      },
    });
  }

  get host(): string {
    return this.#peer.host;
  }

  get instance(): string {
    return this.#hello?.instance ?? '';
  }

  get heartbeatIntervalMs(): number {
    return this.#hello?.heartbeatIntervalMs ?? 0;
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
        await this.#intake.take(message);
        return;
      case 'bodies':
        await this.#intake.bring(message.bodies);
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
    if ((await claimStream(this, registry)) === 'refused') {
      const message = `a second agent (instance ${hello.instance}) connected as ${this.host} while the first was alive`;
      await this.#alarms.raise({ host: this.host, code: 'instance.duplicate', message, envelope: null });
      this.#end(new CodedError('instance.duplicate', message));
      return;
    }
    if (this.#isClosed()) {
      registry.remove(this);
      return;
    }
    const state = board.state(this.host);
    state.connected = true;
    state.announced = announcedAnew(state.announced, hello, clock.monotonic());
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
