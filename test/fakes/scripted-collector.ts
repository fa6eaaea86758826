import type { AttestStreamListener, OpenAttestStream } from '@sealwatch/agent/delivery/attest-stream.js';
import type { Envelope } from '@sealwatch/shared/envelope/envelope.js';
import { type Digest, sha256 } from '@sealwatch/shared/hashing/digest.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import type { Head, Report } from '@sealwatch/shared/statement/report.js';
import type { Seal } from '@sealwatch/shared/statement/seal.js';
import type { ReleaseBundle } from '@sealwatch/shared/trust/open-release.js';
import type { AgentMessage, CollectorMessage } from '@sealwatch/shared/wire/attest-messages.js';

/** What is done with a report or seal. `lose`: it never arrives. `forget`: it is recorded, but nobody is told. */
export type Fate = 'record' | 'duplicate' | 'reject' | 'hold' | 'lose' | 'forget';

export interface Received {
  readonly of: 'report' | 'seal';
  readonly sequence: number;
  readonly digest: Digest;
  /** Bodies that came with it. */
  readonly bodies: number;
}

type Evidence = Extract<AgentMessage, { kind: 'report' | 'seal' }>;

/** One stream as the collector's end sees it. */
export interface ScriptedPeer {
  send(message: CollectorMessage): void;
  end(error?: CodedError): void;
}

/** A collector that keeps the protocol and does with each statement what the test says; over any transport. */
export class ScriptedCollector {
  readonly received: Received[] = [];
  readonly recorded = new Map<number, Digest>();
  readonly seals: Seal[] = [];
  readonly reports: Report[] = [];
  readonly hellos: Extract<AgentMessage, { kind: 'hello' }>[] = [];
  readonly heartbeats: Extract<AgentMessage, { kind: 'heartbeat' }>[] = [];
  readonly bodies = new Set<Digest>();
  head: Head | null = null;
  credit = 4;
  update: ReleaseBundle | null = null;
  /** Nobody is at home. */
  down = false;
  /** Decides about each statement; default: record. */
  fate: (evidence: Received) => Fate = () => 'record';
  #peer: ScriptedPeer | undefined;
  #incomplete: Extract<AgentMessage, { kind: 'report' }>[] = [];

  get connected(): boolean {
    return this.#peer !== undefined;
  }

  /** To the live stream. */
  send(message: CollectorMessage): void {
    this.#peer?.send(message);
  }

  drop(error?: CodedError): void {
    const peer = this.#peer;
    this.#peer = undefined;
    peer?.end(error);
  }

  /** A new stream; what comes on it goes to the returned function. */
  accept(peer: ScriptedPeer): (message: AgentMessage) => void {
    this.#peer = peer;
    this.#incomplete = [];
    return (message) => {
      if (this.#peer === peer) this.#receive(message);
    };
  }

  closed(peer: ScriptedPeer): void {
    if (this.#peer === peer) this.#peer = undefined;
  }

  /** Without any network. */
  readonly open: OpenAttestStream = (listener: AttestStreamListener) => {
    let over = false;
    const end = (error?: CodedError): void => {
      if (over) return;
      over = true;
      this.closed(peer);
      setImmediate(() => {
        listener.closed(error);
      });
    };
    const peer: ScriptedPeer = {
      send: (message) =>
        setImmediate(() => {
          if (!over) listener.message(message);
        }),
      end,
    };
    if (this.down) {
      end(new CodedError('collector.unreachable', 'nobody is at home'));
      return { send: () => undefined, close: () => undefined };
    }
    const receive = this.accept(peer);
    return {
      send: (message) =>
        setImmediate(() => {
          if (!over) receive(message);
        }),
      close: () => {
        setImmediate(end);
      },
    };
  };

  #receive(message: AgentMessage): void {
    switch (message.kind) {
      case 'hello':
        this.hellos.push(message);
        this.send({
          kind: 'welcome',
          protocolVersion: 1,
          serverTime: '2026-11-23T10:00:00.000Z',
          head: this.head,
          credit: this.credit,
          update: this.update,
        });
        return;
      case 'heartbeat':
        this.heartbeats.push(message);
        return;
      case 'bodies':
        for (const { digest } of message.bodies) this.bodies.add(digest);
        for (const report of this.#incomplete.splice(0)) this.#take(report);
        return;
      case 'report':
      case 'seal':
        this.#take(message);
    }
  }

  #take(message: Evidence): void {
    const statement = parse(message.envelope);
    if (message.kind === 'report') {
      for (const { digest } of message.bodies) this.bodies.add(digest);
      const missing = (statement as Report).subjects.map((subject) => subject.measurement);
      const digests = missing.filter((digest) => !this.bodies.has(digest));
      if (digests.length > 0) {
        this.#incomplete.push(message);
        this.send({ kind: 'need', digests });
        return;
      }
    }
    const { epoch, sequence } = statement;
    const digest = sha256(message.envelope.payload);
    const bodies = message.kind === 'report' ? message.bodies.length : 0;
    const received: Received = { of: message.kind, sequence, digest, bodies };
    this.received.push(received);
    const fate = this.fate(received);
    if (fate === 'record' || fate === 'forget') this.#record(message, digest);
    if (fate === 'lose' || fate === 'forget') {
      this.drop(new CodedError('collector.unreachable', 'the line went dead'));
      return;
    }
    if (fate === 'hold') return;
    const outcome = fate === 'reject' ? 'rejected' : fate === 'duplicate' ? 'duplicate' : 'recorded';
    const code = fate === 'reject' ? 'report.rejected' : '';
    this.send({ kind: 'ack', of: message.kind, epoch, sequence, digest, outcome, code, message: code });
  }

  #record(message: Evidence, digest: Digest): void {
    const statement = parse(message.envelope);
    if (message.kind === 'seal') {
      this.seals.push(statement as Seal);
      return;
    }
    const { epoch, sequence } = statement;
    const before = this.recorded.get(sequence);
    if (before === digest) return;
    if (before !== undefined) throw new Error(`a fork at ${String(sequence)}`);
    this.recorded.set(sequence, digest);
    this.reports.push(statement as Report);
    this.head = { epoch, sequence, digest };
  }
}

function parse({ payload }: Envelope): Report | Seal {
  return JSON.parse(payload.toString()) as Report | Seal;
}
