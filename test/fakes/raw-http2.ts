import { type ClientHttp2Session, connect as http2Connect } from 'node:http2';
import { connect as tlsConnect, type TLSSocket } from 'node:tls';
import type { HostPort } from '@sealwatch/shared/runtime/host-port.js';
import { TLS_SETTINGS } from '@sealwatch/shared/wire/tls-settings.js';
import type { TestIdentity } from './test-authority.js';

export interface Dialled {
  readonly address: HostPort;
  readonly rootPem: string;
  readonly identity?: TestIdentity;
  readonly alpn?: string;
}

/** A TLS connection to one of the collector's ports; what is said on it is the test's business. */
export function dial({ address, rootPem, identity, alpn = 'h2' }: Dialled): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = tlsConnect({
      ...TLS_SETTINGS,
      host: address.host,
      port: address.port,
      ca: rootPem,
      ...(identity === undefined ? {} : { key: identity.key, cert: identity.chain }),
      ALPNProtocols: [alpn],
      checkServerIdentity: () => undefined,
    });
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      socket.off('error', reject);
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}

/** A session of Node's own client over such a connection. */
export async function dialHttp2(to: Dialled): Promise<ClientHttp2Session> {
  const socket = await dial(to);
  const session = http2Connect('https://collector.sealwatch.internal', { createConnection: () => socket });
  session.on('error', () => undefined);
  return session;
}

export const PREFACE: Buffer = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/** One frame (RFC 9113 §4.1). */
export function frame(type: number, flags: number, stream: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const header = Buffer.alloc(9);
  header.writeUIntBE(payload.length, 0, 3);
  header.writeUInt8(type, 3);
  header.writeUInt8(flags, 4);
  header.writeUInt32BE(stream, 5);
  return Buffer.concat([header, payload]);
}

/** Resolves with the milliseconds until the far end closed; rejects after `withinMs`. */
export function closedWithin(
  socket: { once(event: 'close', then: () => void): unknown; readonly destroyed: boolean; resume(): unknown },
  withinMs: number,
): Promise<number> {
  const started = performance.now();
  socket.resume();
  return new Promise((resolve, reject) => {
    if (socket.destroyed) resolve(0);
    const late = setTimeout(() => {
      reject(new Error(`still open after ${String(withinMs)} ms`));
    }, withinMs);
    socket.once('close', () => {
      clearTimeout(late);
      resolve(performance.now() - started);
    });
  });
}
