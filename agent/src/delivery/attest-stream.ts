import type { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import type { AgentMessage, CollectorMessage } from '@sealwatch/shared/wire/attest-messages.js';

/** The agent's end of one Attest stream. */
export interface AttestStream {
  /** In order; after the stream closed it does nothing. */
  send(message: AgentMessage): void;
  /** Says no more; the listener's `closed` follows within a second, answered or not. */
  close(): void;
}

export interface AttestStreamListener {
  /** In order. */
  message(message: CollectorMessage): void;
  /** Once, and the last call. Without an error the collector closed cleanly. */
  closed(error?: CodedError): void;
}

/** Dials; what goes wrong in that is told to `closed`. Never throws. */
export type OpenAttestStream = (listener: AttestStreamListener) => AttestStream;
