import type { ClientReadableStream } from '@grpc/grpc-js';
import type { Envelope } from '../wire/generated/containerd/services/events/v1/Envelope.js';
import { callFailure } from './call-failure.js';
import type { ContainerdEventListener, ContainerdSubscription } from './containerd-event.js';
import { decodeEvent } from './decode-event.js';
import type { ContainerdProtos } from './load-containerd-protos.js';

/** Tells a listener what comes on one event stream, and when it ends. */
export function listenToEvents(
  listener: ContainerdEventListener,
  deps: {
    readonly open: () => ClientReadableStream<Envelope>;
    readonly bodies: ContainerdProtos['events'];
    readonly namespace: string;
  },
): ContainerdSubscription {
  let over = false;
  const end = (reason: string): void => {
    if (over) return;
    over = true;
    listener.ended(reason);
  };
  let call: ClientReadableStream<Envelope>;
  try {
    call = deps.open();
  } catch (error) {
    setImmediate(end, callFailure(error));
    return {
      close: () => {
        over = true;
      },
    };
  }
  call.on('data', (envelope: Envelope) => {
    if (over) return;
    const event = decodeEvent(envelope, deps);
    if (event !== undefined) listener.event(event);
  });
  // after `close` gRPC still reports the cancellation, and an unheard error would end the process
  call.on('error', (error) => {
    end(callFailure(error));
  });
  call.on('end', () => {
    end('containerd ended its event stream');
  });
  return {
    close: () => {
      over = true;
      call.cancel();
    },
  };
}
