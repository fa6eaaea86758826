import type { ClientDuplexStream } from '@grpc/grpc-js';
import { type CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import type { AgentMessage, CollectorMessage } from '@sealwatch/shared/wire/attest-messages.js';
import { fromAgentMessage, toCollectorMessage } from '@sealwatch/shared/wire/attest-wire.js';
import type { AgentServiceClient } from '@sealwatch/shared/wire/generated/sealwatch/v1/AgentService.js';
import type { AttestRequestInput } from '@sealwatch/shared/wire/generated/sealwatch/v1/AttestRequest.js';
import type { AttestResponse } from '@sealwatch/shared/wire/generated/sealwatch/v1/AttestResponse.js';
import { fromStatus } from '@sealwatch/shared/wire/grpc-status.js';
import { waitUntil } from './wait-until.js';

export const HELLO: AgentMessage = {
  kind: 'hello',
  protocolVersions: [1],
  agentVersion: 'test',
  instance: '0f'.repeat(16),
  heartbeatIntervalMs: 30_000,
  scanIntervalMs: 900_000,
  head: null,
  releaseVersion: 1,
};

/** The agent's end of one Attest stream, in a test's hands. */
export class TalkingAgent {
  readonly heard: CollectorMessage[] = [];
  /** How the stream ended: with this error, or cleanly. */
  readonly ended: Promise<CodedError | undefined>;
  readonly #stream: ClientDuplexStream<AttestRequestInput, AttestResponse>;

  constructor(client: AgentServiceClient) {
    this.#stream = client.attest();
    this.ended = new Promise((resolve) => {
      this.#stream.on('error', (error) => {
        resolve(fromStatus(error));
      });
      this.#stream.on('end', () => {
        resolve(undefined);
      });
    });
    this.#stream.on('data', (message: AttestResponse) => this.heard.push(toCollectorMessage(message)));
  }

  say(message: AgentMessage): void {
    this.sayRaw(fromAgentMessage(message));
  }

  sayRaw(message: AttestRequestInput): void {
    this.#stream.write(message);
  }

  /** The first message of a kind, once it came. */
  async hears<K extends CollectorMessage['kind']>(kind: K): Promise<Extract<CollectorMessage, { kind: K }>> {
    const found = await waitUntil(`the collector says ${kind}`, () => this.heard.find((each) => each.kind === kind));
    return found as Extract<CollectorMessage, { kind: K }>;
  }

  hangUp(): void {
    this.#stream.cancel();
  }

  halfClose(): void {
    this.#stream.end();
  }
}
