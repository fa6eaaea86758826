import { reasonOf, CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { fromAgentMessage, toCollectorMessage } from '@sealwatch/shared/wire/attest-wire.js';
import { channelOptions, clientCredentials, type ClientTrust } from '@sealwatch/shared/wire/channel.js';
import type { AttestResponse } from '@sealwatch/shared/wire/generated/sealwatch/v1/AttestResponse.js';
import { fromStatus } from '@sealwatch/shared/wire/grpc-status.js';
import type { SealwatchProtos } from '@sealwatch/shared/wire/load-protos.js';
import type { AttestStream, AttestStreamListener, OpenAttestStream } from './attest-stream.js';

const CLOSING_MS = 1000;

export interface GrpcAttestDeps {
  readonly protos: SealwatchProtos;
  /** `host:port` of the mutual-TLS listener. */
  readonly address: string;
  /** Asked at every dial: renewal brings a new certificate. */
  readonly trust: () => ClientTrust;
}

/** One connection per stream, so that every dial uses the certificate of the moment and no hidden backoff. */
export function grpcAttestStream(deps: GrpcAttestDeps): OpenAttestStream {
  return (listener) => {
    try {
      return open(deps, listener);
    } catch (error) {
      const coded = error instanceof CodedError ? error : new CodedError('internal', reasonOf(error), { cause: error });
      setImmediate(() => {
        listener.closed(coded);
      });
      return { send: () => undefined, close: () => undefined };
    }
  };
}

function open({ protos, address, trust }: GrpcAttestDeps, listener: AttestStreamListener): AttestStream {
  const client = new protos.AgentService(address, clientCredentials(trust()), channelOptions());
  const call = client.attest();
  let ended = false;
  let giveUp: NodeJS.Timeout | undefined;
  const finish = (error?: CodedError): void => {
    if (ended) return;
    ended = true;
    clearTimeout(giveUp);
    call.cancel();
    client.close();
    listener.closed(error);
  };
  call.on('data', (wire: AttestResponse) => {
    if (ended) return;
    try {
      listener.message(toCollectorMessage(wire));
    } catch (error) {
      finish(fromStatus(error));
    }
  });
  // after `finish` gRPC still reports the cancellation, and an unheard error would end the process
  call.on('error', (error) => {
    finish(fromStatus(error));
  });
  call.on('end', () => {
    finish();
  });
  return {
    send(message) {
      if (!ended) call.write(fromAgentMessage(message));
    },
    close() {
      if (ended || giveUp !== undefined) return;
      call.end();
      giveUp = setTimeout(finish, CLOSING_MS);
    },
  };
}
