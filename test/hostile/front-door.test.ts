import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EnrolledHost, enrollHost } from '../fakes/enrolling-host.js';
import { closedWithin, dial, dialHttp2, type Dialled, frame, PREFACE } from '../fakes/raw-http2.js';
import { answer, RunningCollector } from '../fakes/running-collector.js';
import { HELLO, TalkingAgent } from '../fakes/talking-agent.js';

let running: RunningCollector;
let host: EnrolledHost;

beforeAll(async () => {
  running = await RunningCollector.start({
    hosts: ['host-a', 'host-b'],
    limits: { handshakeTimeoutMs: 500, enrollConnectionMs: 700, maxHandshakes: 50, maxHostConnections: 4 },
  });
  host = await enrollHost(running, 'host-a');
});
afterAll(async () => {
  await running.dispose();
});

/** Somebody with every right is answered at once, on both ports. */
async function stillServes(): Promise<void> {
  const started = performance.now();
  await answer((done) => running.query('vera').getStatus({}, done));
  const refused = answer((done) =>
    running
      .enrollment()
      .enroll({ token: 'x', signingCsr: Buffer.alloc(0), tlsCsr: Buffer.alloc(0), agentVersion: '' }, done),
  );
  await expect(refused).rejects.toMatchObject({ code: 'token.invalid' });
  expect(performance.now() - started).toBeLessThan(3_000);
}

type Door = 'mutual' | 'enrolment';
/** The mutual port is attacked by an enrolled host, the enrolment port by anybody. */
function door(which: Door): Dialled {
  const { rootPem } = running.authority;
  return which === 'mutual'
    ? { address: running.collector.address, rootPem, identity: host.identity }
    : { address: running.collector.enrollAddress, rootPem };
}

function plain(which: Door): Socket {
  const { host: name, port } = door(which).address;
  return connect(port, name).on('error', () => undefined);
}

describe.each<Door>(['mutual', 'enrolment'])('the %s port survives', (which) => {
  it.each<[string, () => Buffer]>([
    ['noise', () => randomBytes(64 * 1024)],
    ['plain HTTP/1.1', () => Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['plain HTTP/2', () => Buffer.concat([PREFACE, frame(4, 0, 0)])],
    ['SSH', () => Buffer.from('SSH-2.0-OpenSSH_9.6\r\n')],
    ['nothing at all', () => Buffer.alloc(0)],
    ['a record that announces 16 KiB and ends', () => Buffer.from([0x16, 3, 1, 0x40, 0, 1])],
  ])('%s in place of a handshake', async (_, bytes) => {
    const socket = plain(which);
    socket.write(bytes());
    await closedWithin(socket, 3_000);
    await stillServes();
  });

  it('connections reset in the middle of their handshake', async () => {
    for (let round = 0; round < 5; round++) {
      const sockets = Array.from({ length: 40 }, () => plain(which));
      await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
      for (const socket of sockets) {
        socket.write(Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]));
        socket.resetAndDestroy();
      }
    }
    await stillServes();
  });

  it('more half-open handshakes than it bears, and serves again when they are over', async () => {
    const sockets = Array.from({ length: 300 }, () => plain(which));
    const all = await Promise.allSettled(sockets.map((socket) => closedWithin(socket, 5_000)));
    expect(all.filter(({ status }) => status === 'rejected')).toEqual([]);
    await stillServes();
  });

  it('a client that agrees on TLS and speaks HTTP/1.1', async () => {
    await expect(dial({ ...door(which), alpn: 'http/1.1' })).rejects.toThrow();
    await stillServes();
  });

  it.each<[string, (round: number) => Buffer]>([
    ['SETTINGS', () => frame(4, 0, 0)],
    ['PING', () => frame(6, 0, 0, Buffer.alloc(8))],
    ['PRIORITY of streams that do not exist', (round) => frame(2, 0, 2 * round + 1, Buffer.alloc(5))],
    ['empty DATA of a stream that does not exist', () => frame(0, 0, 1)],
    ['CONTINUATION without end', (round) => frame(round === 0 ? 1 : 9, 0, 1, Buffer.alloc(1024))],
    ['a frame of 16 MiB', () => frame(0, 0, 1, Buffer.alloc(16 * 1024 * 1024 - 1))],
    ['WINDOW_UPDATE over the top', () => frame(8, 0, 0, Buffer.from([0x7f, 0xff, 0xff, 0xff]))],
  ])('a flood of frames: %s', async (_, next) => {
    const socket = await dial(door(which));
    socket.write(Buffer.concat([PREFACE, frame(4, 0, 0)]));
    for (let round = 0; round < 2_000 && !socket.destroyed; round++) {
      const bytes = next(round);
      socket.write(bytes);
      if (bytes.length > 1024 * 1024 && round > 2) break;
      if (round % 200 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await stillServes();
    socket.destroy();
  });

  it('streams opened and reset as fast as they go', async () => {
    const session = await dialHttp2(door(which));
    const path = '/sealwatch.v1.EnrollmentService/Enroll';
    for (let i = 0; i < 3_000 && !session.destroyed && !session.closed; i++) {
      try {
        const stream = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc' });
        stream.on('error', () => undefined);
        stream.close(8);
      } catch {
        break;
      }
      if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await stillServes();
    session.destroy();
  });

  it('headers of a megabyte', async () => {
    const session = await dialHttp2(door(which));
    const headers = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`x-${String(i)}`, 'y'.repeat(5_000)]));
    const stream = session.request({
      ':method': 'POST',
      ':path': '/x',
      'content-type': 'application/grpc',
      ...headers,
    });
    stream.on('error', () => undefined);
    await new Promise((resolve) => stream.once('close', resolve));
    session.destroy();
    await stillServes();
  });

  it('a compressed message that inflates to 100 MiB, refused before it is that large', async () => {
    const session = await dialHttp2(door(which));
    const bomb = gzipSync(Buffer.alloc(100 * 1024 * 1024));
    const message = Buffer.concat([Buffer.from([1, 0, 0, 0, 0]), bomb]);
    message.writeUInt32BE(bomb.length, 1);
    const service = which === 'mutual' ? 'QueryService/GetStatus' : 'EnrollmentService/Enroll';
    const before = process.memoryUsage().rss;
    const stream = session.request({
      ':method': 'POST',
      ':path': `/sealwatch.v1.${service}`,
      'content-type': 'application/grpc',
      'grpc-encoding': 'gzip',
      te: 'trailers',
    });
    stream.on('error', () => undefined);
    const status = new Promise((resolve) => {
      const take = (headers: Record<string, unknown>): void => {
        if (headers['grpc-status'] !== undefined) resolve(headers['grpc-status']);
      };
      stream.on('trailers', take).on('response', take);
      stream.on('close', () => {
        resolve('closed');
      });
    });
    stream.resume();
    stream.end(message);
    expect(['8', '13', 'closed']).toContain(await status);
    expect(process.memoryUsage().rss - before).toBeLessThan(80 * 1024 * 1024);
    session.destroy();
    await stillServes();
  });
});

it('a message of half a million empty things from a host is refused, and is charged for', async () => {
  const agent = new TalkingAgent(running.agent(host.identity));
  agent.say(HELLO);
  await agent.hears('welcome');
  agent.sayRaw({ bodies: { bodies: Array.from({ length: 500_000 }, () => ({})) } });
  expect(await agent.ended).toMatchObject({ code: 'limit.exceeded' });
  await stillServes();
});

it('a stranger who begins a call and never ends it is cut off all the same', async () => {
  const session = await dialHttp2(door('enrolment'));
  const stream = session.request({
    ':method': 'POST',
    ':path': '/sealwatch.v1.EnrollmentService/Enroll',
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  stream.on('error', () => undefined);
  const started = performance.now();
  const dripping = setInterval(() => {
    if (!stream.destroyed) stream.write(Buffer.from([0]));
  }, 100);
  await new Promise((resolve) => session.once('close', resolve));
  clearInterval(dripping);
  expect(performance.now() - started).toBeLessThan(5_000);
});

it('one host has so many connections, and its neighbour has its own', async () => {
  const held = await Promise.all([1, 2, 3, 4].map(() => dialHttp2(door('mutual'))));
  const fifth = await dial(door('mutual'));
  await closedWithin(fifth, 2_000);
  const neighbour = await enrollHost(running, 'host-b');
  const other = await dialHttp2({ ...door('mutual'), identity: neighbour.identity });
  const pong = await new Promise((resolve) =>
    other.ping((error) => {
      resolve(error === null);
    }),
  );
  expect(pong).toBe(true);
  for (const session of [...held, other]) session.destroy();
  await stillServes();
});
