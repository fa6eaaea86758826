import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sealwatchProgram } from '@sealwatch/collector/cli/program.js';
import { Sqlite as Database } from '@sealwatch/collector/store/sqlite/sqlite-driver.js';
import { runProgram } from '@sealwatch/shared/cli/run-program.js';
import { digestBytes } from '@sealwatch/shared/hashing/digest.js';
import type { Measurement } from '@sealwatch/shared/measurement/measurement.js';
import { encodeMeasurement } from '@sealwatch/shared/measurement/measurement-body.js';
import type { ServiceMeasurement } from '@sealwatch/shared/measurement/service-measurement.js';
import type { ServedTls } from '@sealwatch/shared/probe/tls-observation.js';
import type { ListServiceHistoryResponse } from '@sealwatch/shared/wire/generated/sealwatch/v1/ListServiceHistoryResponse.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capturedIo } from '../fakes/captured-io.js';
import { plainDigest } from '../fakes/check-results.js';
import { answer, RunningCollector } from '../fakes/running-collector.js';
import { listening, probed, SEED_SUITES, served } from '../fakes/service-measurements.js';
import { SimulatedAgent } from '../fakes/simulated-agent.js';
import { platformMeasurement } from '../fakes/platform-observations.js';

const [GCM_256, GCM_128, RSA_256, RSA_128] = SEED_SUITES as [string, string, string, string];
const PLATFORM: Measurement = platformMeasurement();
const [CERTIFICATE] = served().certificates;

const serving = (changes: Partial<ServedTls> = {}, rest: Partial<ServiceMeasurement['observed']> = {}) =>
  probed({ tls: served(changes), ...rest });
const suites = (...names: string[]): Partial<ServedTls> => ({
  versions: [{ version: 'TLS 1.2', suites: names, preference: 'hints' }],
});
const etcd: Measurement = { ...probed(), subject: { kind: 'service', name: 'etcd', address: 'localhost:2379' } };

/** Months of a host in the order it signed them; null: the service is not among the subjects. */
const LIFE: readonly (ServiceMeasurement | null)[] = [
  null,
  serving(suites(GCM_256, GCM_128, RSA_256)),
  serving(suites(GCM_256, GCM_128, RSA_256)),
  serving(suites(GCM_256, RSA_256, RSA_128), { listener: listening(plainDigest('b')) }),
  probed({ tls: { state: 'unreachable', reason: 'connection\u001b[2J refused' } }),
  serving({ ...suites(GCM_256), clientCertificate: 'not-requested' }),
  serving({ ...suites(GCM_256), clientCertificate: 'not-requested', extendedMasterSecret: false }),
  serving({
    ...suites(GCM_256),
    clientCertificate: 'not-requested',
    extendedMasterSecret: false,
    certificates: [{ ...CERTIFICATE!, fingerprint: plainDigest('9'), subject: 'CN=evil\n\u202e[OK]' }],
  }),
  null,
];

let running: RunningCollector;
let directory: string;

beforeAll(async () => {
  running = await RunningCollector.start({ hosts: ['host-a', 'host-b', 'host-c'] });
  directory = clusterDirectory();
  const agent = await enrolled('host-a');
  for (const service of LIFE) {
    await agent.report({ measurements: service === null ? [PLATFORM, etcd] : [PLATFORM, etcd, service], findings: [] });
  }
  agent.close();
  const bare = await enrolled('host-b');
  await bare.report({ measurements: [PLATFORM], findings: [] });
  bare.close();
});

afterAll(async () => {
  await running.dispose();
  rmSync(directory, { recursive: true, force: true });
});

async function enrolled(host: string): Promise<SimulatedAgent> {
  const { address, enrollAddress, authority } = running;
  const agent = await SimulatedAgent.enroll({
    schema: 'sealwatch/enrollment-bundle/v1',
    root: authority.rootPem,
    address,
    enrollAddress,
    token: await running.createToken(host),
  });
  await agent.connect();
  return agent;
}

/** The cluster's directory as a viewer holds it. */
function clusterDirectory(): string {
  const made = mkdtempSync(join(tmpdir(), 'sealwatch-viewer-'));
  const operators = join(made, '.sealwatch', 'operator');
  mkdirSync(operators, { recursive: true, mode: 0o700 });
  const { vera } = running.operators;
  writeFileSync(join(made, '.sealwatch', 'root.pem'), running.authority.rootPem);
  writeFileSync(join(operators, 'vera.key'), vera.key, { mode: 0o600 });
  writeFileSync(join(operators, 'vera.pem'), vera.chain);
  writeFileSync(
    join(made, 'cluster.yaml'),
    `name: north
mode: fips
collector:
  address: "${running.address}"
  enrollAddress: "${running.enrollAddress}"
  listen: "${running.address}"
  enrollListen: "${running.enrollAddress}"
hosts:
  - name: host-a
    role: worker
`,
  );
  return made;
}

async function history(...args: string[]): Promise<{ exit: number; out: string; err: string }> {
  const io = capturedIo({ cwd: directory });
  const exit = await runProgram(sealwatchProgram(io), ['history', ...args], io);
  return { exit, out: io.stdout, err: io.stderr };
}

interface Document {
  readonly entries: readonly {
    readonly sequence: number;
    readonly state: string;
    readonly problem: string | null;
    readonly before: string;
    readonly changes: readonly { what: string; version: string | null; came?: string[]; went?: string[] }[];
    readonly measurement: Measurement | null;
  }[];
}

async function json(...args: string[]): Promise<Document> {
  const { exit, out, err } = await history('host-a', '--service', 'kube-apiserver', '--output', 'json', ...args);
  expect({ exit, err }).toEqual({ exit: 0, err: '' });
  return JSON.parse(out) as Document;
}

const page = (request: object) =>
  answer<ListServiceHistoryResponse>((done) => running.query('vera').listServiceHistory(request, done));

describe('sealwatch history HOST --service NAME', () => {
  it('tells what came and went at each report that changed it, newest first, the first in full', async () => {
    const { exit, out, err } = await history('host-a', '--service', 'kube-apiserver');
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    const told = out.replaceAll(/^\d{4}-\S+Z /gm, 'TIME ');
    expect(told.split('\n\n')).toEqual([
      'TIME report 1/9: no longer reported',
      [
        'TIME report 1/8: changed',
        `    - certificate ${plainDigest('1')} (CN=kube-apiserver), until 2027-11-01T00:00:00.000Z, trusted`,
        `    + certificate ${plainDigest('9')} (CN=evil, \\u202e[OK]), until 2027-11-01T00:00:00.000Z, trusted`,
      ].join('\n'),
      'TIME report 1/7: changed\n    extended master secret: yes -> no',
      expect.stringMatching(
        /^TIME report 1\/6: changed\n {4}answer: unreachable: connection\\x1b\[2J refused -> served/,
      ),
      'TIME report 1/5: changed\n    answer: served -> unreachable: connection\\x1b[2J refused\n' +
        `    - program /usr/bin/kube-apiserver ${plainDigest('b')}\n` +
        `    + program /usr/bin/kube-apiserver ${plainDigest('a')}`,
      [
        'TIME report 1/4: changed',
        `    - suite ${GCM_128} (TLS 1.2)`,
        `    + suite ${RSA_128} (TLS 1.2)`,
        `    - program /usr/bin/kube-apiserver ${plainDigest('a')}`,
        `    + program /usr/bin/kube-apiserver ${plainDigest('b')}`,
      ].join('\n'),
      [
        'TIME report 1/2: first measured',
        '    answer: served',
        '    address: localhost:6443',
        `    preferred suite: ${GCM_256} in TLS 1.2`,
        '    whose preference (TLS 1.2): hints',
        '    client certificate: requested',
        '    application protocol: h2',
        '    extended master secret: yes',
        '    secure renegotiation: yes',
        '    compression: no',
        '    certificate authority: not-named',
        '    listener: found',
        '    + version TLS 1.2',
        `    + suite ${GCM_256} (TLS 1.2)`,
        `    + suite ${GCM_128} (TLS 1.2)`,
        `    + suite ${RSA_256} (TLS 1.2)`,
        '    + group P-256 (up to TLS 1.2)',
        '    + group P-384 (up to TLS 1.2)',
        '    + signature scheme rsa_pkcs1_sha256 (up to TLS 1.2)',
        `    + certificate ${plainDigest('1')} (CN=kube-apiserver), until 2027-11-01T00:00:00.000Z, trusted`,
        `    + program /usr/bin/kube-apiserver ${plainDigest('a')}`,
        '',
      ].join('\n'),
    ]);
  });

  it('gives the same as JSON, with each measurement whole', async () => {
    const { entries, ...rest } = await json();
    expect(rest).toEqual({ schema: 'sealwatch/service-history/v1', host: 'host-a', service: 'kube-apiserver' });
    expect(entries.map(({ sequence, state, before }) => [sequence, state, before])).toEqual([
      [9, 'not-reported', 'measured'],
      [8, 'measured', 'measured'],
      [7, 'measured', 'measured'],
      [6, 'measured', 'measured'],
      [5, 'measured', 'measured'],
      [4, 'measured', 'measured'],
      [2, 'measured', 'none'],
    ]);
    for (const { sequence, measurement } of entries) expect(measurement).toEqual(LIFE[sequence - 1]);
    expect(entries[5]?.changes[0]).toEqual({
      kind: 'list',
      what: 'suite',
      version: 'TLS 1.2',
      came: [RSA_128],
      went: [GCM_128],
      order: null,
    });
  });

  it('stops after --limit entries, and lays the last beside the one before all the same', async () => {
    const { entries } = await json('--limit', '6');
    expect(entries.map(({ sequence }) => sequence)).toEqual([9, 8, 7, 6, 5, 4]);
    expect(entries.at(-1)).toMatchObject({ before: 'measured', changes: [{ what: 'suite' }, { what: 'program' }] });
  });

  it('names the services there are when it does not know one', async () => {
    expect(await history('host-a', '--service', 'kube-api')).toEqual({
      exit: 1,
      out: '',
      err: 'sealwatch: host-a never reported a TLS service kube-api; its newest report has: etcd\n',
    });
    const { exit, err } = await history('host-b', '--service', 'etcd');
    expect(exit).toBe(1);
    expect(err).toMatch(/^sealwatch: host-b never reported a TLS service etcd; nor .* cluster\.yaml, .* deploy\n$/);
  });

  it.each(['host-c', 'host-z'])('says that no report of %s is recorded', async (host) => {
    expect(await history(host, '--service', 'etcd')).toEqual({
      exit: 1,
      out: '',
      err: `sealwatch: no report of ${host} is recorded; sealwatch hosts list has every name\n`,
    });
  });

  it.each(['', '%', 'Etcd', 'etcd ', '../etcd', "e' OR 1=1", '\u001b[2J', 'x'.repeat(64), 'service:etcd'])(
    'exits 2 for --service %j',
    async (name) => {
      const { exit, out, err } = await history('host-a', '--service', name);
      expect({ exit, out }).toEqual({ exit: 2, out: '' });
      expect(err).not.toContain('\u001b');
    },
  );
});

describe('ListServiceHistory', () => {
  it('pages without gaps, each entry with the bytes the host signed the digest of', async () => {
    const sequences: number[] = [];
    let pageToken = '';
    do {
      const { entries, nextPageToken } = await page({
        host: 'host-a',
        service: 'kube-apiserver',
        pageSize: 2,
        pageToken,
      });
      expect(entries.length).toBeLessThanOrEqual(2);
      for (const { sequence, digest, body } of entries) {
        sequences.push(sequence);
        const measured = LIFE[sequence - 1];
        expect(digest).toBe(measured ? encodeMeasurement(measured).digest : '');
        expect(body?.digest).toBe(measured ? digest : undefined);
      }
      pageToken = nextPageToken;
    } while (pageToken !== '');
    expect(sequences).toEqual([9, 8, 7, 6, 5, 4, 2]);
  });

  it.each([
    ['a name no service can have', { host: 'host-a', service: '\u001b[2J' }, 'usage.invalid'],
    ['no name', { host: 'host-a' }, 'usage.invalid'],
    ['a token it never gave', { host: 'host-a', service: 'etcd', pageToken: "1-1' --" }, 'usage.invalid'],
    ['a host nobody can be', { host: '\u001b[2J'.repeat(1000), service: 'etcd' }, 'host.unknown'],
    ['a service the host never had', { host: 'host-a', service: 'dex' }, 'service.unknown'],
  ])('refuses %s', async (_, request, code) => {
    await expect(page(request)).rejects.toMatchObject({ code });
    await expect(page(request)).rejects.not.toMatchObject({ message: expect.stringContaining('\u001b') as string });
  });
});

describe('a measurement that can’t be read any more', () => {
  it('is told as a change nobody can look into, and the entries around it stay', async () => {
    await running.restart((stateDir) => {
      const db = new Database(join(stateDir, 'sealwatch.db'));
      const raw = (sequence: number): Buffer => digestBytes(encodeMeasurement(LIFE[sequence - 1]!).digest);
      db.prepare('DELETE FROM bodies WHERE digest = ?').run(raw(7));
      db.prepare('UPDATE bodies SET bytes = ? WHERE digest = ?').run(Buffer.from([1, 0xff, 0xff]), raw(5));
      db.prepare('UPDATE bodies SET bytes = ? WHERE digest = ?').run(Buffer.from('\0{"not":"this"}'), raw(2));
      db.close();
    });
    const { entries } = await json();
    expect(entries.map(({ sequence, state, before }) => [sequence, state, before])).toEqual([
      [9, 'not-reported', 'measured'],
      [8, 'measured', 'unreadable'],
      [7, 'unreadable', 'measured'],
      [6, 'measured', 'unreadable'],
      [5, 'unreadable', 'measured'],
      [4, 'measured', 'unreadable'],
      [2, 'unreadable', 'none'],
    ]);
    const { out } = await history('host-a', '--service', 'kube-apiserver');
    expect(out).toMatch(
      /report 1\/7: changed, but what was measured can't be told\n {4}sha256:[0-9a-f]{64}: .*a backup of it may/,
    );
    expect(out).toContain("report 1/8: measured; what was before can't be told\n    answer: served\n");
  });
});
