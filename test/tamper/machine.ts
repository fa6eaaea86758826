import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { agentBundle } from '../fakes/agent-bundle.js';
import type { Daemon } from '../fakes/daemon.js';
import { EtcdServer } from '../fakes/etcd-server.js';
import { GoBinaries } from '../fakes/go-binaries.js';
import { COMPONENT, ImageWorld, PROGRAM, REPOSITORY } from '../fakes/image-world.js';
import { mustRun } from '../fakes/run-command.js';
import { TestCluster } from '../fakes/test-cluster.js';
import { TlsIdentities } from '../fakes/tls-identities.js';
import { VictimPrograms } from '../fakes/victim-programs.js';
import { buildMapWrite } from './map-write.js';
import { PostureRecord } from './posture-record.js';
import { requireOwnMachine } from './require-own-machine.js';
import type { Place } from './row.js';

export const IMAGE: string = `${REPOSITORY}:v1`;
/** A directory of system libraries; the machine's own is hidden while this runs. */
export const LIBRARIES = '/usr/local/lib';
export const PODS = '/etc/kubernetes/manifests';

/** As `tool`, for acts that are done often: of what changes all the time an agent tells only every ten seconds. */
const SPARE_PLACES = {
  'spare-1': 'opt/spare-1/bin/spare-1',
  'spare-2': 'opt/spare-2/bin/spare-2',
  'spare-3': 'opt/spare-3/bin/spare-3',
  'spare-4': 'opt/spare-4/bin/spare-4',
  'spare-5': 'opt/spare-5/bin/spare-5',
} as const;
export const SPARES: readonly (keyof typeof SPARE_PLACES)[] = ['spare-1', 'spare-2', 'spare-3', 'spare-4', 'spare-5'];

/** Components of kind file and where they are below the machine's directory. */
const PLACES = {
  /** No process runs it. */
  tool: 'opt/tool/bin/tool',
  ...SPARE_PLACES,
  server: 'bin/server',
  dynamic: 'bin/dynamic',
  etcd: 'bin/etcd',
  /** With a real BoringCrypto module. */
  kubelet: 'bin/kubelet',
  /** Signed, and built without the module that it claims. Not there at first. */
  'kube-proxy': 'bin/kube-proxy',
  'sealwatch-agent': 'lib/sealwatch/node',
  'sealwatch-agent-program': 'lib/sealwatch/sealwatch-agent.cjs',
} as const;

export type FileName = keyof typeof PLACES;

/**
 * The machine the tests run on as a host of a cluster, measured from its own root by the packaged agent: real
 * components, processes, mounts and a real containerd. Only for a machine of its own: scripts/own-machine.sh.
 */
export class Machine implements Place {
  readonly host = 'machine';
  readonly directory: string = mkdtempSync(join(tmpdir(), 'sealwatch-machine-'));
  readonly victims: VictimPrograms = new VictimPrograms();
  readonly #programs = new GoBinaries();
  readonly #disposals: (() => Promise<unknown> | undefined)[] = [];
  #cluster: TestCluster | undefined;
  #images: ImageWorld | undefined;
  #record: PostureRecord | undefined;
  #etcd: EtcdServer | undefined;
  #etcdAuthority: string | undefined;
  #server: Daemon | undefined;
  readonly #others: Daemon[] = [];
  #execs = 0;
  readonly #otherContainers: { id: string; pid: number }[] = [];
  #container: { id: string; pid: number } | undefined;

  static async start(scanInterval: string): Promise<Machine> {
    requireOwnMachine();
    const machine = new Machine();
    try {
      await machine.#start(scanInterval);
      return machine;
    } catch (error) {
      await machine.dispose();
      throw error;
    }
  }

  get cluster(): TestCluster {
    return there(this.#cluster);
  }

  get images(): ImageWorld {
    return there(this.#images);
  }

  get record(): PostureRecord {
    return there(this.#record);
  }

  /** The process of the component of that name. */
  get server(): Daemon {
    return there(this.#server);
  }

  /** The container of the component that is an image. */
  get container(): { id: string; pid: number } {
    return there(this.#container);
  }

  /** Runs etcdctl against the component. */
  async etcdctl(...args: readonly string[]): Promise<void> {
    const endpoint = `https://127.0.0.1:${String(there(this.#etcd).clientPort)}`;
    await mustRun(['etcdctl', '--endpoints', endpoint, '--cacert', there(this.#etcdAuthority), ...args], {
      env: { ...process.env, ETCDCTL_API: '3' },
    });
  }

  /** Where a component is. */
  path(name: FileName): string {
    return this.at(PLACES[name]);
  }

  at(path: string): string {
    return join(this.directory, path);
  }

  /** `file:server:/…`: as findings name it. */
  subject(name: FileName): string {
    return `file:${name}:${this.path(name)}`;
  }

  /** A copy of the component as it was signed, elsewhere. */
  signed(name: FileName): string {
    return this.at(`signed/${name}`);
  }

  /** Puts a file in a component's place as package managers do: beside it, then over it. */
  replace(name: FileName, by: string | Buffer): void {
    const fresh = `${this.path(name)};fresh`;
    if (typeof by === 'string') copyFileSync(by, fresh);
    else writeFileSync(fresh, by);
    chmodSync(fresh, 0o755);
    renameSync(fresh, this.path(name));
  }

  /** The component with more at its end: another file that runs as before. */
  altered(name: FileName): Buffer {
    return Buffer.concat([readFileSync(this.signed(name)), Buffer.from('more')]);
  }

  restore(name: FileName): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    this.replace(name, this.signed(name));
  }

  /** Ends the component's process and starts another, from what is at its path. */
  async restartServer(env: NodeJS.ProcessEnv = {}, ...args: readonly string[]): Promise<void> {
    await this.#server?.kill();
    this.#server = await this.victims.start([this.path('server'), ...args], env);
  }

  async restartContainer(command: readonly string[] = [PROGRAM], image: string = IMAGE): Promise<void> {
    if (this.#container !== undefined) await this.images.end(this.#container);
    this.#container = undefined;
    this.#container = await this.images.run(image, { command });
  }

  /** As a probe or somebody with a shell does. Does not wait for its end. */
  async execInContainer(argv: readonly string[]): Promise<void> {
    const id = `exec-${String(this.#execs++)}`;
    await this.images.daemon.ctr('tasks', 'exec', '--detach', '--exec-id', id, this.container.id, ...argv);
  }

  /** A further process of a component, until `endOthers`. */
  async startOther(argv: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
    this.#others.push(await this.victims.start(argv, env));
  }

  /** A further container of the component that is an image. */
  async runOther(image: string): Promise<void> {
    this.#otherContainers.push(await this.images.run(image, { name: 'other' }));
  }

  async endOthers(): Promise<void> {
    for (const daemon of this.#others.splice(0)) await daemon.kill();
    for (const container of this.#otherContainers.splice(0)) await this.images.end(container);
  }

  async dispose(): Promise<void> {
    for (const dispose of this.#disposals.splice(0).reverse()) await dispose();
    rmSync(this.directory, { recursive: true, force: true });
  }

  async #start(scanInterval: string): Promise<void> {
    await this.#hide(LIBRARIES);
    await this.#hide('/etc/kubernetes');
    mkdirSync(PODS);
    this.#disposals.push(() => this.victims.dispose());
    await this.victims.build();
    await buildMapWrite(this.victims.at('map-write'));
    await this.#install();
    const images = await ImageWorld.start('overlayfs');
    this.#images = images;
    this.#disposals.push(() => images.dispose());
    await images.import('v1');
    await images.import('evil');
    await this.restartContainer();
    await this.restartServer();
    await this.#startEtcd();
    await this.#found(scanInterval);
  }

  async #install(): Promise<void> {
    const programs = this.#programs;
    this.#disposals.push(() => {
      programs.dispose();
      return undefined;
    });
    for (const build of ['boring', 'liar'] as const) await programs.build(build);
    const sources: Record<FileName, string> = {
      tool: '/usr/bin/openssl',
      ...(Object.fromEntries(SPARES.map((name) => [name, '/usr/bin/openssl'])) as Record<
        (typeof SPARES)[number],
        string
      >),
      server: this.victims.at('static'),
      dynamic: this.victims.at('victim'),
      etcd: '/usr/bin/etcd',
      kubelet: programs.path('boring'),
      'kube-proxy': programs.path('liar'),
      'sealwatch-agent': process.execPath,
      'sealwatch-agent-program': await agentBundle(this.at('bundle')),
    };
    mkdirSync(this.at('signed'));
    for (const [name, source] of Object.entries(sources) as [FileName, string][]) {
      copyFileSync(source, this.signed(name));
      this.restore(name);
    }
    copyFileSync(this.victims.at('one.so'), join(LIBRARIES, 'libtamper.so'));
  }

  async #startEtcd(): Promise<void> {
    const identities = await TlsIdentities.create(['rsa2048']);
    const etcd = await EtcdServer.start(
      {
        certificate: identities.certificate('rsa2048'),
        key: identities.key('rsa2048'),
        authority: identities.certificate('ca'),
      },
      { program: this.path('etcd') },
    );
    this.#etcd = etcd;
    this.#etcdAuthority = identities.certificate('ca');
    this.#disposals.push(async () => {
      await etcd.stop();
      identities.dispose();
    });
  }

  async #found(scanInterval: string): Promise<void> {
    const { archive } = this.images.image('v1');
    const names = Object.keys(PLACES) as FileName[];
    const required = names.filter((name) => name !== 'kube-proxy');
    const cluster = await TestCluster.create({
      hosts: [this.host],
      ownRoot: true,
      components: names.map((name) => ({ name, path: this.path(name) })),
      images: [{ name: COMPONENT, archive: archive.file, reference: IMAGE, command: PROGRAM }],
      agentProgram: [this.path('sealwatch-agent'), this.path('sealwatch-agent-program')],
      agentFlags: ['--containerd-socket', this.images.daemon.socket],
      settings: {
        // this kernel has no FIPS mode; everything else counts
        'policy.demonstration': true,
        'policy.require': ['file', 'image', 'process', 'module', 'host'],
        'policy.heartbeatInterval': '2s',
        'policy.staleAfter': '30s',
        'policy.scanInterval': scanInterval,
        'policy.evidenceMaxAge': '3h',
        'components.worker': { ...Object.fromEntries(required.map((name) => [name, 'file'])), [COMPONENT]: 'image' },
      },
    });
    this.#cluster = cluster;
    this.#disposals.push(() => cluster.dispose());
    rmSync(this.path('kube-proxy'));
    await cluster.startAgents();
    const record = await PostureRecord.open(cluster.directory);
    this.#record = record;
    this.#disposals.push(() => record.close());
  }

  /** Shows an empty directory in a path's place, to this machine alone. */
  async #hide(path: string): Promise<void> {
    const made = !existsSync(path);
    mkdirSync(path, { recursive: true });
    await mustRun(['mount', '-t', 'tmpfs', basename(path), path]);
    this.#disposals.push(async () => {
      await mustRun(['umount', '-l', path]);
      if (made) rmdirSync(path);
    });
  }
}

function there<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the machine has not started');
  return value;
}
