import { connect, isIP } from 'node:net';
import { errnoOf } from '../runtime/coded-error.js';
import type { Dial } from './dial.js';
import type { Endpoint } from './endpoint.js';

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  ENOTFOUND: 'the name is not known',
  EAI_AGAIN: 'the name could not be looked up',
  EACCES: 'permission denied',
  EADDRNOTAVAIL: 'the address is not available',
};

/** Dials over TCP. A name is looked up once: the whole probe speaks with one address. */
export function dialTcp({ host, port }: Endpoint): Dial {
  let address = host;
  return ({ send, onBytes, timeoutMs, signal }) =>
    new Promise((resolve) => {
      let connected = false;
      const socket = connect({ host: address, port, noDelay: true });
      const finish: (ending: Awaited<ReturnType<Dial>>) => void = (ending) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', stop);
        socket.destroy();
        resolve(ending);
      };
      const stop = (): void => {
        finish({ kind: 'stopped', reason: 'interrupted' });
      };
      const timer = setTimeout(() => {
        finish(connected ? { kind: 'timeout' } : { kind: 'unreachable', reason: 'no answer to a connection' });
      }, timeoutMs);
      signal?.addEventListener('abort', stop, { once: true });
      socket.once('connect', () => {
        connected = true;
        if (isIP(address) === 0) address = socket.remoteAddress ?? host;
        socket.write(send);
      });
      socket.on('data', (piece) => {
        if (onBytes(piece)) finish({ kind: 'enough' });
      });
      socket.once('end', () => {
        finish({ kind: 'closed' });
      });
      socket.once('close', () => {
        finish({ kind: 'closed' });
      });
      socket.on('error', (error) => {
        if (connected) finish({ kind: 'reset' });
        else finish({ kind: 'unreachable', reason: unreachableReason(error) });
      });
      if (signal?.aborted === true) stop();
    });
}

/** Words that are the same each time and name no address: an unchanged service has to give unchanged observations. */
function unreachableReason(error: Error): string {
  const errno = errnoOf(error);
  if (errno === undefined) return 'no connection';
  return `${WORDS[errno] ?? 'no connection'} (${errno})`;
}
