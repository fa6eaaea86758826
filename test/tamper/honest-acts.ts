import { spawn } from 'node:child_process';
import { copyFileSync, linkSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { COMPONENT, PROGRAM, REPOSITORY } from '../fakes/image-world.js';
import { mustRun } from '../fakes/run-command.js';
import { type FileName, IMAGE, LIBRARIES, type Machine } from './machine.js';

/** Something people do every week. */
export interface HonestAct {
  readonly act: string;
  readonly commit: (machine: Machine) => Promise<void> | void;
  /** A warning that has to be seen meanwhile: finding code, space, subject. */
  readonly warns?: string;
  /** The one reason for which the verdict may be unknown meanwhile. */
  readonly unknownBy?: string;
  /** Puts things back where the next act expects them. */
  readonly after?: (machine: Machine) => Promise<void> | void;
}

export const HONEST_ACTS: readonly HonestAct[] = [
  {
    act: 'an update of a system library that runs',
    commit: async (machine) => {
      const { victims } = machine;
      const library = join(LIBRARIES, 'libtamper.so');
      copyFileSync(victims.at('one.so'), library);
      await machine.startOther([machine.path('dynamic'), 'map', library]);
      await machine.cluster.check();
      copyFileSync(victims.at('two.so'), `${library};fresh`);
      renameSync(`${library};fresh`, library);
    },
    warns: 'process.library-stale process:dynamic',
    after: (machine) => machine.endOthers(),
  },
  {
    act: 'defragmentation of etcd',
    commit: async (machine) => {
      for (let i = 0; i < 10; i++) await machine.etcdctl('put', 'key', 'x'.repeat(10_000));
      await machine.etcdctl('compact', '9');
      await machine.etcdctl('defrag');
    },
  },
  {
    act: 'image garbage collection',
    commit: async ({ images }) => {
      await images.import('v2');
      await images.unname(`${REPOSITORY}:v2`);
      await images.daemon.ctr('content', 'prune', 'references');
    },
  },
  {
    act: 'an image imported again from another archive format',
    commit: async (machine) => {
      const { images } = machine;
      const archive = machine.at('docker.tar');
      const { file } = images.image('v1').archive;
      await mustRun([
        'skopeo',
        'copy',
        '--insecure-policy',
        `oci-archive:${file}`,
        `docker-archive:${archive}:${IMAGE}`,
      ]);
      await images.daemon.ctr('images', 'import', archive);
    },
  },
  {
    act: 'log rotation beside components',
    commit: async (machine) => {
      for (let i = 0; i < 5; i++) {
        for (const name of ['tool', 'server', 'sealwatch-agent'] as const) {
          const log = join(dirname(machine.path(name)), `${name}.log`);
          writeFileSync(log, `line ${String(i)}\n`.repeat(1000));
          renameSync(log, `${log}.1`);
          await mustRun(['gzip', '-f', `${log}.1`]);
        }
        await sleep(200);
      }
    },
  },
  {
    act: 'ten restarts of a process and five of a container',
    commit: async (machine) => {
      for (let i = 0; i < 10; i++) {
        await machine.restartServer();
        if (i % 2 === 0) await machine.restartContainer();
        await sleep(300);
      }
    },
  },
  {
    act: 'commands that probes run in a container',
    commit: async (machine) => {
      for (let i = 0; i < 10; i++) {
        await machine.execInContainer(['/bin/busybox', 'sleep', '0.7']);
        await sleep(400);
      }
    },
  },
  {
    act: 'a restart of containerd',
    commit: async ({ images }) => {
      await images.daemon.kill();
      await images.daemon.launch();
    },
  },
  {
    act: 'a busy host: both processors and memory',
    commit: async () => {
      const load =
        'let a = []; setInterval(() => { for (let i = 0; i < 1e7; i++); if (a.length < 300) a.push(Buffer.alloc(2 ** 20, 1)); })';
      const busy = [1, 2, 3].map(() => spawn(process.execPath, ['-e', load], { stdio: 'ignore' }));
      await sleep(10_000);
      for (const child of busy) child.kill('SIGKILL');
    },
  },
  {
    act: 'a program that compiles code while it runs, beside',
    commit: async (machine) => {
      const loop =
        "let s = 0; setInterval(() => { for (let i = 0; i < 1e6; i++) s += Math.sqrt(i); }, 50); console.log('ready')";
      await machine.startOther([process.execPath, '-e', loop]);
      await machine.cluster.check();
    },
    after: (machine) => machine.endOthers(),
  },
  {
    act: 'a Java program beside',
    commit: async (machine) => {
      // the registry that comes with every Java runtime: it compiles itself as it starts, and waits
      await machine.startOther(['sh', '-c', 'echo ready; exec rmiregistry -J-Xcomp 0']);
      await sleep(1500);
      await machine.cluster.check();
    },
    after: (machine) => machine.endOthers(),
  },
  {
    act: 'a restart of the agent',
    commit: async ({ cluster, host }) => {
      await cluster.agent(host).stop();
      cluster.startAgent(host);
    },
  },
  {
    act: 'a restart of the collector',
    commit: async ({ cluster }) => {
      await cluster.collector.stop();
      await cluster.startCollector();
    },
    // who has just started has heard nobody yet
    unknownBy: 'host.silent host',
  },
  {
    act: 'an upgrade of components and a static pod in a change window',
    commit: upgrade,
    warns: 'process.running-stale process:server',
  },
];

const UPGRADED: readonly FileName[] = ['server', 'kubelet', 'sealwatch-agent-program'];

/** The publisher signs the next versions, the operator opens a window, and the host follows in its own time. */
async function upgrade(machine: Machine): Promise<void> {
  const { cluster, images } = machine;
  const next = machine.at('next');
  for (const { name, path } of cluster.components as readonly { name: FileName; path: string }[]) {
    const staged = join(next, path);
    mkdirSync(dirname(staged), { recursive: true });
    if (UPGRADED.includes(name)) writeFileSync(staged, machine.altered(name), { mode: 0o755 });
    else linkSync(machine.signed(name), staged);
  }
  const { archive } = images.image('v2');
  const reference = `${REPOSITORY}:v2`;
  await cluster.mustSealwatch(
    ...['manifest', 'create', '--id', 'test-2', '--root', next],
    ...cluster.components.flatMap(({ name, path }) => ['--component', `${name}=${path}`]),
    ...['--image', `${COMPONENT}=oci-archive:${archive.file}`],
    ...['--reference', `${COMPONENT}=${reference}`, '--command', `${COMPONENT}=${PROGRAM}`],
    ...['--key', 'publisher.key', '--out', 'next.dsse.json'],
  );
  await cluster.redeploy({ manifests: ['next.dsse.json'] }, '--window', '1h');
  for (const name of UPGRADED) machine.replace(name, join(next, machine.path(name)));
  await machine.cluster.check();
  await machine.restartServer();
  await images.import('v2');
  await machine.restartContainer([PROGRAM], reference);
}
