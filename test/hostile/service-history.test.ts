import { rmSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { sealwatchProgram } from '@sealwatch/collector/cli/program.js';
import { runProgram } from '@sealwatch/shared/cli/run-program.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { encodeMeasurement } from '@sealwatch/shared/measurement/measurement-body.js';
import type { BodyInput } from '@sealwatch/shared/wire/generated/sealwatch/v1/Body.js';
import type { ServiceHistoryEntryInput } from '@sealwatch/shared/wire/generated/sealwatch/v1/ServiceHistoryEntry.js';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { capturedIo } from '../fakes/captured-io.js';
import { type OperatorCluster, operatorCluster } from '../fakes/operator-cluster.js';
import { type QueryServer, queryServer } from '../fakes/query-server.js';
import { probed, served } from '../fakes/service-measurements.js';
import { platformMeasurement } from '../fakes/platform-observations.js';

const GOOD = encodeMeasurement(probed());
const OTHER = encodeMeasurement(probed({ tls: served({ alpn: null }) }));
const ETCD = encodeMeasurement({ ...probed(), subject: { kind: 'service', name: 'etcd', address: 'localhost:2379' } });
const PLATFORM = encodeMeasurement(platformMeasurement());
const NEWER = Buffer.from(JSON.stringify({ ...probed(), quantum: true }));

let cluster: OperatorCluster;
let server: QueryServer | undefined;

beforeAll(() => {
  cluster = operatorCluster({ address: '127.0.0.1:1' });
});
afterEach(() => server?.kill());
afterAll(() => {
  rmSync(cluster.directory, { recursive: true });
});

const bodyOf = (bytes: Buffer, digest: string = sha256(bytes)): BodyInput => ({
  digest,
  deflated: deflateRawSync(bytes),
});

/** Asks for a history of kube-apiserver whose collector answers with these entries, newest first. */
async function told(
  entries: readonly ServiceHistoryEntryInput[],
  next = '',
): Promise<{ exit: number; out: string; err: string }> {
  server = await queryServer(cluster, {
    ListServiceHistory: (_call, done) => {
      done(null, { entries: [...entries], nextPageToken: next });
    },
  });
  const io = capturedIo({ cwd: cluster.directory });
  const args = ['history', 'node-1', '--service', 'kube-apiserver', '--collector', server.address];
  return { exit: await runProgram(sealwatchProgram(io), args, io), out: io.stdout, err: io.stderr };
}

const entry = (sequence: number, body: BodyInput | null, digest = body?.digest ?? ''): ServiceHistoryEntryInput => ({
  epoch: 1,
  sequence,
  signedAt: '2026-11-23T09:30:00.000Z',
  receivedAt: '2026-11-23T09:30:00.000Z',
  digest,
  body,
});

it.each<[string, BodyInput, RegExp]>([
  ['of another digest than the report has', bodyOf(OTHER.bytes), /of another digest/],
  ['whose bytes are not those of its digest', bodyOf(OTHER.bytes, GOOD.digest), /bytes of another digest/],
  ['of another service', bodyOf(ETCD.bytes), /of another subject/],
  ['of no service', bodyOf(PLATFORM.bytes), /of another subject/],
  ['of a shape this version does not know', bodyOf(NEWER), /unknown shape/],
  ['that inflates without end', bodyOf(Buffer.alloc(50_000_000)), /inflates to more/],
  ['that is no deflate', { digest: GOOD.digest, deflated: Buffer.from('\u001b[2J') }, /not raw deflate/],
  ['without a digest', { digest: '\u001b[2J', deflated: Buffer.alloc(0) }, /is named \\x1b/],
])('believes no measurement %s, says so, and tells the rest', async (what, body, problem) => {
  const digest = what.startsWith('of another digest') ? GOOD.digest : body.digest;
  const { exit, out } = await told([entry(2, body, digest ?? ''), entry(1, bodyOf(GOOD.bytes))]);
  expect(exit).toBe(0);
  const [doubtful = '', first = ''] = out.split('\n\n');
  expect(doubtful).toMatch(/report 1\/2: changed, but what was measured can't be told\n/);
  expect(doubtful).toMatch(problem);
  expect(doubtful).not.toContain('+ ');
  expect(first).toContain('report 1/1: first measured\n    answer: served\n');
  expect(out).not.toContain('\u001b');
});

it('says of equal measurements that nothing came or went, whatever the collector calls them', async () => {
  const { out } = await told([entry(2, bodyOf(GOOD.bytes)), entry(1, bodyOf(GOOD.bytes))]);
  expect(out).toContain('report 1/2: changed\n    in nothing that is followed here; --output json');
});

it('prints what a collector makes up without letting it move the cursor', async () => {
  const made = { ...entry(2, null, '\u001b[1A'), signedAt: '\u001b[2J[OK]\u202e' };
  const { out } = await told([{ ...made, missingReports: 3, foldedChanges: 1 }]);
  expect(out.split('\n')).toEqual([
    "\\x1b[2J[OK]\\u202e report 1/2: changed, but what was measured can't be told",
    '    3 reports before it never came',
    '    sums up 1 change of the host',
    '    \\x1b[1A: the store of the collector has no measurement of this digest that can be read; a backup of it may',
    '',
  ]);
});

it('does not follow pages in a circle', async () => {
  const { exit, out, err } = await told([], 'again');
  expect({ exit, out }).toEqual({ exit: 1, out: '' });
  expect(err).toMatch(/pages do not end/);
});

it('takes no entries at all for no answer', async () => {
  const { exit, out, err } = await told([]);
  expect({ exit, out }).toEqual({ exit: 1, out: '' });
  expect(err).toMatch(/^sealwatch: the collector tells nothing of kube-apiserver on node-1/);
});
