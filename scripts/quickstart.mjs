// `npm run quickstart`: the whole way once, on this machine. Installs, builds, makes a FIPS-mode cluster of one host in
// ./quickstart-cluster, signs the real components found here, runs collector and agent, prints the check, and stays up
// until Ctrl-C. With --once it stops by itself after the check.
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
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
const marker = join(folder, '.quickstart');
const cli = join(project, 'collector', 'bin', 'sealwatch.js');
const once = process.argv.includes('--once');
const say = (text = '') => process.stdout.write(`${text}\n`);

const unknown = process.argv.slice(2).filter((argument) => argument !== '--once');
if (unknown.length > 0) {
  const asked = unknown.every((argument) => argument === '--help' || argument === '-h');
  say('Usage: npm run quickstart [-- --once]   (--once: stop after the check, with its exit status)');
  process.exit(asked ? 0 : 2);
}

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
/** Our own collector as a component and as a TLS service. */
const COLLECTOR = 'sealwatch-collector';
/** Where the byte is that is changed in the copy. */
const OFFSET = 4096;

say(
  'DEMONSTRATION POLICY: this cluster looks past host FIPS mode, so that it can run anywhere. Prove nothing with it.',
);
say();

let up;
/** The program that is waited for now. */
let current;
let running = false;
let stopping = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => void stop(running ? 0 : 130));
// whoever read this has left (`| head`): nobody could stop the cluster any more
process.stdout.on('error', () => void stop(1));

try {
  refuseOccupied();
  await prepare();
  const components = findComponents();
  await makeCluster(components);
  await startCluster();
  const verdict = await check();
  if (once) await stop(verdict);
  sayWhatNext(components);
  running = true;
  say('\nThe cluster is running. Ctrl-C stops it.');
} catch (error) {
  // what fails while it is being stopped failed because of that
  if (!stopping) {
    say(`\nquickstart: ${error instanceof Error ? error.message : String(error)}`);
    await stop(1);
  }
}

/** Before anything is done: another quickstart's cluster is not pulled from under it, and no folder of others removed. */
function refuseOccupied() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 11))
    throw new Error(`Node ${process.versions.node} is too old; 20.11 or newer is needed`);
  if (!existsSync(folder)) return;
  if (!existsSync(marker)) throw new Error(`${folder} exists and is not a quickstart of ours; move it away`);
  for (const [, pid] of readFileSync(marker, 'utf8').matchAll(/^process (\d+)$/gm)) {
    if (isOurs(Number(pid)))
      throw new Error(`a quickstart runs already, as process ${pid}; stop it with Ctrl-C there, or with: kill ${pid}`);
  }
}

/** Whether a process of that id lives and is a quickstart or its cluster: ids are used again. */
function isOurs(pid) {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (!existsSync('/proc/self/cmdline')) return true;
  try {
    return /quickstart\.mjs|sealwatch\.js/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  } catch {
    return false;
  }
}

async function prepare() {
  if (!existsSync(join(project, 'node_modules', '.package-lock.json')))
    await step('Installing packages', 'npm', ['ci', '--no-fund', '--no-audit', '--loglevel=error']).catch((error) => {
      throw new Error(
        `${error.message}\nWhat npm said is above. better-sqlite3 comes prebuilt from github.com; where that can't be ` +
          'reached, python3, make and a C++ compiler build it, in a path without spaces.',
      );
    });
  await step('Building', 'npm', ['run', '--silent', 'build']);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'host-copy'), { recursive: true });
  writeFileSync(marker, `made by npm run quickstart, which also removes this folder\nprocess ${process.pid}\n`);
}

async function step(what, command, args) {
  say(`${what} …`);
  const { status } = await run(command, args, { cwd: project, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`${what} failed: ${command} ${args.join(' ')}`);
}

/** Runs a program to its end; Ctrl-C is heard meanwhile. */
async function run(command, args, options) {
  if (stopping) throw new Error('stopped');
  const child = spawn(command, args, options);
  current = child;
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) child[name]?.on('data', (chunk) => (said[name] += chunk.toString()));
  const status = await new Promise((resolve) => {
    child.once('error', (error) => {
      said.stderr += error.message;
      resolve(null);
    });
    child.once('close', resolve);
  });
  current = undefined;
  if (stopping) throw new Error('stopped');
  return { status, ...said };
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
  found.push({ name: COLLECTOR, path: realpathSync(process.execPath) });
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
  await sealwatch('init', '--mode', 'fips', '--name', 'quickstart', '--host', 'localhost=worker');
  await adaptClusterFile(components);
  await sealwatch('manifest', 'keygen', '--out', 'publisher.key');
  const listed = components.flatMap(({ name, path }) => ['--component', `${name}=${escaped(path)}`]);
  await sealwatch(
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

/** As --component wants a path: a comma would begin another one. */
function escaped(path) {
  return path.replace(/[\\,]/g, '\\$&');
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
  // without image and process: those want containerd, and root
  set(['policy', 'require'], ['file', 'service', 'host']);
  set(['policy', 'scanInterval'], '10s');
  set(['policy', 'heartbeatInterval'], '5s');
  set(['components', 'worker'], Object.fromEntries(components.map(({ name }) => [name, 'file'])));
  // the one TLS service every machine has by now: our own collector, which this Node runs
  set(['services'], [{ name: COLLECTOR, address: `127.0.0.1:${attest}`, roles: ['worker'] }]);
  set(['manifests'], ['manifest.dsse.json']);
  set(['publisherKeys'], ['publisher.pub']);
  writeFileSync(file, document.toString());
}

async function startCluster() {
  say('\n$ sealwatch up --mode fips --with-agent --agent-root /');
  if (stopping) throw new Error('stopped');
  up = spawn(process.execPath, [cli, 'up', '--mode', 'fips', '--with-agent', '--agent-root', '/'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl-C reaches this program alone, which stops the cluster in order
    detached: true,
  });
  appendFileSync(marker, `process ${up.pid}\n`);
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
    const { stdout } = await run(process.execPath, [cli, 'hosts', 'list', '--output', 'json'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    if (stdout.includes('"connected"')) return;
  }
  throw new Error(`the agent did not connect within a minute; last words of the cluster:\n${log}`);
}

async function check() {
  say('\n$ sealwatch check fips');
  const stdio = ['ignore', 'inherit', 'inherit'];
  return (await run(process.execPath, [cli, 'check', 'fips'], { cwd: folder, stdio })).status ?? 1;
}

async function sealwatch(...args) {
  say(`$ sealwatch ${args.map(quoted).join(' ')}`);
  const stdio = ['ignore', 'ignore', 'pipe'];
  const { status, stderr } = await run(process.execPath, [cli, ...args], { cwd: folder, stdio });
  if (status !== 0) throw new Error(`sealwatch ${args[0]} failed:\n${stderr}`);
}

/** As a shell takes it. */
function quoted(text) {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function sayWhatNext(components) {
  const copy = components.at(-1).path;
  const file = quoted(relative(realpathSync(folder), copy));
  const lines = [
    ['Where the cluster stands:', 'npx sealwatch status'],
    ['Change a byte in the copy:', `printf ${otherByte(copy)} | dd of=${file} bs=1 seek=${OFFSET} conv=notrunc`],
    ['The check fails, and says why:', 'npx sealwatch check fips; echo $?'],
    ['Mend it:', `cp ${quoted(components[0].path)} ${file}`],
    ['The check passes again:', 'npx sealwatch check fips; echo $?'],
    ['What happened when:', 'npx sealwatch history localhost'],
    ['Changes as they happen:', 'npx sealwatch watch'],
  ];
  say('\nTry next, in another terminal:');
  say(`  cd ${quoted(folder)}`);
  for (const [what, command] of lines) say(`\n  ${what}\n    ${command}`);
}

/** A letter that is not there yet. */
function otherByte(file) {
  const byte = Buffer.alloc(1);
  const descriptor = openSync(file);
  readSync(descriptor, byte, 0, 1, OFFSET);
  closeSync(descriptor);
  return byte.toString('latin1') === 'X' ? 'Y' : 'X';
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
  current?.kill('SIGTERM');
  if (up !== undefined && up.exitCode === null) {
    if (!once) say('\nStopping …');
    up.kill('SIGTERM');
    await Promise.race([
      new Promise((resolve) => up.once('exit', resolve)),
      new Promise((resolve) => setTimeout(resolve, 15_000)),
    ]);
    if (up.exitCode === null && up.signalCode === null) process.kill(-up.pid, 'SIGKILL');
  }
  process.exit(status);
}
