/**
 * What the store costs: full reports per second one by one and in groups beside plain SQLite inserts of the same bytes,
 * and questions at 5,000 hosts. Run after a build:  node test/bench/store.bench.mjs [hosts]
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Sqlite as Database } from '@sealwatch/collector/store/sqlite/sqlite-driver.js';
import { backupStore } from '@sealwatch/collector/store/sqlite/backup-store.js';
import { openSqliteStore } from '@sealwatch/collector/store/sqlite/open-sqlite-store.js';
import { verifyStore } from '@sealwatch/collector/store/sqlite/verify-store.js';

const HOSTS = Number(process.argv[2] ?? 5000);
const REPORTS_EACH = 6;
const DAYS = 30;
const RUNS = 5;
const DAY_MS = 86_400_000;
const START = Date.parse('2026-01-01T00:00:00.000Z');

const iso = (ms) => new Date(ms).toISOString();
const digest = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const say = (what, value) => console.log(`${what.padEnd(64)} ${value}`);

const COMPONENTS = [
  'kubeadm',
  'kubelet',
  'containerd',
  'runc',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-proxy',
  'kube-scheduler',
  'etcd',
];

function body(component, build) {
  const path = `/usr/bin/${component}`;
  const observed = {
    digest: digest(`${component} ${build}`),
    gid: 0,
    mode: '0755',
    realPath: path,
    size: '120000000',
    state: 'present',
    uid: 0,
  };
  const bytes = Buffer.from(JSON.stringify({ observed, subject: { component, kind: 'file', path } }));
  return { digest: digest(bytes), bytes };
}

const CLUSTER = randomBytes(16).toString('hex');
const RELEASE = digest('release');
const INCEPTION = digest('inception');

/** A control-plane host's report: nine files, three facts of the host, signed filler. */
function report(host, sequence, previous, at, build) {
  const bodies = COMPONENTS.map((component) => body(component, component === 'kubelet' ? build : 0));
  const subjects = COMPONENTS.map((component, i) => ({
    id: `file:${component}:/usr/bin/${component}`,
    measurement: bodies[i].digest,
  }));
  for (const aspect of ['platform', 'kubernetes-ca', 'etcd-ca'])
    subjects.push({ id: `host:${aspect}`, measurement: digest(`${host}${aspect}`) });
  const document = {
    schema: 'sealwatch/report/v1',
    clusterId: CLUSTER,
    host,
    epoch: 1,
    sequence,
    previous,
    inception: INCEPTION,
    release: { version: 3, digest: RELEASE },
    ruleset: 1,
    reason: 'change',
    nonce: null,
    bootId: '5b8d0c1e-8a53-4f0b-9a9e-1f6f0c7e2b11',
    instance: randomBytes(16).toString('hex'),
    agentVersion: '0.1.0',
    hostRoot: '/proc/1/root',
    at: iso(at),
    monotonicMs: at - START,
    subjects,
    findings: [],
    notMeasured: ['image', 'process', 'module', 'service'],
    folded: null,
    accounting: { cycleMs: 812, cpuMs: 40_123, rssBytes: 58_720_256, bytesRead: 987_654_321 },
  };
  const payload = Buffer.from(JSON.stringify(document));
  return {
    host,
    head: { epoch: 1, sequence, digest: digest(payload) },
    envelope: {
      payloadType: 'application/vnd.sealwatch.report.v1+json',
      payload,
      signatures: [{ keyid: digest(host).slice(7), sig: randomBytes(71) }],
    },
    signedAt: iso(at),
    receivedAt: iso(at + 40),
    verdict: 'compliant',
    findings: [],
    bodies,
    authorities: [
      { aspect: 'kubernetes-ca', digest: INCEPTION },
      { aspect: 'etcd-ca', digest: RELEASE },
    ],
    gapFrom: null,
  };
}

function seal({ host, head, signedAt }, until) {
  const document = {
    schema: 'sealwatch/seal/v1',
    clusterId: CLUSTER,
    host,
    epoch: 1,
    sequence: head.sequence,
    reportDigest: head.digest,
    since: signedAt,
    until: iso(until),
    observations: 96,
    longestGapMs: 901_234,
    deepestCheckAt: iso(until - 3_600_000),
    nonce: null,
    bootId: '5b8d0c1e-8a53-4f0b-9a9e-1f6f0c7e2b11',
    instance: randomBytes(16).toString('hex'),
  };
  const payload = Buffer.from(JSON.stringify(document));
  const envelope = {
    payloadType: 'application/vnd.sealwatch.seal.v1+json',
    payload,
    signatures: [{ keyid: digest(host).slice(7), sig: randomBytes(71) }],
  };
  return {
    host,
    head,
    digest: digest(payload),
    envelope,
    since: signedAt,
    until: iso(until),
    receivedAt: iso(until + 60),
  };
}

function chain(host, length, stepMs) {
  const reports = [];
  for (let n = 1; n <= length; n++) {
    reports.push(report(host, n, reports.at(-1)?.head.digest ?? null, START + (n - 1) * stepMs, n));
  }
  return reports;
}

async function timed(work) {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

/** `inFlight` callers, each waiting for its acknowledgement before the next. */
async function inParallel(items, inFlight, work) {
  let next = 0;
  const caller = async () => {
    while (next < items.length) await work(items[next++]);
  };
  await Promise.all(Array.from({ length: inFlight }, caller));
}

const directory = mkdtempSync(join(tmpdir(), 'sealwatch-bench-'));

function plainSqlite(reports, group) {
  const db = new Database(join(directory, `plain-${group}-${Math.random()}.db`));
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec(
    'CREATE TABLE reports (host TEXT, epoch INT, sequence INT, payload BLOB, sig BLOB, PRIMARY KEY (host, epoch, sequence))',
  );
  const insert = db.prepare('INSERT INTO reports VALUES (?, ?, ?, ?, ?)');
  const all = db.transaction((rows) => {
    for (const { host, head, envelope } of rows)
      insert.run(host, head.epoch, head.sequence, envelope.payload, envelope.signatures[0].sig);
  });
  const from = performance.now();
  for (let i = 0; i < reports.length; i += group) all(reports.slice(i, i + group));
  const ms = performance.now() - from;
  db.close();
  return reports.length / (ms / 1000);
}

async function ours(reports, inFlight) {
  const store = await openSqliteStore({
    file: join(directory, `ours-${inFlight}-${Math.random()}.db`),
    threads: 'workers',
  });
  const waits = [];
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const cpuBefore = process.cpuUsage();
  const ms = await timed(() =>
    inParallel(reports, inFlight, async (record) => {
      const from = performance.now();
      await store.recordReport(record);
      waits.push(performance.now() - from);
    }),
  );
  delay.disable();
  const { user, system } = process.cpuUsage(cpuBefore);
  await store.close();
  waits.sort((a, b) => a - b);
  return {
    rate: reports.length / (ms / 1000),
    p99: waits[Math.floor(waits.length * 0.99)],
    loopP99: delay.percentile(99) / 1e6,
    cpuMicros: (user + system) / reports.length,
  };
}

console.log(`node ${process.version}, ${HOSTS} hosts\n`);
const sample = Array.from({ length: 400 }, (_, i) => chain(`bench-${i}`, 10, 60_000)).flat();
say('one full report, payload bytes', sample[0].envelope.payload.length);
for (const [what, slice, group, inFlight] of [
  ['one by one', sample.slice(0, 800), 1, 1],
  ['groups of 200 / 256 callers', sample, 200, 256],
  ['groups of 200 / 1,000 callers', sample, 200, 1000],
]) {
  const plain = [];
  const own = [];
  for (let run = 0; run < RUNS; run++) {
    plain.push(plainSqlite(slice, group));
    own.push(await ours(slice, inFlight));
  }
  const rates = own.map(({ rate }) => rate);
  say(`${what}: plain SQLite, full reports/s`, median(plain).toFixed(0));
  say(
    `${what}: ours, full reports/s`,
    `${median(rates).toFixed(0)}  (x ${(median(rates) / median(plain)).toFixed(2)})`,
  );
  say(`${what}: ours, CPU of all threads per report, us`, median(own.map(({ cpuMicros }) => cpuMicros)).toFixed(0));
  say(
    `${what}: ours, acknowledgement p99 ms; main loop delay p99 ms`,
    `${median(own.map(({ p99 }) => p99)).toFixed(1)}; ${median(own.map(({ loopP99 }) => loopP99)).toFixed(1)}`,
  );
}

const file = join(directory, 'fleet.db');
let store = await openSqliteStore({ file, threads: 'workers' });
const fill = await timed(async () => {
  const hosts = Array.from({ length: HOSTS }, (_, i) => `node-${i}.example.com`);
  await inParallel(hosts, 300, async (host) => {
    for (const record of chain(host, REPORTS_EACH, (DAYS / REPORTS_EACH) * DAY_MS)) {
      await store.recordReport(record);
      const from = Date.parse(record.signedAt);
      for (let day = 1; day <= DAYS / REPORTS_EACH; day++)
        await store.recordSeal(seal(record, from + day * DAY_MS - 60_000));
    }
  });
});
await store.close();
const bytes = statSync(file).size;
console.log('');
say(`${HOSTS} hosts, ${DAYS} days, ${REPORTS_EACH} reports each: filled in s`, (fill / 1000).toFixed(1));
say('file, MB; a year of this, GB', `${(bytes / 1e6).toFixed(0)}; ${((bytes * 365) / DAYS / 1e9).toFixed(2)}`);
say('open, ms', (await timed(async () => (store = await openSqliteStore({ file, threads: 'workers' })))).toFixed(0));

async function ask(what, work) {
  await work(0);
  const times = [];
  for (let run = 1; run <= 200; run++) times.push(await timed(() => work(run)));
  times.sort((a, b) => a - b);
  say(what, `${median(times).toFixed(2)}  (p99 ${times[Math.floor(times.length * 0.99)].toFixed(2)})`);
}

const name = (run) => `node-${(run * 37) % HOSTS}.example.com`;
await ask("one host's month (history, one page), ms", (run) => store.history(name(run), { size: 100, cursor: '' }));
await ask('report at a place, ms', (run) => store.report(name(run), 1, 3));
await ask('head, ms', (run) => store.head(name(run)));
const states = [];
for (let run = 0; run < RUNS; run++) states.push(await timed(() => store.hostStates()));
say('all host states, envelopes unpacked (once, at start), ms', median(states).toFixed(0));
say('backup beside the collector, ms', (await timed(() => backupStore(file, join(directory, 'copy.db')))).toFixed(0));
await store.close();
let problems = [];
say('store verify, ms', (await timed(async () => ({ problems } = verifyStore(file)))).toFixed(0));
if (problems.length > 0) console.log(problems.slice(0, 3));
rmSync(directory, { recursive: true, force: true });
