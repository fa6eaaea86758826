import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { findListeners, type FoundListener } from '@sealwatch/agent/measure/service/find-listeners.js';
import { readListeningSockets } from '@sealwatch/agent/measure/service/read-listening-sockets.js';
import { afterEach, describe, expect, it } from 'vitest';
import { ListeningProgram } from '../fakes/listening-program.js';
import { ProcessView } from '../fakes/process-view.js';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function listen(host: string, port = 0): Promise<{ port: number; server: Server }> {
  const server = createServer().listen({ host, port, ipv6Only: false });
  await once(server, 'listening');
  closing.push(() => server.close());
  return { port: (server.address() as { port: number }).port, server };
}

async function start(options: Parameters<typeof ListeningProgram.start>[0]): Promise<ListeningProgram> {
  const program = await ListeningProgram.start(options);
  closing.push(() => program.stop());
  return program;
}

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** As seen with the right to look at these processes, this one among them. */
async function find(addresses: readonly string[], pids: readonly number[] = []): Promise<FoundListener[]> {
  const view = new ProcessView([process.pid, ...pids]);
  try {
    return await findListeners(addresses, { procPath: view.path, netPath: '/proc/self/net', pause });
  } finally {
    view.remove();
  }
}

function heldBy(...pids: number[]): object {
  const processes = pids
    .sort((a, b) => a - b)
    .map((pid) => ({ pid, startTime: expect.stringMatching(/^[1-9]\d*$/) as string }));
  return { state: 'found', processes, unseen: null };
}

describe('the listener at an address', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1:'],
    ['127.0.0.1', 'localhost:'],
    ['0.0.0.0', '127.0.0.1:'],
    ['0.0.0.0', '127.5.5.5:'],
    ['::', '127.0.0.1:'],
    ['::', '[::1]:'],
    ['::', 'localhost:'],
    ['::1', '[::1]:'],
    ['::1', '[0:0::1]:'],
    ['::ffff:127.0.0.1', '127.0.0.1:'],
    ['127.0.0.1', '[::ffff:127.0.0.1]:'],
    ['127.0.0.1', '0.0.0.0:'],
  ])('is the process that listens on %s: %s', async (host, address) => {
    const { port } = await listen(host);
    expect(await find([`${address}${String(port)}`])).toEqual([heldBy(process.pid)]);
  });

  it('is the process at any address of this machine', async () => {
    const own = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
    const { port } = await listen('::');
    for (const { address, family } of own) {
      const host = family === 'IPv6' ? `[${address}]` : address;
      expect(await find([`${host}:${String(port)}`])).toEqual([heldBy(process.pid)]);
    }
  });

  it('is nobody where nobody listens', async () => {
    const { port, server } = await listen('127.0.0.1');
    expect(await find([`127.0.0.2:${String(port)}`])).toEqual([{ state: 'none' }]);
    expect(await find([`[::1]:${String(port)}`])).toEqual([{ state: 'none' }]);
    server.close();
    await once(server, 'close');
    expect(await find([`127.0.0.1:${String(port)}`])).toEqual([{ state: 'none' }]);
  });

  it("can't be told where the address is another machine's", async () => {
    expect(await find(['192.0.2.1:6443', '[2001:db8::1]:6443'])).toEqual([
      { state: 'elsewhere' },
      { state: 'elsewhere' },
    ]);
  });

  it("can't be told of a name that does not resolve, or of what is no address", async () => {
    const [nowhere, ...others] = await find(['sealwatch.invalid:6443', 'localhost', ':6443', 'localhost:0']);
    expect(nowhere).toMatchObject({ state: 'unreadable' });
    expect(nowhere).toHaveProperty('reason', expect.stringMatching(/^the name could not be looked up \([A-Z_]+\)$/));
    for (const other of others) expect(other).toEqual({ state: 'unreadable', reason: 'the address is no host:port' });
  });

  it('is found for many addresses at once, in their order', async () => {
    const other = await start({});
    const { port } = await listen('127.0.0.1');
    const addresses = ['192.0.2.1:1', `127.0.0.1:${String(port)}`, `127.0.0.1:${String(other.port)}`, '127.0.0.1:1'];
    expect(await find(addresses, [other.pid])).toEqual([
      { state: 'elsewhere' },
      heldBy(process.pid),
      heldBy(other.pid),
      { state: 'none' },
    ]);
  });
});

describe('the table of sockets', () => {
  const HEADER = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
  const line = (port: number, state: string): string =>
    `   0: 0100007F:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${String(port)} 1 0000000000000000 100 0 0 10 0\n`;
  const read = (tcp: string): number[] | string => {
    const directory = mkdtempSync(join(tmpdir(), 'sealwatch-net-'));
    try {
      writeFileSync(join(directory, 'tcp'), tcp);
      const table = readListeningSockets(directory);
      return table.state === 'read' ? table.sockets.map(({ port }) => port) : table.reason;
    } finally {
      rmSync(directory, { recursive: true });
    }
  };
  const listening = Array.from({ length: 2000 }, (_, i) => line(i + 1, '0A')).join('');
  const connections = line(9, '01').repeat(5000);

  it('is read to the last socket that listens, over many reads', () => {
    expect(read(HEADER + listening)).toEqual(Array.from({ length: 2000 }, (_, i) => i + 1));
    expect(read(HEADER)).toEqual([]);
  });

  it('is not read much further: a busy host has more connections than anything', () => {
    expect(read(`${HEADER}${listening}${connections}this is never seen\n`)).toHaveLength(2000);
    expect(read(`${HEADER}${connections}this is never seen\n`)).toEqual([]);
  });

  it('is malformed as a whole if one line among those that listen is', () => {
    expect(read(`${HEADER}${listening}x\n${listening}`)).toBe('the table of TCP sockets is malformed');
  });
});

describe('of several processes at one address', () => {
  it('all that hold one socket are named', async () => {
    const { port, server } = await listen('127.0.0.1');
    const { fd } = (server as unknown as { _handle: { fd: number } })._handle;
    const heir = spawn('sleep', ['60'], { stdio: ['ignore', 'ignore', 'ignore', fd] });
    closing.push(() => heir.kill('SIGKILL'));
    await once(heir, 'spawn');
    expect(await find([`127.0.0.1:${String(port)}`], [heir.pid ?? 0])).toEqual([heldBy(process.pid, heir.pid ?? 0)]);
  });

  it('all that can answer are named, of a name with two addresses too', async () => {
    const six = await start({ host: '::1' });
    await listen('127.0.0.1', six.port);
    const port = String(six.port);
    expect(await find([`127.0.0.1:${port}`, `[::1]:${port}`], [six.pid])).toEqual([
      heldBy(process.pid),
      heldBy(six.pid),
    ]);
  });
});

describe('what may not be looked at', () => {
  it('is unreadable and never nobody: a socket whose process is hidden', async () => {
    const other = await start({});
    expect(await find([`127.0.0.1:${String(other.port)}`])).toEqual([
      { state: 'unreadable', reason: 'no visible process holds the socket' },
    ]);
  });

  it('is unreadable: no table, a broken table, no processes', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'sealwatch-net-'));
    closing.push(() => {
      rmSync(directory, { recursive: true });
    });
    const { port } = await listen('127.0.0.1');
    const look = (procPath: string, netPath: string): Promise<FoundListener[]> =>
      findListeners([`127.0.0.1:${String(port)}`], { procPath, netPath, pause });
    const unreadable = (reason: string): object[] => [{ state: 'unreadable', reason }];
    expect(await look('/proc', directory)).toEqual(unreadable('no table of TCP sockets'));
    writeFileSync(join(directory, 'tcp'), 'x\n');
    expect(await look('/proc', directory)).toEqual(unreadable('the table of TCP sockets is malformed'));
    expect(await look(join(directory, 'none'), '/proc/self/net')).toEqual(
      unreadable('the list of processes: cannot be read (ENOENT)'),
    );
    mkdirSync(join(directory, 'proc'));
    expect(await look(join(directory, 'proc'), '/proc/self/net')).toEqual(
      unreadable('no visible process holds the socket'),
    );
  });

  it('ends at once when nobody wants to know any more', async () => {
    const { port } = await listen('127.0.0.1');
    const signal = AbortSignal.abort();
    const view = new ProcessView([process.pid]);
    closing.push(() => {
      view.remove();
    });
    await expect(
      findListeners([`127.0.0.1:${String(port)}`], { procPath: view.path, netPath: '/proc/self/net', pause, signal }),
    ).rejects.toMatchObject({ code: 'request.cancelled' });
  });
});
