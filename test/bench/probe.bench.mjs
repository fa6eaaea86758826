/**
 * One TLS endpoint, every suite in every version: ours inside a resident process and as a new one, beside sslscan, nmap
 * and testssl, in turn, against the same server. A proxy counts the connections of each (in a run of its own, untimed).
 * What counts are the ratios: to everything we ask (suites, versions, preference, groups, signature schemes, certificates,
 * traits), and to the question the peers answer (suites, versions, preference). The last line of each is a greeting, what
 * is asked every minute. After a build:
 *   node test/bench/probe.bench.mjs
 * RUNS=5 and TESTSSL=0 (it takes a minute) change it. Peers that are not installed are left out by name.
 */
import { execFile, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completeHandshake } from '@sealwatch/shared/probe/complete-handshake.js';
import { dialTcp } from '@sealwatch/shared/probe/dial-tcp.js';
import { greet } from '@sealwatch/shared/probe/greet.js';
import { DEFAULT_PROBE_LIMITS, Interview } from '@sealwatch/shared/probe/interview.js';
import { askVersions, versionsOf } from '@sealwatch/shared/probe/learn-versions.js';
import { probeTls } from '@sealwatch/shared/probe/probe-tls.js';

const RUNS = Number(process.env.RUNS ?? 5);
const AGENT = join(import.meta.dirname, '../../agent/bin/sealwatch-agent.js');
const work = mkdtempSync(join(tmpdir(), 'sealwatch-probe-bench-'));
const file = (name) => join(work, name);

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const say = (what, value) => console.log(`${what.padEnd(44)} ${value}`);

function makeIdentity() {
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
    ...['-keyout', file('key.pem'), '-out', file('cert.pem')],
  ]);
  if (made.status !== 0) throw new Error(String(made.stderr));
}

/** As Node serves by default, but without Nagle's delay: the 40 ms it costs whoever finishes a handshake are no merit of ours. */
const NODE_SERVER = `
  const { readFileSync } = require('node:fs');
  const own = { cert: readFileSync('cert.pem'), key: readFileSync('key.pem'), noDelay: true };
  const server = require('node:tls').createServer(own, (socket) => socket.on('error', () => {}).end());
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1', () => console.log('ACCEPT 127.0.0.1:' + server.address().port));
`;

/** A real server in a process of its own; its port. */
function startServer(args) {
  const own = ['-cert', 'cert.pem', '-key', 'key.pem'];
  const child =
    args === null
      ? spawn(process.execPath, ['-e', NODE_SERVER], { cwd: work })
      : spawn('openssl', ['s_server', '-accept', '127.0.0.1:0', ...own, ...args], { cwd: work });
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (text) => {
      said = (said + String(text)).slice(-1000);
      const port = /^ACCEPT 127\.0\.0\.1:(\d+)$/m.exec(said)?.[1];
      if (port !== undefined) resolve({ port: Number(port), child });
    });
    child.stderr.resume();
    child.once('exit', () => reject(new Error('the server ended')));
  });
}

/** Counts the connections to a port. */
function startCounter(port) {
  const counter = { connections: 0, port: 0, close: () => server.close() };
  const server = createServer((socket) => {
    counter.connections += 1;
    const upstream = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [socket, upstream],
      [upstream, socket],
    ]) {
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
      one.pipe(other);
    }
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      counter.port = server.address().port;
      resolve(counter);
    });
  });
}

/** No groups, schemes, traits or certificate: what the peers' figures for suites alone are to be held against. */
async function suitesAlone(port) {
  const interview = new Interview({
    dial: dialTcp({ host: '127.0.0.1', port }),
    limits: DEFAULT_PROBE_LIMITS,
    serverName: undefined,
    monotonic: () => performance.now(),
  });
  const versions = versionsOf(await Promise.all(await askVersions(interview)));
  return versions.state === 'served' ? versions.accepted.flatMap(({ suites }) => suites).length : 0;
}

const asking = (endpoint) => ({
  dial: dialTcp(endpoint),
  handshake: completeHandshake(endpoint),
  certificates: { name: null, authorities: [], at: Date.now() },
  authorities: [],
  serverName: undefined,
  monotonic: () => performance.now(),
});

async function resident(port) {
  const { observation } = await probeTls(asking({ host: '127.0.0.1', port }));
  last = observation;
  return observation.state === 'served' ? observation.versions.flatMap(({ suites }) => suites).length : 0;
}

/** What `greeting` compares with. */
let last = null;

async function greeting(port) {
  const { greeting } = await greet({ ...asking({ host: '127.0.0.1', port }), observation: last });
  return greeting.state === 'answered' ? 1 : 0;
}

const program = (command, args, count) => (port) =>
  new Promise((resolve) => {
    execFile(command, args(String(port)), { cwd: work, maxBuffer: 1 << 26 }, (_error, stdout) =>
      resolve(count(stdout)),
    );
  });

const matches = (pattern) => (text) => [...text.matchAll(pattern)].length;
const TESTSSL = ['-E', '--quiet', '--color', '0', '--warnings', 'off'];

const SSLSCAN_SUITES = matches(/^(?:Preferred|Accepted) /gm);
/** Ours always finds groups, signature schemes, traits and the certificate as well. */
const SUITES_ALONE = 'groups heartbleed fallback renegotiation compression check-certificate cipher-details'
  .split(' ')
  .map((what) => `--no-${what}`);

const PROBERS = [
  ['ours, resident', RUNS, resident],
  ['ours, resident, suites alone', RUNS, suitesAlone],
  [
    'ours, new process',
    RUNS,
    program(
      process.execPath,
      (port) => [AGENT, 'probe', `127.0.0.1:${port}`, '--output', 'json'],
      (stdout) => JSON.parse(stdout).observation.versions.flatMap(({ suites }) => suites).length,
    ),
  ],
  ['sslscan', RUNS, program('sslscan', (port) => ['--no-colour', `127.0.0.1:${port}`], SSLSCAN_SUITES)],
  [
    'sslscan, suites alone',
    RUNS,
    program('sslscan', (port) => ['--no-colour', ...SUITES_ALONE, `127.0.0.1:${port}`], SSLSCAN_SUITES),
  ],
  [
    'nmap ssl-enum-ciphers',
    Math.min(RUNS, 3),
    program(
      'nmap',
      (port) => ['-Pn', '-n', '-p', port, '--script', '+ssl-enum-ciphers', '127.0.0.1'],
      matches(/^\| +TLS_/gm),
    ),
  ],
  ['ours, one greeting', RUNS, greeting],
  ['testssl -E', 1, program('testssl', (port) => [...TESTSSL, `127.0.0.1:${port}`], matches(/^ x\w+ /gm))],
].filter(([name, , probe]) => {
  if (name === 'testssl -E' && process.env.TESTSSL === '0') return false;
  const command = name.split(/[ ,]/)[0];
  const missing = !name.startsWith('ours') && spawnSync('which', [command]).status !== 0;
  if (missing) say(name, 'not installed');
  return !missing;
});

const VERIFY = ['-Verify', '1', '-verify_return_error', '-CAfile', file('cert.pem')];
const SERVERS = [
  ['node, its default suites', null],
  ['openssl s_server, its default suites', []],
  ['the same, client certificate wanted', VERIFY],
  ['openssl s_server, everything it has', ['-cipher', 'ALL:COMPLEMENTOFALL@SECLEVEL=0', '-min_protocol', 'TLSv1']],
];

async function compare(title, args) {
  const { port, child } = await startServer(args);
  const counter = await startCounter(port);
  console.log(`\n${title}`);
  try {
    const counted = [];
    for (const [name, , probe] of PROBERS) {
      const before = counter.connections;
      // warms up too
      const suites = await probe(counter.port);
      counted.push({ name, suites, connections: counter.connections - before, times: [] });
    }
    for (let run = 0; run < RUNS; run++) {
      for (const [index, [, runs, probe]] of PROBERS.entries()) {
        if (run >= runs) continue;
        const started = performance.now();
        await probe(port);
        counted[index].times.push(performance.now() - started);
      }
    }
    const [everything, same] = counted.map(({ times }) => median(times));
    say('', `${'time'.padStart(9)}  of everything  of the same question`);
    for (const { name, suites, connections, times } of counted) {
      const ms = median(times);
      const ratios = [everything, same].map((ours) => `${(ms / ours).toFixed(1)} x`.padStart(13)).join('');
      say(name, `${ms.toFixed(1).padStart(6)} ms ${ratios}       ${suites} suites, ${connections} connections`);
    }
  } finally {
    counter.close();
    child.removeAllListeners('exit');
    child.kill();
  }
}

try {
  makeIdentity();
  for (const [title, args] of SERVERS) await compare(title, args);
} finally {
  rmSync(work, { recursive: true, force: true });
}
process.exit(0);
