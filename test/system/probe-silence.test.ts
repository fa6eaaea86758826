import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtPrograms } from '../fakes/built-programs.js';
import { Daemon } from '../fakes/daemon.js';
import { type Finished, mustRun, runCommand } from '../fakes/run-command.js';
import { namespaces, type TestNetwork } from '../fakes/test-network.js';
import { TlsIdentities } from '../fakes/tls-identities.js';
import { waitUntil } from '../fakes/wait-until.js';

const AGENT = new URL('../../agent/bin/sealwatch-agent.js', import.meta.url).pathname;
const PORT = 4433;
/** What starting a program may take on a busy machine, beside what its connections take. */
const START_MS = 4000;

let network: TestNetwork;
let identities: TlsIdentities;
let server: Daemon;

beforeAll(async () => {
  await builtPrograms();
  identities = await TlsIdentities.create(['p256']);
  network = await namespaces(['prober', 'server']);
  const own = ['-cert', identities.certificate('p256'), '-key', identities.key('p256')];
  server = new Daemon(
    network.within('server', ['openssl', 's_server', '-www', '-quiet', '-accept', String(PORT), ...own]),
  );
  await waitUntil('the server answers', async () => (await probe(network.address('server'))).status === 1);
  await inServer('nft', 'add', 'table', 'inet', 'test');
  await inServer('nft', 'add', 'chain', 'inet', 'test', 'input', '{ type filter hook input priority 0; }');
});
afterAll(async () => {
  await server.stop();
  await network.dispose();
  identities.dispose();
});

function inServer(...argv: string[]): Promise<Finished> {
  return mustRun(network.within('server', argv));
}

/** The rule holds for this one test. */
async function dropping<T>(rule: string, test: () => Promise<T>): Promise<T> {
  await inServer('nft', 'add', 'rule', 'inet', 'test', 'input', ...rule.split(' '));
  try {
    return await test();
  } finally {
    await inServer('nft', 'flush', 'chain', 'inet', 'test', 'input');
  }
}

interface Probed extends Finished {
  readonly observation: { readonly state: string; readonly reason?: string; readonly unanswered?: readonly string[] };
  readonly connections: number;
  readonly tookMs: number;
}

/** As an operator would, from the other namespace. */
async function probe(host: string, timeout = '500ms', port = PORT): Promise<Probed> {
  const started = performance.now();
  const address = `${host}:${String(port)}`;
  const argv = [process.execPath, AGENT, 'probe', address, '--timeout', timeout, '--output', 'json'];
  const finished = await runCommand(network.within('prober', argv), { timeoutMs: 100_000 });
  const tookMs = performance.now() - started;
  const { observation, connections } = JSON.parse(finished.stdout) as Pick<Probed, 'observation' | 'connections'>;
  return { ...finished, observation, connections, tookMs };
}

describe('an address that swallows every packet', () => {
  it.each(['500ms', '3s'])('is unreachable after one connection of %s', async (timeout) => {
    await dropping(`tcp dport ${String(PORT)} drop`, async () => {
      const { observation, connections, tookMs, status } = await probe(network.address('server'), timeout);
      expect(observation).toEqual({ state: 'unreachable', reason: 'no answer to a connection' });
      expect(connections).toBe(1);
      expect(status).toBe(1);
      const limit = timeout === '3s' ? 3000 : 500;
      expect(tookMs).toBeGreaterThanOrEqual(limit);
      expect(tookMs).toBeLessThan(limit + START_MS);
    });
  });

  it('is not on the network at all', async () => {
    const nobody = network.address('server').replace(/\d+$/, '200');
    const { observation, tookMs } = await probe(nobody);
    expect(observation).toEqual({ state: 'unreachable', reason: 'no answer to a connection' });
    expect(tookMs).toBeLessThan(500 + START_MS);
  });

  it.each([
    ['blackhole', 'no connection (EINVAL)'],
    ['unreachable', 'no route to the host (EHOSTUNREACH)'],
    ['prohibit', 'permission denied (EACCES)'],
  ])('has a route of kind %s', async (kind, reason) => {
    await mustRun(network.within('prober', ['ip', 'route', 'add', kind, '203.0.113.0/24']));
    try {
      const { observation, connections } = await probe('203.0.113.7', '4s');
      expect({ observation, connections }).toEqual({ observation: { state: 'unreachable', reason }, connections: 1 });
    } finally {
      await mustRun(network.within('prober', ['ip', 'route', 'del', kind, '203.0.113.0/24']));
    }
  });

  it('has no route', async () => {
    const { observation } = await probe('203.0.113.7', '4s');
    expect(observation).toEqual({ state: 'unreachable', reason: 'no route to the network (ENETUNREACH)' });
  });
});

describe('an address that refuses with ICMP or a reset', () => {
  it.each([
    ['reject with icmp type admin-prohibited', 'no route to the host (EHOSTUNREACH)'],
    ['reject with tcp reset', 'connection refused (ECONNREFUSED)'],
  ])('%s', async (action, reason) => {
    await dropping(`tcp dport ${String(PORT)} ${action}`, async () => {
      const { observation, tookMs } = await probe(network.address('server'), '4s');
      expect(observation).toEqual({ state: 'unreachable', reason });
      expect(tookMs).toBeLessThan(4000 + START_MS);
    });
  });
});

describe('a connection whose bytes are swallowed', () => {
  it('is a timeout, and few are made', async () => {
    await dropping(`tcp dport ${String(PORT)} tcp flags & psh == psh drop`, async () => {
      const { observation, connections, tookMs } = await probe(network.address('server'));
      expect(observation).toEqual({ state: 'timeout', reason: 'no answer in time' });
      expect(connections).toBeLessThanOrEqual(4);
      expect(tookMs).toBeLessThan(4 * 500 + START_MS);
    });
  });

  it('from the middle of the probe on: it ends, and names what was not seen', async () => {
    await dropping(`tcp dport ${String(PORT)} quota over 20 kbytes drop`, async () => {
      const { observation, status, tookMs } = await probe(network.address('server'));
      expect(observation.state).toBe('served');
      expect(observation.unanswered?.length).toBeGreaterThan(0);
      expect(status).toBe(1);
      expect(tookMs).toBeLessThan(20 * 500 + START_MS);
    });
  });
});

describe('a listener whose queue is full', () => {
  /** Listens and never takes a connection: its only thread sleeps. */
  const SLEEPER = `
    const server = require('node:net').createServer().listen({ port: 4434, host: '0.0.0.0', backlog: 1 }, () => {
      process.stdout.write('listening\\n', () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
    });
  `;
  const FILLER = `
    const { connect } = require('node:net');
    for (let i = 0; i < 8; i++) connect(4434, process.argv[1]).on('error', () => {});
    setTimeout(() => process.stdout.write('full\\n'), 500);
    setInterval(() => {}, 1000);
  `;
  const children: ChildProcess[] = [];
  afterAll(async () => {
    for (const child of children) {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
    }
  });

  async function start(place: string, script: string, ...args: string[]): Promise<void> {
    const [command = '', ...rest] = network.within(place, [process.execPath, '-e', script, ...args]);
    const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'ignore'] });
    children.push(child);
    await once(child.stdout, 'data');
  }

  it('hangs first, and is unreachable once nothing more fits in', async () => {
    await start('server', SLEEPER);
    const waiting = await probe(network.address('server'), '500ms', 4434);
    expect(['timeout', 'unreachable']).toContain(waiting.observation.state);
    expect(waiting.tookMs).toBeLessThan(4 * 500 + START_MS);
    await start('prober', FILLER, network.address('server'));
    const full = await probe(network.address('server'), '500ms', 4434);
    expect(full.observation).toEqual({ state: 'unreachable', reason: 'no answer to a connection' });
    expect(full.connections).toBe(1);
    expect(full.tookMs).toBeLessThan(500 + START_MS);
  });
});
