import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Daemon } from '../fakes/daemon.js';
import { type Finished, mustRun, runCommand } from '../fakes/run-command.js';
import { waitUntil } from '../fakes/wait-until.js';
import { RhelTree } from '../fakes/rhel-tree.js';

const SEALWATCH = [process.execPath, join(import.meta.dirname, '../../collector/bin/sealwatch.js')];

let cwd: string;
let up: Daemon | undefined;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'sealwatch-up-'));
});
afterEach(async () => {
  await up?.stop(20_000);
  up = undefined;
  rmSync(cwd, { recursive: true, force: true });
});

const sealwatch = (...args: string[]): Promise<Finished> => runCommand([...SEALWATCH, ...args], { cwd });
const must = (...args: string[]): Promise<Finished> => mustRun([...SEALWATCH, ...args], { cwd });

/** A host's tree, a publisher, a cluster.yaml that lists what is there, on ports of its own. */
async function found(): Promise<void> {
  mkdirSync(join(cwd, 'root/usr/bin'), { recursive: true });
  new RhelTree(8, join(cwd, 'root'));
  for (const name of ['kubelet', 'runc']) copyFileSync('/bin/true', join(cwd, 'root/usr/bin', name));
  await must('init', '--mode', 'fips', '--host', 'h1=worker', '--host', 'h2=worker');
  await must('manifest', 'keygen', '--out', 'publisher.key');
  await manifest('m1');
  await manifest('m2');
  const [port, enrollPort] = await freePorts();
  edit(
    [/"[^"]*:7443"/g, `"127.0.0.1:${String(port)}"`],
    [/"[^"]*:7444"/g, `"127.0.0.1:${String(enrollPort)}"`],
    [/^ {2}worker:\n(?: {4}.*\n)+/m, '  worker: {kubelet: file, runc: file}\n'],
    // whoever runs the tests may not be allowed to look into everybody's processes
    [/^ {2}severities: \{\}/m, '  severities: {process.unseen: warn}'],
    [/^publisherKeys: \[\]/m, 'publisherKeys: [publisher.pub]'],
    [/^manifests: \[\]/m, 'manifests: [m1.json]'],
  );
}

async function manifest(id: string): Promise<void> {
  const components = ['kubelet', 'runc'].flatMap((name) => ['--component', `${name}=/usr/bin/${name}`]);
  const out = ['--key', 'publisher.key', '--out', `${id}.json`];
  await must('manifest', 'create', '--id', id, '--root', join(cwd, 'root'), ...components, ...out);
}

function edit(...changes: [RegExp | string, string][]): void {
  const file = join(cwd, 'cluster.yaml');
  let text = readFileSync(file, 'utf8');
  for (const [from, to] of changes) {
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`nothing to change: ${String(from)}`);
    text = changed;
  }
  writeFileSync(file, text);
}

async function freePorts(): Promise<number[]> {
  const servers = [createServer(), createServer()];
  const ports = servers.map(
    (server) =>
      new Promise<number>((resolve) => {
        server.listen(0, '127.0.0.1', () => {
          resolve((server.address() as { port: number }).port);
        });
      }),
  );
  const found = await Promise.all(ports);
  for (const server of servers) server.close();
  return found;
}

async function comeUp(...args: string[]): Promise<Daemon> {
  const daemon = new Daemon([...SEALWATCH, 'up', ...args], { cwd });
  up = daemon;
  await waitUntil('the cluster is up', () => daemon.output.includes('The collector answers at') || !daemon.running, {
    timeoutMs: 40_000,
    explain: () => daemon.output,
  });
  if (!daemon.running) throw new Error(`up ended\n${daemon.output}`);
  return daemon;
}

/** Processes that were started for this cluster's state directories. */
function programs(): { pid: number; name: string }[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      const ours = argv.some((argument) => argument.startsWith(join(cwd, '.sealwatch')));
      return ours ? [{ pid: Number(pid), name: argv.includes('serve') ? 'collector' : 'agent' }] : [];
    } catch {
      return [];
    }
  });
}

describe('up', () => {
  beforeEach(found);

  it('makes, deploys and runs all of it; stops all of it; and starts again where it was', async () => {
    const first = await comeUp('--mode', 'fips', '--with-agent', 'h1', '--agent-root', 'root');
    expect(first.output).toMatch(/Release 1 is in force[^]*\+ host h1: worker[^]*\+ manifest m1/);
    await waitUntil('h1 has passed', async () => (await sealwatch('hosts', 'show', 'h1')).stdout.includes('compliant'));
    const check = await sealwatch('check', 'fips', '--host', 'h1');
    expect(check.stdout).toMatch(/\/usr\/bin\/kubelet \[file\] Signature Validated +\[OK\]/);
    expect(
      programs()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['agent', 'collector']);
    expect(await first.stop(20_000)).toBe(0);
    expect(programs()).toEqual([]);

    const again = await comeUp('--with-agent', 'h1', '--agent-root', 'root');
    expect(again.output).toMatch(/Everything is there already[^]*Release 1 is in force and says the same/);
    expect(again.output).not.toMatch(/Enrolled as/);
    expect(readdirSync(join(cwd, '.sealwatch/releases'))).toEqual(['00001.dsse.json']);
  });

  it.each(['collector', 'agent'])('ends with exit 1 and stops the rest when its %s dies', async (name) => {
    const daemon = await comeUp('--with-agent', 'h1', '--agent-root', 'root');
    const running = await waitUntil('both run', () => (programs().length === 2 ? programs() : undefined));
    process.kill(running.find((program) => program.name === name)!.pid, 'SIGKILL');
    expect(await daemon.exited()).toBe(1);
    expect(daemon.output).toMatch(new RegExp(`sealwatch: sealwatch-${name} was ended by SIGKILL`));
    expect(programs()).toEqual([]);
  });

  it('ends at once when another one runs here, and leaves that alone', async () => {
    await comeUp();
    const started = performance.now();
    const second = await sealwatch('up');
    expect(second.status).toBe(1);
    expect(second.stderr).toMatch(/in use by another[^]*sealwatch: sealwatch-collector ended with exit status 1/);
    expect(performance.now() - started).toBeLessThan(15_000);
    expect(programs()).toHaveLength(1);
  });

  it('refuses an agent for a machine that is no host before it makes anything', async () => {
    const { status, stderr } = await sealwatch('up', '--with-agent', 'h9');
    expect(status).toBe(2);
    expect(stderr).toMatch(/h9 is no host of cluster\.yaml \(declared: h1, h2\)/);
    expect(readdirSync(cwd)).not.toContain('.sealwatch');
  });
});

describe('deploy', () => {
  beforeEach(async () => {
    await found();
    await comeUp();
  });

  const releases = (): string[] => readdirSync(join(cwd, '.sealwatch/releases'));

  it('signs the next release, says what changed, and keeps a copy', async () => {
    edit(['m1.json', 'm2.json'], [/ {2}- name: "h2"\n {4}role: worker\n/, '']);
    const dry = await must('deploy', '--dry-run', '--window', '4h');
    expect(dry.stdout).toMatch(/Release 2 would be signed/);
    expect(releases()).toEqual(['00001.dsse.json']);
    const { stdout } = await must('deploy', '--window', '4h');
    expect(stdout).toMatch(
      /Release 2 is in force\n {2}- host h2: worker\n {2}\+ manifest m2: from .*\n {2}~ manifest m1: .* until/,
    );
    expect(releases()).toEqual(['00001.dsse.json', '00002.dsse.json']);
    const payload = (
      JSON.parse(readFileSync(join(cwd, '.sealwatch/releases/00002.dsse.json'), 'utf8')) as { payload: string }
    ).payload;
    const release = JSON.parse(Buffer.from(payload, 'base64').toString()) as Record<string, unknown[]>;
    expect(release['removedHosts']).toEqual([expect.objectContaining({ name: 'h2' })]);
    expect(release['manifests']).toHaveLength(2);
    expect((await must('deploy')).stdout).toMatch(/Release 2 is in force and says the same/);
    expect((await must('deploy', '--window', '0s')).stdout).toMatch(/Release 3 is in force\n {2}- manifest m1/);
  });

  it('refuses what would make every host fail, unless told to', async () => {
    edit(['runc: file}', 'runc: file, kubeadm: file}']);
    const { status, stderr } = await sealwatch('deploy');
    expect(status).toBe(2);
    expect(stderr).toMatch(/kubeadm, required on worker hosts[^]*--allow-unlisted/);
    expect(releases()).toEqual(['00001.dsse.json']);
    const { stdout } = await must('deploy', '--allow-unlisted', '--output', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'sealwatch/deploy/v1',
      outcome: 'deployed',
      version: 2,
      unlisted: [{ role: 'worker', component: 'kubeadm' }],
    });
  });

  it('counts on after a collector that knows more than the local copies', async () => {
    rmSync(join(cwd, '.sealwatch/releases/00001.dsse.json'));
    edit(['scanInterval: 15m', 'scanInterval: 10m']);
    expect((await must('deploy')).stdout).toMatch(/Release 2 is in force\n {2}~ policy scanInterval: 15m -> 10m/);
  });

  it('exits 3 when the collector can not be reached, and signs nothing', async () => {
    await up?.stop(20_000);
    edit(['scanInterval: 15m', 'scanInterval: 10m']);
    const { status, stderr } = await sealwatch('deploy');
    expect(status).toBe(3);
    expect(stderr).toMatch(/no answer from the collector/);
    expect(releases()).toEqual(['00001.dsse.json']);
  });
});
