import { ByteReader } from '@sealwatch/shared/probe/byte-reader.js';
import type { Dial } from '@sealwatch/shared/probe/dial.js';
import { uint, vector } from '@sealwatch/shared/probe/tls-encoding.js';

/** What a ClientHello offers, read back from its bytes. */
export interface Offered {
  readonly version: number;
  readonly suites: readonly number[];
  readonly compression: readonly number[];
  readonly extensions: ReadonlyMap<number, Buffer>;
  readonly length: number;
}

export function readClientHello(bytes: Uint8Array): Offered {
  const record = new ByteReader(Buffer.from(bytes));
  record.take(3);
  const message = new ByteReader(record.vector(2));
  if (message.uint(1) !== 1 || record.left > 0) throw new Error('no single ClientHello');
  const hello = new ByteReader(message.vector(3));
  const version = hello.uint(2);
  hello.take(32);
  hello.vector(1);
  const suites = codesOf(hello.vector(2));
  const compression = [...hello.vector(1)];
  const extensions = new Map<number, Buffer>();
  const list = new ByteReader(hello.left === 0 ? Buffer.alloc(0) : hello.vector(2));
  while (list.left > 0) extensions.set(list.uint(2), list.vector(2));
  if (hello.left > 0 || message.left > 0) throw new Error('bytes after the end');
  return { version, suites, compression, extensions, length: bytes.length };
}

export function codesOf(content: Buffer): number[] {
  const reader = new ByteReader(content);
  const found: number[] = [];
  while (reader.left > 0) found.push(reader.uint(2));
  return found;
}

export function record(type: number, content: Buffer): Buffer {
  return Buffer.concat([uint(1, type), uint(2, 0x0303), vector(2, content)]);
}

export function alertRecord(description: number): Buffer {
  return record(21, Buffer.from([2, description]));
}

export function handshake(type: number, body: Buffer): Buffer {
  return record(22, Buffer.concat([uint(1, type), vector(3, body)]));
}

/** A ServerHello and nothing after it, without extensions. */
export function serverHello(version: number, suite: number, compression = 0): Buffer {
  return handshake(
    2,
    Buffer.concat([uint(2, version), Buffer.alloc(32, 7), vector(1), uint(2, suite), uint(1, compression)]),
  );
}

/** An ECDHE ServerKeyExchange of TLS 1.2, on P-256 if nothing else is said, signed with the scheme. */
export function ecdheKeyExchange(scheme: number, group = 0x17): Buffer {
  const point = vector(1, Buffer.alloc(65, 4));
  return handshake(
    12,
    Buffer.concat([uint(1, 3), uint(2, group), point, uint(2, scheme), vector(2, Buffer.alloc(64))]),
  );
}

export type ScriptedReply = Buffer | 'closed' | 'reset' | 'timeout';

/** A server without a network: what it says to each ClientHello is a function. */
export function scriptedDial(reply: (offered: Offered) => ScriptedReply): Dial {
  return ({ send, onBytes }) => {
    const said = reply(readClientHello(send));
    if (typeof said === 'string') return Promise.resolve({ kind: said });
    return Promise.resolve(onBytes(said) ? { kind: 'enough' } : { kind: 'closed' });
  };
}
