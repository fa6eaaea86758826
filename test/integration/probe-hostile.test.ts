import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { OpensslServer } from '../fakes/openssl-server.js';
import { probePort, served } from '../fakes/probe-port.js';
import { record } from '../fakes/scripted-tls.js';
import { TcpServer } from '../fakes/tcp-server.js';
import { TlsIdentities } from '../fakes/tls-identities.js';

let identities: TlsIdentities;
let real: OpensslServer;
let server: TcpServer | undefined;

beforeAll(async () => {
  identities = await TlsIdentities.create(['p256']);
  const own = ['-cert', identities.certificate('p256'), '-key', identities.key('p256')];
  real = await OpensslServer.start(...own, '-serverpref', '-cipher', 'ECDHE+AESGCM');
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
});
afterAll(async () => {
  await real.stop();
  identities.dispose();
});

async function serving(serve: (socket: Socket) => void): Promise<number> {
  server = await TcpServer.start(serve);
  return server.port;
}

/** Sends `piece` again and again, as fast as it is read, until somebody stops it. */
function pour(socket: Socket, piece: Buffer, total = 1 << 30): void {
  let sent = 0;
  const more = (): void => {
    while (sent < total && !socket.destroyed) {
      sent += piece.length;
      if (!socket.write(piece)) {
        socket.once('drain', more);
        return;
      }
    }
  };
  more();
}

/** Stands between the probe and a real server, and hands the server's bytes on as `forward` will have it. */
function between(socket: Socket, forward: (bytes: Buffer, to: Socket) => void | Promise<void>): void {
  const upstream = connect(real.port, '127.0.0.1');
  upstream.on('error', () => undefined);
  socket.pipe(upstream);
  let before = Promise.resolve();
  upstream.on('data', (bytes) => {
    before = before.then(() => forward(bytes, socket));
  });
  upstream.once('end', () => void before.then(() => socket.end()));
  socket.once('close', () => upstream.destroy());
}

const FAST = { timeoutMs: 300, totalMs: 5000 };

describe('a server that never speaks TLS', () => {
  it.each<[string, (socket: Socket) => void, object]>([
    ['hangs', () => undefined, { state: 'timeout', reason: 'no answer in time' }],
    ['reads and hangs', (socket) => socket.resume(), { state: 'timeout' }],
    ['closes at once', (socket) => socket.end(), { state: 'refused', reason: 'the connection was closed' }],
    ['resets', (socket) => socket.once('data', () => socket.resetAndDestroy()), { state: 'refused' }],
    ['answers garbage', (socket) => socket.end(Buffer.alloc(64, 0x5a)), { state: 'not-tls' }],
    ['speaks first, as SSH does', (socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'), { state: 'not-tls' }],
    ['sends half a record and hangs', (socket) => socket.write(Buffer.from('1603030040', 'hex')), { state: 'timeout' }],
    [
      'pours out a gigabyte of noise',
      (socket) => {
        pour(socket, Buffer.alloc(65_536, 0xa5));
      },
      { state: 'not-tls' },
    ],
    [
      'pours out a gigabyte of records that say nothing',
      (socket) => {
        pour(socket, Buffer.concat(Array<Buffer>(1000).fill(record(22, Buffer.from([0, 0, 0, 0])))));
      },
      { state: 'not-tls', reason: 'more bytes than any handshake has' },
    ],
    [
      'drips one byte of an endless record after the other',
      (socket) => {
        socket.write(Buffer.from('1603034000', 'hex'));
        const timer = setInterval(() => socket.write(Buffer.from([0])), 5);
        socket.once('close', () => {
          clearInterval(timer);
        });
      },
      { state: 'timeout' },
    ],
  ])('%s', async (_, serve, expected) => {
    const started = performance.now();
    const before = process.memoryUsage().rss;
    const { observation, connections } = await probePort(await serving(serve), { limits: FAST });
    expect(observation).toMatchObject(expected);
    expect(connections).toBeLessThan(100);
    expect(performance.now() - started).toBeLessThan(FAST.totalMs + 1000);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  it('is a plain HTTP server', async () => {
    const http = createHttpServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
    await once(http, 'listening');
    const address = http.address();
    const { observation } = await probePort(typeof address === 'object' ? (address?.port ?? 0) : 0, { limits: FAST });
    http.closeAllConnections();
    http.close();
    expect(observation).toEqual({ state: 'not-tls', reason: 'it speaks HTTP without TLS' });
  });

  it('is a closed port: one connection tells', async () => {
    const port = await serving(() => undefined);
    await server?.stop();
    server = undefined;
    const result = await probePort(port, { limits: FAST });
    const reason = 'connection refused (ECONNREFUSED)';
    expect(result).toEqual({ observation: { state: 'unreachable', reason }, connections: 1 });
  });

  it('is a name nobody knows', async () => {
    const { observation } = await probePort(443, {
      host: 'no-such-host.invalid',
      limits: { ...FAST, timeoutMs: 4000 },
    });
    expect(observation.state).toBe('unreachable');
  });
});

describe('a server that speaks TLS in its own way gives the same observation', () => {
  it.each<[string, (bytes: Buffer, to: Socket) => void | Promise<void>]>([
    [
      'one byte at a time',
      async (bytes, to) => {
        for (const byte of bytes) {
          to.write(Buffer.from([byte]));
          await new Promise((resolve) => setImmediate(resolve));
        }
      },
    ],
    [
      'every byte in a record of its own',
      (bytes, to) => {
        // whole records arrive here: the server writes its flight at once
        for (let at = 0; at + 5 <= bytes.length; at += 5 + bytes.readUInt16BE(at + 3)) {
          const type = bytes.readUInt8(at);
          const fragment = bytes.subarray(at + 5, at + 5 + bytes.readUInt16BE(at + 3));
          // what is encrypted can't be cut into other records
          if (type !== 22) to.write(bytes.subarray(at, at + 5 + fragment.length));
          else to.write(Buffer.concat(Array.from(fragment, (byte) => record(22, Buffer.from([byte])))));
        }
      },
    ],
  ])('%s', async (_, forward) => {
    const plain = served(await probePort(real.port));
    const port = await serving((socket) => {
      between(socket, forward);
    });
    // Node's own client does not take records of one byte: the certificate is seen in the raw answer
    expect({ ...served(await probePort(port)), alpn: null }).toEqual({ ...plain, alpn: null });
  });
});

describe('a server that changes its mind', () => {
  it('and falls silent in the middle: what was not seen is named', async () => {
    let connections = 0;
    const port = await serving((socket) => {
      connections += 1;
      if (connections > 4) return;
      between(socket, (bytes, to) => void to.write(bytes));
    });
    const { observation } = await probePort(port, { limits: { timeoutMs: 200, totalMs: 1500 } });
    expect(observation.state).toBe('served');
    expect(served({ observation, connections }).unanswered.length).toBeGreaterThan(0);
  });

  it('and is gone in the middle', async () => {
    let connections = 0;
    const port = await serving((socket) => {
      connections += 1;
      if (connections === 3) void server?.stop();
      between(socket, (bytes, to) => void to.write(bytes));
    });
    const { observation } = await probePort(port, { limits: FAST });
    server = undefined;
    expect(served({ observation, connections }).unanswered.length).toBeGreaterThan(0);
  });
});

describe('the operator', () => {
  it('may interrupt', async () => {
    const port = await serving(() => undefined);
    const stop = new AbortController();
    const probing = probePort(port, { signal: stop.signal });
    setTimeout(() => {
      stop.abort();
    }, 50);
    expect((await probing).observation).toEqual({ state: 'stopped', reason: 'interrupted' });
  });

  it('may ask for a pause between connections', async () => {
    const started = performance.now();
    const { connections } = await probePort(real.port, { limits: { pauseMs: 10 } });
    expect(performance.now() - started).toBeGreaterThan(10 * (connections - 2));
  });
});
