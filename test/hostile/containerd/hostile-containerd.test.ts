import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type handleServerStreamingCall,
  Server,
  ServerCredentials,
  status,
  type UntypedHandleCall,
} from '@grpc/grpc-js';
import type { Answer } from '@sealwatch/shared/containerd/answer.js';
import type { ContainerdEvent } from '@sealwatch/shared/containerd/containerd-event.js';
import { GrpcContainerd } from '@sealwatch/shared/containerd/grpc-containerd.js';
import { loadContainerdProtos } from '@sealwatch/shared/containerd/load-containerd-protos.js';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../fakes/run-command.js';
import { waitUntil } from '../../fakes/wait-until.js';

const protos = loadContainerdProtos();
const DIGEST: Digest = `sha256:${'a'.repeat(64)}`;
const DEADLINE_MS = 1500;

let directory: string;
let socket: string;
let containerd: GrpcContainerd;
const closing: (() => void)[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sealwatch-hostile-containerd-'));
  socket = join(directory, 's');
  containerd = new GrpcContainerd({ protos, socket, deadlineMs: DEADLINE_MS });
});
afterEach(() => {
  containerd.close();
  for (const close of closing.splice(0)) close();
  rmSync(directory, { recursive: true, force: true });
});

/** A gRPC server that answers every call to a method with the same raw bytes, or as it likes; others never. */
async function serve(answers: Record<string, UntypedHandleCall | Buffer>): Promise<void> {
  const server = new Server({ 'grpc.max_send_message_length': -1 });
  for (const { v1 } of Object.values(protos.services)) {
    for (const [service, client] of Object.entries(v1 as Record<string, { service?: Record<string, Method> }>)) {
      const methods = Object.entries(client.service ?? {}).map(
        ([name, method]): [string, Method, UntypedHandleCall] => {
          const answer = answers[`${service}.${name}`];
          const raw = { ...method, responseSerialize: (bytes: unknown) => bytes as Buffer };
          if (!Buffer.isBuffer(answer)) return [name, raw, answer ?? never];
          const handle: UntypedHandleCall = method.responseStream
            ? (call: Parameters<handleServerStreamingCall<unknown, Buffer>>[0]) => {
                call.write(answer);
                call.end();
              }
            : (_call: unknown, done: (error: null, bytes: Buffer) => void) => {
                done(null, answer);
              };
          return [name, raw, handle];
        },
      );
      if (methods.length === 0) continue;
      server.addService(
        Object.fromEntries(methods.map(([name, method]) => [name, method])) as never,
        Object.fromEntries(methods.map(([name, , handle]) => [name, handle])),
      );
    }
  }
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${socket}`, ServerCredentials.createInsecure(), (error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
  closing.push(() => {
    server.forceShutdown();
  });
}

interface Method {
  readonly path: string;
  readonly responseStream: boolean;
  readonly requestStream: boolean;
  readonly requestSerialize: (value: never) => Buffer;
  readonly requestDeserialize: (bytes: Buffer) => unknown;
  readonly responseSerialize: (value: never) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => unknown;
}

const never: UntypedHandleCall = () => undefined;

/** Sends for ever, as fast as the client takes it. */
function endless(bytes: Buffer, sent: { count: number } = { count: 0 }): UntypedHandleCall {
  return (call: Parameters<handleServerStreamingCall<unknown, Buffer>>[0]) => {
    let over = false;
    call.on('cancelled', () => (over = true));
    call.on('error', () => (over = true));
    const pump = (): void => {
      for (let i = 0; i < 100 && !over; i++) {
        sent.count += 1;
        if (!call.write(bytes)) {
          call.once('drain', pump);
          return;
        }
      }
      if (!over) setImmediate(pump);
    };
    pump();
  };
}

type Ask = (containerd: GrpcContainerd) => Promise<Answer<unknown>>;

const QUESTIONS: Readonly<Record<string, Ask>> = {
  version: (c) => c.version(),
  images: (c) => c.images(),
  image: (c) => c.image('x'),
  contentRoot: (c) => c.contentRoot(),
  blobSize: (c) => c.blobSize(DIGEST),
  containers: (c) => c.containers(),
  container: (c) => c.container('x'),
  tasks: (c) => c.tasks(),
  task: (c) => c.task('x'),
  snapshot: (c) => c.snapshot('overlayfs', 'x'),
  mounts: (c) => c.mounts('overlayfs', 'x'),
};

const METHODS = [
  ...['Version.Version', 'Images.List', 'Images.Get', 'Introspection.Plugins', 'Content.Info', 'Content.Read'],
  ...['Containers.ListStream', 'Containers.Get', 'Tasks.List', 'Tasks.Get', 'Snapshots.Stat', 'Snapshots.Mounts'],
];

async function askAll(): Promise<[string, Answer<unknown>][]> {
  return Promise.all(
    Object.entries(QUESTIONS).map(async ([name, ask]): Promise<[string, Answer<unknown>]> => [
      name,
      await ask(containerd),
    ]),
  );
}

async function readAll(): Promise<number> {
  let bytes = 0;
  for await (const chunk of containerd.readBlob(DIGEST)) bytes += chunk.length;
  return bytes;
}

function reasons(answers: [string, Answer<unknown>][]): string[] {
  return [...new Set(answers.map(([, answer]) => (answer.state === 'unavailable' ? answer.reason : 'answered')))];
}

describe('without a containerd, every question has the reason for an answer:', () => {
  it('nothing at the path of its socket', async () => {
    expect(reasons(await askAll())).toEqual(["containerd's socket does not exist"]);
    await expect(readAll()).rejects.toThrow(/containerd's socket does not exist/);
  });

  it('a file', async () => {
    writeFileSync(socket, '');
    expect(reasons(await askAll())).toEqual(["what should be containerd's socket is none"]);
  });

  it('a socket that nobody listens on any more', async () => {
    // killed, so that it can't take its socket away
    const script = `require('net').createServer().listen(${JSON.stringify(socket)}, () => process.kill(process.pid, 9))`;
    await runCommand([process.execPath, '-e', script]);
    expect(reasons(await askAll())).toEqual(['containerd does not take connections']);
  });

  it('a path that fits into no address', async () => {
    containerd.close();
    containerd = new GrpcContainerd({ protos, socket: `/${'x'.repeat(200)}` });
    expect(reasons(await askAll())).toEqual(["the path of containerd's socket is too long"]);
  });

  it('a listener that hangs up', async () => {
    await listening((connection) => connection.destroy());
    expect(reasons(await askAll())).toEqual(['containerd does not take connections']);
  });

  it('a listener that says nothing', async () => {
    await listening();
    expect(reasons(await askAll())).toEqual(['containerd does not answer in time']);
  });

  it('a listener that speaks no HTTP/2', async () => {
    await listening((connection) => connection.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(reasons(await askAll())).toEqual(['containerd does not take connections']);
  });
});

async function listening(connected: (socket: Socket) => void = () => undefined): Promise<void> {
  const server = createServer((connection) => {
    connection.on('error', () => undefined);
    connected(connection);
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  closing.push(() => server.close());
}

describe('a hostile containerd', () => {
  it('that never answers: every question ends at its deadline', async () => {
    await serve({});
    const started = performance.now();
    expect(reasons(await askAll())).toEqual(['containerd does not answer in time']);
    expect(performance.now() - started).toBeLessThan(DEADLINE_MS + 2000);
  });

  it('that answers errors: its words are printable, short, and not mistaken for "there is none"', async () => {
    const fail: UntypedHandleCall = (call: unknown, done?: (error: object) => void) => {
      const error = { code: status.INTERNAL, details: `\u001b[2J${'x'.repeat(1000)}` };
      if (done === undefined) (call as { emit: (name: string, error: object) => void }).emit('error', error);
      else done(error);
    };
    await serve(Object.fromEntries(METHODS.map((name) => [name, fail])));
    const [reason = '', ...more] = reasons(await askAll());
    expect(more).toEqual([]);
    expect(reason).toMatch(/^containerd answered INTERNAL: [ -~]{1,210}$/);
  });

  it.each([
    ['no protobuf', Buffer.from('ffffffffffffffffffff', 'hex')],
    ['a text that is cut off', Buffer.from('0a7f6162', 'hex')],
    ['an endless group', Buffer.alloc(100_000, 0x0b)],
  ])('that answers %s: nothing is believed', async (_, bytes) => {
    await serve(Object.fromEntries(METHODS.map((name) => [name, bytes])));
    for (const [name, answer] of await askAll()) {
      expect([name, answer.state]).toEqual([name, 'unavailable']);
    }
  });

  it('that answers without the thing it was asked for: nothing is believed', async () => {
    await serve(Object.fromEntries(METHODS.map((name) => [name, Buffer.alloc(0)])));
    const states = Object.fromEntries((await askAll()).map(([name, { state }]) => [name, state]));
    expect(states).toMatchObject({
      ...{ image: 'unavailable', blobSize: 'unavailable', container: 'unavailable', containers: 'unavailable' },
      ...{ task: 'unavailable', snapshot: 'unavailable' },
    });
  });

  it('that sends 100 MB in one message: refused unread', async () => {
    const huge = Buffer.alloc(100 * 1024 * 1024);
    await serve(Object.fromEntries(METHODS.map((name) => [name, huge])));
    for (const ask of [QUESTIONS['images'], QUESTIONS['containers']]) {
      const before = process.memoryUsage().rss;
      expect(await ask?.(containerd)).toMatchObject({
        state: 'unavailable',
        reason: expect.stringContaining('RESOURCE_EXHAUSTED') as string,
      });
      // the server in this process holds the message too
      expect(process.memoryUsage().rss - before).toBeLessThan(400 * 1024 * 1024);
    }
  });

  it('that packs two million images into 4 MB: refused before they become objects', async () => {
    await serve({ 'Images.List': Buffer.concat(Array(1_900_000).fill(Buffer.from('0a00', 'hex'))) });
    const started = performance.now();
    const before = process.memoryUsage().heapUsed;
    expect(await containerd.images()).toMatchObject({ state: 'unavailable' });
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(100 * 1024 * 1024);
    expect(performance.now() - started).toBeLessThan(1500);
  });

  it('that lists small containers without end: ended', async () => {
    const small = field(1, field(1, Buffer.from('id')));
    await serve({ 'Containers.ListStream': endless(small) });
    expect(await containerd.containers()).toMatchObject({
      reason: 'containerd sends more containers than are read',
    });
  });

  it('that lists large containers without end: ended', async () => {
    const large = field(
      1,
      Buffer.concat([field(1, Buffer.from('id')), field(5, field(2, Buffer.alloc(1_000_000, 0x20)))]),
    );
    await serve({ 'Containers.ListStream': endless(large) });
    expect(await containerd.containers()).toMatchObject({ state: 'unavailable' });
  });

  it.each([
    ['more than was asked for', (): UntypedHandleCall => endless(field(2, Buffer.alloc(100_000)))],
    ['nothing, for ever', (): UntypedHandleCall => endless(Buffer.alloc(0))],
    ['less than it notes', (): Buffer => field(2, Buffer.alloc(10))],
  ])('that sends of a blob %s: an error at its end, never a short blob', async (_, answer) => {
    const info = field(1, Buffer.concat([field(1, Buffer.from(DIGEST)), Buffer.from('10a08d06', 'hex')]));
    await serve({ 'Content.Info': info, 'Content.Read': answer() });
    expect(await containerd.blobSize(DIGEST)).toEqual({ state: 'answered', value: 100_000 });
    await expect(readAll()).rejects.toMatchObject({ code: 'file.unreadable' });
  });

  it('that hangs in the middle of a blob: the reader can end it', async () => {
    const info = field(1, Buffer.from('10a08d06', 'hex'));
    await serve({ 'Content.Info': info });
    const abort = new AbortController();
    setTimeout(() => {
      abort.abort();
    }, 100);
    const started = performance.now();
    const read = containerd.readBlob(DIGEST, { signal: abort.signal })[Symbol.asyncIterator]().next();
    await expect(read).rejects.toMatchObject({ code: 'request.cancelled' });
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('that makes up labels: they are no properties', async () => {
    const labels = field(2, Buffer.concat([field(1, Buffer.from('__proto__')), field(2, Buffer.from('x'))]));
    await serve({ 'Images.Get': field(1, Buffer.concat([field(1, Buffer.from('n')), labels])) });
    const image = await containerd.image('n');
    expect(image).toMatchObject({ state: 'answered', value: { name: 'n', target: { digest: undefined } } });
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  it('that sends events nobody can read, of nobody, or for ever: told, passed over, ended by us', async () => {
    const event = (topic: string, namespace: string, body: Buffer): Buffer =>
      Buffer.concat([field(2, Buffer.from(namespace)), field(3, Buffer.from(topic)), field(4, field(2, body))]);
    const sent = { count: 0 };
    const flood = endless(event('/images/create', 'k8s.io', field(1, Buffer.from('x'))), sent);
    await serve({
      'Events.Subscribe': (call: Parameters<handleServerStreamingCall<unknown, Buffer>>[0]) => {
        call.write(event('/images/create', 'other', field(1, Buffer.from('x'))));
        call.write(event('/images/create', 'k8s.io', Buffer.from('ff', 'hex')));
        call.write(event('/images/create', 'k8s.io', field(1, Buffer.alloc(5000, 0x61))));
        call.write(event('/never/heard', 'k8s.io', Buffer.alloc(0)));
        call.write(
          event('/tasks/exit', 'k8s.io', Buffer.concat([field(1, Buffer.from('c')), field(2, Buffer.from('exec'))])),
        );
        (flood as (call: unknown) => void)(call);
      },
    });
    const events: ContainerdEvent[] = [];
    const ended: string[] = [];
    const subscription = containerd.subscribe({
      event: (one) => events.push(one),
      ended: (reason) => ended.push(reason),
    });
    await waitUntil('the flood is here', () => events.length > 2000);
    subscription.close();
    const seen = events.length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(events.length).toBe(seen);
    expect(ended).toEqual([]);
    expect(events.slice(0, 4)).toEqual([
      { topic: '/images/create', change: undefined },
      { topic: '/images/create', change: undefined },
      { topic: '/never/heard', change: undefined },
      { topic: '/images/create', change: { kind: 'image', name: 'x' } },
    ]);
  });
});

/** One length-delimited field (protobuf.dev, "Encoding"). */
function field(number: number, bytes: Buffer): Buffer {
  const length: number[] = [];
  for (let rest = bytes.length; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) {
      length.push(rest);
      break;
    }
    length.push((rest % 128) | 0x80);
  }
  return Buffer.concat([Buffer.from([number * 8 + 2, ...length]), bytes]);
}
