// `npm run quickstart`: the whole way once, on this machine. Installs, builds, makes a FIPS-mode cluster of one host in
// ./quickstart-cluster, signs the real components found here, runs collector and agent, prints the check, and stays up
// until Ctrl-C. With --once it stops by itself after the check.
import { spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(project, 'quickstart-cluster');
const once = process.argv.includes('--once');
const say = (text = '') => process.stdout.write(`${text}\n`);

/** Components of a FIPS-mode host, then what a machine without them has. */
const COMPONENTS = ['kubeadm', 'kubelet', 'containerd', 'runc', 'kubectl', 'etcd'];
const ELSE = ['openssl', 'ssh', 'curl', 'git', 'bash'];
const DIRECTORIES = [
  '/usr/bin',
  '/usr/sbin',
  '/usr/local/bin',
  '/usr/local/sbin',
  '/usr/libexec',
  '/opt/bin',
  '/bin',
  '/sbin',
];

say(
  'DEMONSTRATION POLICY: this cluster looks past host FIPS mode, so that it can run anywhere. Prove nothing with it.',
);
say();

let up;
let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void stop(130));

try {
  prepare();
  const components = findComponents();
  await makeCluster(components);
  await startCluster();
  const verdict = check();
  sayWhatNext(components);
  if (once) await stop(verdict);
  else say('\nThe cluster is running. Ctrl-C stops it.');
} catch (error) {
  say(`\nquickstart: ${error instanceof Error ? error.message : String(error)}`);
  await stop(1);
}

function prepare() {
  if (Number(process.versions.node.split('.')[0]) < 20)
    throw new Error(`Node ${process.versions.node} is too old; 20 or newer is needed`);
  if (!existsSync(join(project, 'node_modules', '.package-lock.json')))
    step('Installing packages', 'npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error']);
  step('Building', 'npm', ['run', '--silent', 'build']);
  if (existsSync(folder) && !existsSync(join(folder, '.quickstart')))
    throw new Error(`${folder} exists and is not a quickstart of ours; move it away`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'host-copy'), { recursive: true });
  writeFileSync(join(folder, '.quickstart'), 'made by npm run quickstart, which also removes this folder\n');
}

function step(what, command, args) {
  say(`${what} …`);
  const { status, error } = spawnSync(command, args, { cwd: project, stdio: ['ignore', 'ignore', 'inherit'] });
  if (error !== undefined || status !== 0) throw new Error(`${what} failed: ${command} ${args.join(' ')}`);
}

/** Real programs of this machine, and one copy of the largest that may be damaged safely. */
function findComponents() {
  const found = COMPONENTS.flatMap((name) => locate(name) ?? []);
  if (found.length === 0) {
    say(
      'None of kubeadm, kubelet, containerd, runc, kubectl, etcd is on this machine: other system binaries and our own program stand in.',
    );
    found.push(...ELSE.flatMap((name) => locate(name) ?? []).slice(0, 3));
    found.push({ name: 'sealwatch-agent', path: realpathSync(join(project, 'agent', 'dist', 'main.js')) });
  }
  const original = found[0];
  const copy = join(realpathSync(folder), 'host-copy', original.name);
  copyFileSync(original.path, copy);
  return [...found, { name: `${original.name}-copy`, path: copy }];
}

function locate(name) {
  for (const directory of DIRECTORIES) {
    const path = join(directory, name);
    if (existsSync(path) && statSync(path).isFile()) return [{ name, path: realpathSync(path) }];
  }
  return undefined;
}

async function makeCluster(components) {
  const host = 'localhost';
  sealwatch('init', '--mode', 'fips', '--name', 'quickstart', '--host', `${host}=worker`);
  await adaptClusterFile(components);
  sealwatch('manifest', 'keygen', '--out', 'publisher.key');
  const listed = components.flatMap(({ name, path }) => ['--component', `${name}=${path}`]);
  sealwatch(
    'manifest',
    'create',
    '--id',
    'quickstart',
    '--valid-for',
    '30d',
    ...listed,
    '--key',
    'publisher.key',
    '--out',
    'manifest.dsse.json',
  );
}

/** What a person would edit in cluster.yaml: the components, quick intervals, free ports, the demonstration policy. */
async function adaptClusterFile(components) {
  const { parseDocument } = await import('yaml');
  const file = join(folder, 'cluster.yaml');
  const document = parseDocument(readFileSync(file, 'utf8'));
  const [attest, enroll] = [await freePort(), await freePort()];
  const set = (path, value) => document.setIn(path, document.createNode(value));
  set(['collector', 'address'], `127.0.0.1:${attest}`);
  set(['collector', 'enrollAddress'], `127.0.0.1:${enroll}`);
  set(['collector', 'listen'], `127.0.0.1:${attest}`);
  set(['collector', 'enrollListen'], `127.0.0.1:${enroll}`);
  set(['policy', 'demonstration'], true);
  set(['policy', 'scanInterval'], '10s');
  set(['policy', 'heartbeatInterval'], '5s');
  set(['components', 'worker'], Object.fromEntries(components.map(({ name }) => [name, 'file'])));
  set(['services'], []);
  set(['manifests'], ['manifest.dsse.json']);
  set(['publisherKeys'], ['publisher.pub']);
  writeFileSync(file, document.toString());
}

async function startCluster() {
  say('\n$ sealwatch up --mode fips --with-agent --agent-root /');
  up = spawn(
    process.execPath,
    [join(project, 'collector', 'bin', 'sealwatch.js'), 'up', '--mode', 'fips', '--with-agent', '--agent-root', '/'],
    {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    },
  );
  let log = '';
  const keep = (chunk) => (log = (log + chunk.toString()).slice(-8000));
  up.stdout.on('data', keep);
  up.stderr.on('data', keep);
  up.on('exit', (code) => {
    if (stopping) return;
    say(`\nThe cluster stopped by itself (exit ${code}). Its last words:\n${log}`);
    process.exit(1);
  });
  for (let waited = 0; waited < 60_000; waited += 250) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    const { stdout } = spawnSync(
      process.execPath,
      [join(project, 'collector', 'bin', 'sealwatch.js'), 'hosts', 'list', '--output', 'json'],
      { cwd: folder },
    );
    if (stdout.includes('"connected"')) return;
  }
  throw new Error(`the agent did not connect within a minute; last words of the cluster:\n${log}`);
}

function check() {
  say('\n$ sealwatch check fips');
  return (
    spawnSync(process.execPath, [join(project, 'collector', 'bin', 'sealwatch.js'), 'check', 'fips'], {
      cwd: folder,
      stdio: ['ignore', 'inherit', 'inherit'],
    }).status ?? 1
  );
}

function sealwatch(...args) {
  say(`$ sealwatch ${args.join(' ')}`);
  const { status, stderr } = spawnSync(process.execPath, [join(project, 'collector', 'bin', 'sealwatch.js'), ...args], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (status !== 0) throw new Error(`sealwatch ${args[0]} failed:\n${stderr}`);
}

function sayWhatNext(components) {
  const copy = components.at(-1).path;
  say('\nTry next, in another terminal:');
  say(`  cd ${relative(process.cwd(), folder) || '.'}`);
  say('  npx sealwatch status                      where the cluster stands');
  say(`  printf X | dd of=${relative(folder, copy)} bs=1 seek=4096 conv=notrunc   flip a byte in the copy`);
  say('  npx sealwatch check fips; echo $?         fails, and says why');
  say(`  cp ${components[0].path} ${relative(folder, copy)}   mend it`);
  say('  npx sealwatch check fips; echo $?         passes again');
  say('  npx sealwatch history localhost           what happened when');
  say('  npx sealwatch watch                       changes as they happen');
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function stop(status) {
  if (stopping) return;
  stopping = true;
  if (up !== undefined && up.exitCode === null) {
    if (!once) say('\nStopping …');
    up.kill('SIGTERM');
    await Promise.race([
      new Promise((resolve) => up.once('exit', resolve)),
      new Promise((resolve) => setTimeout(resolve, 15_000)),
    ]);
    if (up.exitCode === null && up.signalCode === null) process.kill(-up.pid, 'SIGKILL');
  }
  process.exit(status === 130 && !once ? 0 : status);
}
