import { setTimeout as sleep } from 'node:timers/promises';
import type { handleBidiStreamingCall, ServerDuplexStream } from '@grpc/grpc-js';
import { CodedError, isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import type { Logger } from '@sealwatch/shared/runtime/log.js';
import { fromCollectorMessage, toAgentMessage } from '@sealwatch/shared/wire/attest-wire.js';
import type { AttestRequest } from '@sealwatch/shared/wire/generated/sealwatch/v1/AttestRequest.js';
import type { AttestResponseInput } from '@sealwatch/shared/wire/generated/sealwatch/v1/AttestResponse.js';
import type { AttestService, AttestSession } from '../ingest/attest-peer.js';
import type { CallGate } from './call-gate.js';
import { messageSize } from './message-size.js';
import type { Peer } from './peer-identity.js';
import type { RateLimit } from '@sealwatch/shared/runtime/rate-limit.js';
import { refused } from './serve-call.js';

type AttestCall = ServerDuplexStream<AttestRequest, AttestResponseInput>;

export interface AttestHandlerDependencies {
  readonly service: AttestService;
  readonly gate: CallGate;
  readonly messages: RateLimit;
  readonly bytes: RateLimit;
  readonly helloTimeoutMs: number;
  /** Cuts the connection of a peer that was told to go and does not. */
  readonly drop: (peer: string) => void;
  readonly log: Logger;
}

/** Answers that may wait for an agent which does not read them. */
const MAX_UNREAD = 256;
/** The live one, a newcomer that waits for its turn, and leftovers of connections that broke. Each reads 16 messages ahead. */
const MAX_STREAMS_PER_HOST = 4;
/** How long a peer has to take its status before the connection is cut. */
const LINGER_MS = 1_000;

/** All streams of AgentService.Attest on one server. */
export class AttestHandler {
  readonly #deps: AttestHandlerDependencies;
  readonly #open = new Set<AttestConnection>();

  constructor(deps: AttestHandlerDependencies) {
    this.#deps = deps;
  }

  readonly handle: handleBidiStreamingCall<AttestRequest, AttestResponseInput> = (call) => {
    void this.#serve(call);
  };

  /** The collector stops: agents are told, and come back by themselves. */
  endAll(): void {
    const error = new CodedError('collector.unreachable', 'the collector is stopping; connect again later');
    for (const connection of this.#open) connection.end(error);
  }

  async #serve(call: AttestCall): Promise<void> {
    const connection = new AttestConnection(call, this.#deps, () => this.#open.delete(connection));
    try {
      const peer = await this.#deps.gate.admit(call);
      if (peer.kind !== 'host') {
        throw new CodedError('identity.forbidden', `Attest is for hosts; ${peer.name} is an operator`);
      }
      const others = [...this.#open].filter(({ host }) => host === peer.name).length;
      if (others >= MAX_STREAMS_PER_HOST) {
        throw new CodedError('limit.exceeded', `${peer.name} has ${String(others)} streams open already`);
      }
      this.#open.add(connection);
      connection.open(peer);
    } catch (error) {
      connection.end(codedOf(error));
    }
  }
}

/** One stream between grpc-js and the session behind it: messages one at a time and in order, one end. */
class AttestConnection {
  readonly #call: AttestCall;
  readonly #deps: AttestHandlerDependencies;
  readonly #onClosed: () => void;
  /** For `drop`; asked now, because a call that lost its connection can't say. */
  readonly #address: string;
  #peer: Peer | undefined;
  #session: AttestSession | undefined;
  #closed = false;

  constructor(call: AttestCall, deps: AttestHandlerDependencies, onClosed: () => void) {
    this.#call = call;
    this.#deps = deps;
    this.#onClosed = onClosed;
    this.#address = call.getPeer();
    // grpc-js says `cancelled` at every end, also after the status went out
    call.once('cancelled', () => {
      this.#close();
    });
    call.once('end', () => {
      this.end();
    });
  }

  get host(): string {
    return this.#peer?.name ?? '';
  }

  open(peer: Peer): void {
    if (this.#closed || this.#call.cancelled) {
      this.#close();
      return;
    }
    const { service, helloTimeoutMs } = this.#deps;
    this.#peer = peer;
    this.#session = service.open({
      host: peer.name,
      epoch: peer.epoch,
      keyid: peer.keyid,
      send: (message) => {
        this.#send(fromCollectorMessage(message));
      },
      end: (error) => {
        this.end(error);
      },
    });
    const hello = setTimeout(() => {
      this.end(new CodedError('collector.protocol', 'no Hello came in time'));
    }, helloTimeoutMs);
    this.#call.once('cancelled', () => {
      clearTimeout(hello);
    });
    this.#call.on('data', (message: AttestRequest) => {
      clearTimeout(hello);
      this.#call.pause();
      void this.#receive(message, peer);
    });
  }

  /** Sends the status and forgets the session. A peer that does not read is cut off after a moment. */
  end(error?: CodedError): void {
    if (this.#closed) return;
    this.#close();
    const cut = setTimeout(() => {
      this.#deps.drop(this.#address);
    }, LINGER_MS);
    this.#call.once('cancelled', () => {
      clearTimeout(cut);
    });
    if (error === undefined) this.#call.end();
    else this.#call.emit('error', refused(error, 'Attest', this.#deps.log.child({ host: this.host })));
  }

  async #receive(message: AttestRequest, peer: Peer): Promise<void> {
    try {
      await this.#pace(peer, message);
      // an identity can end between two messages of a stream
      await this.#deps.gate.recheck(peer);
      if (this.#closed) return;
      await this.#session?.receive(toAgentMessage(message));
      await this.#drained();
      this.#call.resume();
    } catch (error) {
      this.end(codedOf(error));
    }
  }

  /** Over its rate a host waits: reading stops, and with it, by flow control, the host's sending. */
  async #pace({ name }: Peer, message: AttestRequest): Promise<void> {
    const { messages, bytes } = this.#deps;
    const waitMs = Math.max(messages.reserve(name), bytes.reserve(name, messageSize(message)));
    if (waitMs > 0) await sleep(waitMs);
  }

  /** Whoever does not read our answers gets nothing more read. */
  async #drained(): Promise<void> {
    if (!this.#call.writableNeedDrain || this.#closed) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#call.off('drain', done).off('cancelled', done);
        resolve();
      };
      this.#call.on('drain', done).on('cancelled', done);
    });
  }

  #send(message: AttestResponseInput): void {
    if (this.#closed) return;
    this.#call.write(message);
    if (this.#call.writableLength > MAX_UNREAD) {
      this.end(new CodedError('limit.exceeded', `${String(MAX_UNREAD)} answers wait and none is read`));
    }
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#session?.closed();
    this.#onClosed();
  }
}

function codedOf(error: unknown): CodedError {
  return isCoded(error) ? error : new CodedError('internal', 'internal error', { cause: error });
}
