import { Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import { fromCollectorMessage, toAgentMessage } from '@sealwatch/shared/wire/attest-wire.js';
import type { AttestRequest } from '@sealwatch/shared/wire/generated/sealwatch/v1/AttestRequest.js';
import type { AttestResponseInput } from '@sealwatch/shared/wire/generated/sealwatch/v1/AttestResponse.js';
import { toStatus } from '@sealwatch/shared/wire/grpc-status.js';
import { loadProtos } from '@sealwatch/shared/wire/load-protos.js';
import type { ScriptedCollector, ScriptedPeer } from './scripted-collector.js';
import type { TestAuthority, TestIdentity } from './test-authority.js';

/** The scripted collector behind real gRPC and mutual TLS. It can be killed and come back on the same port. */
export class ScriptedCollectorServer {
  readonly #script: ScriptedCollector;
  readonly #authority: TestAuthority;
  readonly #identity: TestIdentity;
  #server: Server | undefined;
  #port = 0;

  constructor(script: ScriptedCollector, authority: TestAuthority, identity: TestIdentity = authority.collector()) {
    this.#script = script;
    this.#authority = authority;
    this.#identity = identity;
  }

  get address(): string {
    return `127.0.0.1:${String(this.#port)}`;
  }

  async listen(): Promise<void> {
    const server = new Server();
    server.addService(loadProtos().AgentService.service, {
      Attest: (call: ServerDuplexStream<AttestRequest, AttestResponseInput>) => {
        this.#serve(call);
      },
    });
    const { key, chain } = this.#identity;
    const pair = { private_key: Buffer.from(key), cert_chain: Buffer.from(chain) };
    const credentials = ServerCredentials.createSsl(Buffer.from(this.#authority.rootPem), [pair], true);
    this.#port = await new Promise<number>((resolve, reject) => {
      server.bindAsync(this.address, credentials, (error, port) => {
        if (error === null) resolve(port);
        else reject(error);
      });
    });
    this.#server = server;
  }

  /** All connections are cut. */
  kill(): void {
    this.#server?.forceShutdown();
    this.#server = undefined;
  }

  #serve(call: ServerDuplexStream<AttestRequest, AttestResponseInput>): void {
    const peer: ScriptedPeer = {
      send: (message) => void call.write(fromCollectorMessage(message)),
      end: (error) => {
        if (error === undefined) call.end();
        else call.emit('error', toStatus(error));
      },
    };
    const receive = this.#script.accept(peer);
    call.on('data', (wire: AttestRequest) => {
      receive(toAgentMessage(wire));
    });
    call.on('error', () => undefined);
    call.on('end', () => {
      this.#script.closed(peer);
      call.end();
    });
    call.on('cancelled', () => {
      this.#script.closed(peer);
    });
  }
}
