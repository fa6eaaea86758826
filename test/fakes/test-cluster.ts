import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CheckResult } from '@sealwatch/shared/check/check-result.js';
import { parseDocument } from 'yaml';
import { Daemon } from './daemon.js';
import { realBinaries } from './real-binaries.js';
import { type Finished, mustRun, runCommand } from './run-command.js';
import { loopback, namespaces, type TestNetwork } from './test-network.js';
import { waitUntil } from './wait-until.js';
import { RhelTree } from './rhel-tree.js';

const PROJECT = join(import.meta.dirname, '..', '..');
const PROGRAMS = {
  sealwatch: join(PROJECT, 'collector', 'bin', 'sealwatch.js'),
  collector: join(PROJECT, 'collector', 'bin', 'sealwatch-collector.js'),
  agent: join(PROJECT, 'agent', 'bin', 'sealwatch-agent.js'),
};

export interface TestClusterOptions {
  readonly hosts: readonly string[];
  readonly mode?: 'fips' | 'standard';
  readonly network?: 'loopback' | 'namespaces';
  /** Further declared hosts that no agent program serves: a test plays them over the wire. */
  readonly simulated?: readonly string[];
  /** Changes to cluster.yaml: path -> value. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Real programs, copied into every host's root; default: three of this machine. */
  readonly components?: readonly { readonly name: string; readonly path: string }[];
  /** Images that the manifest lists beside them. */
  readonly images?: readonly ClusterImage[];
  /** For every agent's `run`. */
  readonly agentFlags?: readonly string[];
  /** The hosts' root is this machine's own, and components are measured where they are. */
  readonly ownRoot?: boolean;
  /** What runs as the agent; default: the built program. */
  readonly agentProgram?: readonly string[];
  /** What agents, and the collector, are started by: `env NAME=VALUE`, `nice` and the like. */
  readonly runners?: { readonly agent?: readonly string[]; readonly collector?: readonly string[] };
}

export interface ClusterImage {
  readonly name: string;
  /** An OCI archive. */
  readonly archive: string;
  readonly reference: string;
  readonly command: string;
}

/**
 * A whole cluster made the way an operator makes it: the three programs as processes, real signed binaries in a root
 * directory per host (made up as a RHEL host in FIPS mode), real keys, real sockets.
 */
export class TestCluster {
  readonly directory: string;
  readonly hosts: readonly string[];
  readonly components: readonly { readonly name: string; readonly path: string }[];
  readonly #images: readonly ClusterImage[];
  readonly #agentFlags: readonly string[];
  readonly #agentProgram: readonly string[];
  readonly #collectorRunner: readonly string[];
  readonly #ownRoot: boolean;
  readonly #network: TestNetwork;
  readonly #agents = new Map<string, Daemon>();
  readonly #trees = new Map<string, RhelTree>();
  readonly #finished: Daemon[] = [];
  #collector: Daemon | undefined;

  private constructor(directory: string, options: TestClusterOptions, network: TestNetwork) {
    const { hosts, components, images = [], agentFlags = [], ownRoot = false, runners = {} } = options;
    this.directory = directory;
    this.hosts = hosts;
    this.#network = network;
    this.#images = images;
    this.#agentFlags = agentFlags;
    this.#ownRoot = ownRoot;
    this.#agentProgram = [...(runners.agent ?? []), ...(options.agentProgram ?? [process.execPath, PROGRAMS.agent])];
    this.#collectorRunner = runners.collector ?? [];
    this.components = components ?? realBinaries(3).slice(0, 3);
  }

  /** init, keygen, manifest, provision, collector, deploy, enrol; agents are not started yet. */
  static async create(options: TestClusterOptions): Promise<TestCluster> {
    const directory = mkdtempSync(join(tmpdir(), 'sealwatch-cluster-'));
    const network = options.network === 'namespaces' ? await namespaces(['collector', ...options.hosts]) : loopback;
    const cluster = new TestCluster(directory, options, network);
    try {
      await cluster.#found(options);
      return cluster;
    } catch (error) {
      const words = cluster.words();
      await cluster.dispose();
      throw new Error(`${error instanceof Error ? error.message : String(error)}\n${words}`, { cause: error });
    }
  }

  hostRoot(host: string): string {
    return this.#ownRoot ? '/' : join(this.directory, 'roots', host);
  }

  /** A host's root, with what makes it a RHEL host in FIPS mode. */
  tree(host: string): RhelTree {
    const tree = this.#trees.get(host);
    if (tree === undefined) throw new Error(`no host ${host}`);
    return tree;
  }

  /** A component's file on a host. */
  file(host: string, component = this.components[0]?.name ?? ''): string {
    return join(this.hostRoot(host), this.#pathOf(component));
  }

  agentState(host: string): string {
    return join(this.directory, 'agents', host);
  }

  get collectorState(): string {
    return join(this.directory, '.sealwatch', 'collector');
  }

  /** The operator's command line. */
  sealwatch(...args: string[]): Promise<Finished> {
    return runCommand(this.#network.within('collector', [process.execPath, PROGRAMS.sealwatch, ...args]), {
      cwd: this.directory,
      timeoutMs: 120_000,
    });
  }

  async mustSealwatch(...args: string[]): Promise<Finished> {
    const finished = await this.sealwatch(...args);
    if (finished.status !== 0)
      throw new Error(
        `sealwatch ${args.join(' ')}: exit ${String(finished.status)}\n${finished.stdout}${finished.stderr}\n${this.words()}`,
      );
    return finished;
  }

  /** `check fips --output json`, with its exit status. */
  async check(...args: string[]): Promise<{ status: number | null; result: CheckResult; stderr: string }> {
    const { status, stdout, stderr } = await this.sealwatch('check', 'fips', '--output', 'json', ...args);
    try {
      return { status, result: JSON.parse(stdout) as CheckResult, stderr };
    } catch (error) {
      throw new Error(`check printed no JSON (exit ${String(status)}): ${stdout}\n${stderr}\n${this.words()}`, {
        cause: error,
      });
    }
  }

  agentCommand(host: string, ...args: string[]): Promise<Finished> {
    return runCommand(this.#network.within(host, [...this.#agentProgram, ...args]), { cwd: this.directory });
  }

  collectorCommand(...args: string[]): Promise<Finished> {
    return runCommand([process.execPath, PROGRAMS.collector, ...args], { cwd: this.directory });
  }

  async startCollector(): Promise<Daemon> {
    // `--cpu-prof` and the like, to look into a load run
    const flags = (process.env['COLLECTOR_NODE_FLAGS'] ?? '').split(' ').filter((flag) => flag !== '');
    const program = [process.execPath, ...flags, PROGRAMS.collector];
    const argv = [...this.#collectorRunner, ...program, 'serve', '--state-dir', this.collectorState];
    this.#collector = new Daemon(this.#network.within('collector', argv), { cwd: this.directory });
    await waitUntil(
      'the collector answers',
      async () => {
        if (this.#collector?.running !== true) throw new Error(`the collector ended\n${this.words()}`);
        return (await this.sealwatch('status', '--output', 'json')).stdout !== '';
      },
      { explain: () => this.words() },
    );
    return this.#collector;
  }

  get collector(): Daemon {
    if (this.#collector === undefined) throw new Error('no collector was started');
    return this.#collector;
  }

  /**
   * @param hostRoot where the host is really seen, if not in its directory
   * @param runner what it is started by this time, before everything else
   */
  startAgent(host: string, hostRoot: string = this.hostRoot(host), runner: readonly string[] = []): Daemon {
    const argv = [
      ...runner,
      ...this.#agentProgram,
      'run',
      '--state-dir',
      this.agentState(host),
      '--host-root',
      hostRoot,
      ...this.#agentFlags,
    ];
    const daemon = new Daemon(this.#network.within(host, argv), { cwd: this.directory });
    const previous = this.#agents.get(host);
    if (previous !== undefined) this.#finished.push(previous);
    this.#agents.set(host, daemon);
    return daemon;
  }

  agent(host: string): Daemon {
    const agent = this.#agents.get(host);
    if (agent === undefined) throw new Error(`no agent was started on ${host}`);
    return agent;
  }

  /** Starts every agent and waits until each is connected and has reported. */
  async startAgents(): Promise<void> {
    for (const host of this.hosts) this.startAgent(host);
    await this.waitForHosts(
      ({ standing, sequence }) => standing === 'connected' && sequence > 0,
      'every agent has reported',
    );
  }

  async hostSummaries(): Promise<
    { name: string; standing: string; verdict: string; sequence: number; reasons: string[] }[]
  > {
    const { stdout } = await this.sealwatch('hosts', 'list', '--output', 'json');
    return stdout === ''
      ? []
      : (
          JSON.parse(stdout) as {
            hosts: { name: string; standing: string; verdict: string; sequence: number; reasons: string[] }[];
          }
        ).hosts;
  }

  async waitForHosts(
    condition: (host: {
      name: string;
      standing: string;
      verdict: string;
      sequence: number;
      reasons: string[];
    }) => boolean,
    what: string,
    // an agent that lost its collector a few times waits up to a minute before it tries again
    timeoutMs = 90_000,
  ): Promise<void> {
    let last = '';
    await waitUntil(
      what,
      async () => {
        const hosts = await this.hostSummaries();
        last = JSON.stringify(hosts, null, 1);
        return hosts.length > 0 && hosts.every(condition);
      },
      { timeoutMs, everyMs: 200, explain: () => `${last}\n${this.words()}` },
    );
  }

  /** What the programs said, for a failing test. */
  words(): string {
    const said = [['collector', this.#collector] as const, ...this.#agents];
    return said.map(([name, daemon]) => `--- ${name}:\n${daemon?.output.slice(-4000) ?? ''}`).join('\n');
  }

  async dispose(): Promise<void> {
    const daemons = [
      ...this.#agents.values(),
      ...this.#finished,
      ...(this.#collector === undefined ? [] : [this.#collector]),
    ];
    await Promise.all(
      daemons.map((daemon) => {
        daemon.signal('SIGCONT');
        return daemon.stop();
      }),
    );
    await this.#network.dispose();
    rmSync(this.directory, { recursive: true, force: true });
  }

  async #found(options: TestClusterOptions): Promise<void> {
    for (const host of this.hosts) this.#makeHost(host);
    const declared = [...this.hosts, ...(options.simulated ?? [])];
    const hosts = declared.flatMap((host) => ['--host', `${host}=worker`]);
    await this.mustSealwatch('init', '--mode', options.mode ?? 'fips', '--name', 'test', ...hosts);
    await this.#adaptClusterFile(options.settings ?? {});
    await this.mustSealwatch('manifest', 'keygen', '--out', 'publisher.key');
    const listed = this.components.flatMap(({ name }) => ['--component', `${name}=${this.#pathOf(name)}`]);
    const root = this.hostRoot(this.hosts[0] ?? '');
    await this.mustSealwatch(
      'manifest',
      'create',
      '--id',
      'test-1',
      '--root',
      root,
      ...listed,
      ...this.#images.flatMap(({ name, archive, reference, command }) => [
        ...['--image', `${name}=oci-archive:${archive}`],
        ...['--reference', `${name}=${reference}`, '--command', `${name}=${command}`],
      ]),
      '--key',
      'publisher.key',
      '--out',
      'manifest.dsse.json',
    );
    await this.mustSealwatch('provision');
    await this.startCollector();
    await this.mustSealwatch('deploy');
    for (const host of this.hosts) await this.enroll(host);
  }

  async enroll(
    host: string,
    bundle: string = join(this.directory, '.sealwatch', 'bundles', `${host}.json`),
  ): Promise<void> {
    const argv = [...this.#agentProgram, 'enroll', '--bundle', bundle, '--state-dir', this.agentState(host)];
    await mustRun(this.#network.within(host, argv), { cwd: this.directory });
  }

  /** Changes cluster.yaml, path -> value, and puts it in force. */
  async redeploy(changes: Readonly<Record<string, unknown>>, ...flags: string[]): Promise<void> {
    this.#changeClusterFile(changes);
    await this.mustSealwatch('deploy', ...flags);
  }

  /** On the host. */
  #pathOf(component: string): string {
    const placed = this.#ownRoot ? this.components.find(({ name }) => name === component)?.path : undefined;
    return placed ?? `/usr/bin/${component}`;
  }

  #makeHost(host: string): void {
    mkdirSync(join(this.directory, 'agents'), { recursive: true });
    if (this.#ownRoot) return;
    const root = this.hostRoot(host);
    mkdirSync(join(root, 'usr', 'bin'), { recursive: true });
    this.#trees.set(host, new RhelTree(8, root));
    for (const { name, path } of this.components) copyFileSync(path, join(root, 'usr', 'bin', name));
  }

  #changeClusterFile(changes: Readonly<Record<string, unknown>>): void {
    const file = join(this.directory, 'cluster.yaml');
    const document = parseDocument(readFileSync(file, 'utf8'));
    for (const [path, value] of Object.entries(changes)) document.setIn(path.split('.'), document.createNode(value));
    writeFileSync(file, document.toString());
  }

  async #adaptClusterFile(settings: Readonly<Record<string, unknown>>): Promise<void> {
    const address = this.#network.address('collector');
    const [attest, enroll] = await freePorts();
    this.#changeClusterFile({
      'collector.address': `${address}:${String(attest)}`,
      'collector.enrollAddress': `${address}:${String(enroll)}`,
      'collector.listen': `${address}:${String(attest)}`,
      'collector.enrollListen': `${address}:${String(enroll)}`,
      'policy.heartbeatInterval': '1s',
      'policy.staleAfter': '3s',
      'policy.scanInterval': '2s',
      // whoever runs the tests may not be allowed to look into everybody's processes
      'policy.severities': { 'process.unseen': 'warn' },
      'policy.evidenceMaxAge': '10s',
      'components.worker': {
        ...Object.fromEntries(this.components.map(({ name }) => [name, 'file'])),
        ...Object.fromEntries(this.#images.map(({ name }) => [name, 'image'])),
      },
      services: [],
      manifests: ['manifest.dsse.json'],
      publisherKeys: ['publisher.pub'],
      ...settings,
    });
  }
}

/** Two different ports nobody listens on. */
async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()];
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.listen(0, '127.0.0.1', () => {
            const address = server.address();
            resolve(typeof address === 'object' && address !== null ? address.port : 0);
          });
        }),
    ),
  );
  for (const server of servers) server.close();
  return [ports[0] ?? 0, ports[1] ?? 0];
}
