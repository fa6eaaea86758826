import type { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import type { AgentMessage, CollectorMessage } from '@sealwatch/shared/wire/attest-messages.js';

/** The far end of one Attest stream, as the transport gives it. The TLS certificate has been verified. */
export interface AttestPeer {
  readonly host: string;
  /** The enrolment the TLS certificate belongs to. */
  readonly epoch: number;
  /** Of the TLS certificate's key. */
  readonly keyid: string;
  /** Sends in order; after `end` it does nothing. */
  send(message: CollectorMessage): void;
  /** Closes the stream: with a status made from the error, or cleanly. */
  end(error?: CodedError): void;
}

/** What the transport calls; one object per stream. */
export interface AttestSession {
  /** One at a time: the transport reads the next message only when this resolved, which is the stream's back pressure. */
  receive(message: AgentMessage): Promise<void>;
  /** The stream is gone, for whatever reason. */
  closed(): void;
}

/** The collector's side of all Attest streams. */
export interface AttestService {
  open(peer: AttestPeer): AttestSession;
  /** Revocation ends live streams at once. Returns whether there was one. */
  endStreamsOf(host: string): boolean;
}
