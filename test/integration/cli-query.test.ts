import { deflateRawSync } from 'node:zlib';
import { chmodSync, readFileSync, rmSync, statSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { status as grpcStatus } from '@grpc/grpc-js';
import { sealwatchProgram } from '@sealwatch/collector/cli/program.js';
import { checkJson } from '@sealwatch/shared/check/check-json.js';
import { BUILT_IN_SNAPSHOT } from '@sealwatch/shared/cmvp/built-in-snapshot.js';
import { moduleParagraph } from '@sealwatch/shared/cmvp/module-paragraph.js';
import type { CheckResult } from '@sealwatch/shared/check/check-result.js';
import { renderCheck } from '@sealwatch/shared/check/render-check.js';
import { runProgram } from '@sealwatch/shared/cli/run-program.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { parseBundle } from '@sealwatch/shared/trust/enrollment-bundle.js';
import type { CheckRequest } from '@sealwatch/shared/wire/generated/sealwatch/v1/CheckRequest.js';
import type { ClusterStatus } from '@sealwatch/shared/wire/generated/sealwatch/v1/ClusterStatus.js';
import type { CreateTokenRequest } from '@sealwatch/shared/wire/generated/sealwatch/v1/CreateTokenRequest.js';
import type { HostSummary } from '@sealwatch/shared/wire/generated/sealwatch/v1/HostSummary.js';
import type { QueryServiceHandlers } from '@sealwatch/shared/wire/generated/sealwatch/v1/QueryService.js';
import type { RevokeHostRequest } from '@sealwatch/shared/wire/generated/sealwatch/v1/RevokeHostRequest.js';
import { toStatus } from '@sealwatch/shared/wire/grpc-status.js';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { asNobody } from '../fakes/as-nobody.js';
import { type CapturedIo, capturedIo } from '../fakes/captured-io.js';
import { checkResult, hostResult, judged } from '../fakes/check-results.js';
import { type OperatorCluster, operatorCluster } from '../fakes/operator-cluster.js';
import { type QueryServer, queryServer } from '../fakes/query-server.js';

let cluster: OperatorCluster;
const servers: QueryServer[] = [];

beforeAll(() => {
  cluster = operatorCluster({ address: '127.0.0.1:1' });
});

afterEach(() => {
  for (const server of servers.splice(0)) server.kill();
});

afterAll(() => {
  rmSync(cluster.directory, { recursive: true });
});

async function serve(answers: Partial<QueryServiceHandlers>, who: OperatorCluster = cluster): Promise<QueryServer> {
  const server = await queryServer(who, answers);
  servers.push(server);
  return server;
}

async function run(io: CapturedIo, ...args: string[]): Promise<{ exit: number; out: string; err: string }> {
  const exit = await runProgram(sealwatchProgram(io), args, io);
  return { exit, out: io.stdout, err: io.stderr };
}

/** Runs `sealwatch ARGS --collector` against a server with these answers. */
async function ask(answers: Partial<QueryServiceHandlers>, ...args: string[]): ReturnType<typeof run> {
  const { address } = await serve(answers);
  return run(capturedIo({ cwd: cluster.directory }), ...args, '--collector', address);
}

/** A collector that answers a check with these bytes. */
function checkAnswer(document: Buffer): Partial<QueryServiceHandlers> {
  return {
    Check: (call) => {
      call.write({ progress: { answered: 0, asked: 1 } });
      call.write({ progress: { answered: 1, asked: 1 } });
      call.write({ result: { schema: 'sealwatch/check/v1', deflatedDocument: deflateRawSync(document) } });
      call.end();
    },
  };
}

function answering(result: CheckResult): Partial<QueryServiceHandlers> {
  return checkAnswer(Buffer.from(JSON.stringify(result)));
}

const standard = checkResult({ cluster: { id: 'c', name: 'north', mode: 'standard', adopted: null } });

describe('sealwatch check fips', () => {
  it.each<[string, CheckResult, number]>([
    ['compliant', checkResult(), 0],
    ['compliant under a demonstration policy', checkResult({ demonstration: true }), 0],
    ['compliant with warnings', checkResult({ findings: [judged('host.undeclared', 'host:x')] }), 0],
    ['noncompliant', checkResult({ findings: [judged('cluster.tainted', 'cluster')] }), 1],
    ['unknown', checkResult({ hosts: [hostResult({ findings: [judged('host.no-answer', 'host')] })] }), 1],
    ['without hosts', checkResult({ hosts: [] }), 1],
    ['in standard mode, noncompliant', { ...standard, verdict: 'noncompliant' }, 1],
    ['in standard mode, whatever it says', standard, 1],
  ])('prints the report of a cluster that is %s and exits %3$i', async (_what, result, exit) => {
    expect(await ask(answering(result), 'check', 'fips')).toEqual({
      exit,
      out: renderCheck(result, { color: false }),
      err: '',
    });
  });

  it('prints the same facts as JSON, with the same exit status', async () => {
    const result = checkResult({ findings: [judged('cluster.tainted', 'cluster')] });
    const { exit, out } = await ask(answering(result), 'check', 'fips', '--output', 'json');
    expect(exit).toBe(1);
    expect(out).toBe(checkJson(result));
    expect(JSON.parse(out)).toEqual(result);
  });

  it('hands on what was asked', async () => {
    let request: CheckRequest | undefined;
    const { exit } = await ask(
      {
        Check: (call) => {
          request = call.request;
          call.write({ result: { deflatedDocument: deflateRawSync(Buffer.from(checkJson(checkResult()))) } });
          call.end();
        },
      },
      ...'check fips --host b --host a --cached --timeout 90s'.split(' '),
    );
    expect(exit).toBe(0);
    expect(request).toEqual({ hosts: ['b', 'a'], cached: true, timeoutMs: 90_000, asOf: '' });
  });

  it('takes an answer for another day than the one it asked for as none', async () => {
    const on = (day: string): CheckResult => checkResult({ certificates: moduleParagraph([], BUILT_IN_SNAPSHOT, day) });
    const asked = ['check', 'fips', '--as-of', '2026-09-01'];
    expect(await ask(answering(on('2026-09-01')), ...asked)).toMatchObject({ exit: 0 });
    for (const other of [on('2026-11-23'), checkResult()]) {
      const { exit, out, err } = await ask(answering(other), ...asked);
      expect({ exit, out }).toEqual({ exit: 1, out: '' });
      expect(err).toContain('as of 2026-09-01');
    }
  });

  it('shows progress and colour on a terminal only, and no progress on standard output', async () => {
    const { address } = await serve(answering(checkResult()));
    const io = capturedIo({ cwd: cluster.directory, isTTY: true });
    const { out, err } = await run(io, 'check', 'fips', '--collector', address);
    expect(err).toContain('hosts answered 1/1');
    expect(err.endsWith('\r\u001b[K')).toBe(true);
    expect(out).toBe(renderCheck(checkResult(), { color: true }));
  });

  it('has no colour where NO_COLOR is set', async () => {
    const { address } = await serve(answering(checkResult()));
    const io = capturedIo({ cwd: cluster.directory, isTTY: true, env: { NO_COLOR: '1' } });
    expect((await run(io, 'check', 'fips', '--collector', address)).out).not.toContain('\u001b');
  });

  it.each<[string, Buffer]>([
    ['garbage', Buffer.from([0xff, 0x00, 0x01])],
    ['nothing', Buffer.alloc(0)],
    ['JSON of another kind', Buffer.from('{"verdict":"compliant"}')],
    [
      'a yes that contradicts itself',
      Buffer.from(JSON.stringify({ ...checkResult(), findings: [judged('cluster.tainted', 'cluster')] })),
    ],
  ])('exits 1 without a report when the document is %s', async (_what, document) => {
    const { exit, out, err } = await ask(checkAnswer(document), 'check', 'fips');
    expect({ exit, out }).toEqual({ exit: 1, out: '' });
    expect(err).toMatch(/^sealwatch: the collector's check document /);
  });

  it.each<[string, QueryServiceHandlers['Check'], RegExp]>([
    [
      'ends without a result',
      (call) => {
        call.write({ progress: { answered: 0, asked: 1 } });
        call.end();
      },
      /without a result/,
    ],
    [
      'sends an event of a kind nobody knows, and no result',
      (call) => {
        call.write({});
        call.end();
      },
      /without a result/,
    ],
    [
      'breaks after its result',
      (call) => {
        call.write({ result: { deflatedDocument: deflateRawSync(Buffer.from(checkJson(checkResult()))) } });
        call.emit('error', toStatus(new CodedError('store.unavailable', 'the disk is gone')));
      },
      /the disk is gone/,
    ],
    [
      'sends two results',
      (call) => {
        for (const verdict of [checkResult(), checkResult()]) {
          call.write({ result: { deflatedDocument: deflateRawSync(Buffer.from(checkJson(verdict))) } });
        }
        call.end();
      },
      /went on after its result/,
    ],
    [
      'refuses',
      (call) => call.emit('error', toStatus(new CodedError('identity.forbidden', 'admin is no operator here'))),
      /^sealwatch: admin is no operator here\n$/,
    ],
    ['fails inside', (call) => call.emit('error', { code: grpcStatus.INTERNAL, details: 'boom' }), /boom/],
  ])('exits 1 without a report when the collector %s', async (_what, Check, message) => {
    const { exit, out, err } = await ask({ Check }, 'check', 'fips');
    expect({ exit, out }).toEqual({ exit: 1, out: '' });
    expect(err).toMatch(message);
  });

  it('exits 1 when the collector is killed in the middle', async () => {
    const server = await serve({
      Check: (call) => {
        call.write({ progress: { answered: 1, asked: 2 } });
        setTimeout(() => {
          server.kill();
        }, 50);
      },
    });
    const io = capturedIo({ cwd: cluster.directory });
    const { exit, out, err } = await run(io, 'check', 'fips', '--collector', server.address);
    expect({ exit, out }).toEqual({ exit: 1, out: '' });
    expect(err).toMatch(/^sealwatch: /);
  });

  it('exits 1, not 3, when nobody listens, and says where it looked and what to look at', async () => {
    const { exit, out, err } = await run(capturedIo({ cwd: cluster.directory }), 'check', 'fips');
    expect({ exit, out }).toEqual({ exit: 1, out: '' });
    expect(err).toMatch(/no answer from the collector at 127\.0\.0\.1:1 /);
    expect(err).toContain('collector.address');
    expect(err).not.toContain('Resolution note');
  });

  it("gives up by itself on a collector that never answers, soon after the hosts' time is over", async () => {
    const mute = createServer((socket) => socket.on('error', () => undefined).resume());
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as AddressInfo;
    const { address } = await serve({ Check: () => undefined });
    const started = performance.now();
    const answers = await Promise.all(
      [address, `127.0.0.1:${String(port)}`].map((place) =>
        run(capturedIo({ cwd: cluster.directory }), ...`check fips --timeout 1s --collector ${place}`.split(' ')),
      ),
    );
    mute.close();
    for (const { exit, out, err } of answers) {
      expect({ exit, out }).toEqual({ exit: 1, out: '' });
      expect(err).toMatch(/waited at most 11s/);
    }
    expect(performance.now() - started).toBeLessThan(16_000);
  });

  it('stops at Ctrl-C with exit 1', async () => {
    const io = capturedIo({ cwd: cluster.directory });
    const { address } = await serve({
      Check: () => {
        io.stop();
      },
    });
    const { exit, err } = await run(io, 'check', 'fips', '--collector', address);
    expect(exit).toBe(1);
    expect(err).toBe('sealwatch: stopped before the answer\n');
  });

  it('does not believe a collector of another cluster', async () => {
    const stranger = operatorCluster({ address: '127.0.0.1:1' });
    const { address } = await serve(answering(checkResult()), stranger);
    const { exit, out } = await run(capturedIo({ cwd: cluster.directory }), 'check', 'fips', '--collector', address);
    rmSync(stranger.directory, { recursive: true });
    expect({ exit, out }).toEqual({ exit: 1, out: '' });
  });

  it.each([
    ['--timeout', 'NaN'],
    ['--timeout', '60'],
    ['--timeout', '0s'],
    ['--timeout', '-1s'],
    ['--timeout', '1e3s'],
    ['--timeout', '999999h'],
    ['--timeout', 'Infinity'],
    ['--host', 'Bad Name'],
    ['--host', ''],
    ['--output', 'yaml'],
    ['--as-of', '2026-02-30'],
    ['--as-of', 'today'],
    ['--collector', 'nowhere'],
    ['--collector', 'dns:///x:1'],
    ['--operator', '../admin'],
    ['--verdict', 'compliant'],
  ])('exits 2 for %s %s', async (flag, value) => {
    const { exit, out, err } = await run(capturedIo({ cwd: cluster.directory }), 'check', 'fips', flag, value);
    expect({ exit, out }).toEqual({ exit: 2, out: '' });
    expect(err).not.toBe('');
  });

  it('has a help with examples', async () => {
    const { exit, out } = await run(capturedIo(), 'check', 'fips', '--help');
    expect(exit).toBe(0);
    expect(out).toMatch(/--timeout <duration>[\s\S]*Examples:\n {2}\$ sealwatch check fips/);
  });
});

describe('finding the cluster', () => {
  it('says what is missing where there is no cluster directory', async () => {
    const { exit, err } = await run(capturedIo({ cwd: '/' }), 'status');
    expect(exit).toBe(2);
    expect(err).toMatch(/^sealwatch: \/ is no cluster directory .*--directory/);
  });

  it('finds it by --directory, relative to where one is', async () => {
    const { address } = await serve(answering(checkResult()));
    const io = capturedIo({ cwd: join(cluster.directory, '.sealwatch') });
    expect((await run(io, 'check', 'fips', '--directory', '..', '--collector', address)).exit).toBe(0);
  });

  it('asks which operator when there are two', async () => {
    const own = operatorCluster({ address: '127.0.0.1:1' });
    own.addOperator('viewer');
    const { address } = await serve(answering(checkResult()), own);
    const asked = await run(capturedIo({ cwd: own.directory }), 'check', 'fips', '--collector', address);
    const told = await run(
      capturedIo({ cwd: own.directory }),
      ...`check fips --operator viewer --collector ${address}`.split(' '),
    );
    rmSync(own.directory, { recursive: true });
    expect(asked).toMatchObject({ exit: 2, err: expect.stringMatching(/--operator NAME: admin, viewer/) as string });
    expect(told.exit).toBe(0);
  });

  it("does not take an operator's directory that is closed to it for an empty one", async () => {
    const own = operatorCluster({ address: '127.0.0.1:1' });
    chmodSync(own.directory, 0o755);
    chmodSync(join(own.directory, '.sealwatch'), 0o755);
    chmodSync(join(own.directory, '.sealwatch', 'operator'), 0o000);
    const { exit, err } = await asNobody(() => run(capturedIo({ cwd: own.directory }), 'status'));
    chmodSync(join(own.directory, '.sealwatch', 'operator'), 0o700);
    rmSync(own.directory, { recursive: true });
    expect(exit).toBe(2);
    expect(err).toMatch(/operator can't be read: EACCES[^]*run as its owner/);
  });

  it("refuses an operator's key that others can read", async () => {
    const own = operatorCluster({ address: '127.0.0.1:1' });
    chmodSync(join(own.directory, '.sealwatch', 'operator', 'admin.key'), 0o644);
    const { exit, err } = await run(capturedIo({ cwd: own.directory }), 'status');
    rmSync(own.directory, { recursive: true });
    expect(exit).toBe(2);
    expect(err).toMatch(/admin\.key has mode 0644/);
  });
});

const STATUS: ClusterStatus = {
  clusterId: '0123456789abcdef0123456789abcdef',
  clusterName: 'north',
  mode: 'fips',
  verdict: 'compliant',
  releaseVersion: 3,
  declared: 2,
  compliant: 2,
  noncompliant: 0,
  unknown: 0,
  connected: 2,
  collectorVersion: '0.1.0',
  at: '2026-11-23T09:30:00.000Z',
  demonstration: false,
};

function statusAnswer(changes: Partial<ClusterStatus> = {}): Partial<QueryServiceHandlers> {
  return {
    GetStatus: (_call, done) => {
      done(null, { ...STATUS, ...changes });
    },
  };
}

describe('sealwatch status', () => {
  it.each<[Partial<ClusterStatus>, number]>([
    [{}, 0],
    [{ verdict: 'noncompliant' }, 1],
    [{ verdict: 'unknown' }, 1],
    [{ mode: 'standard' }, 1],
    [{ verdict: 'good' }, 1],
    [{ verdict: '' }, 1],
    [{ mode: '' }, 1],
  ])('with %o exits %i', async (changes, exit) => {
    expect((await ask(statusAnswer(changes), 'status')).exit).toBe(exit);
  });

  it('prints the standing, escaped', async () => {
    const { out } = await ask(statusAnswer({ clusterName: 'no\u001b[2Jrth', demonstration: true }), 'status');
    expect(out).toMatch(/^DEMONSTRATION POLICY: /);
    expect(out).toContain('Cluster: no\\x1b[2Jrth [0123');
    expect(out).toContain('Hosts: 2 declared, 2 connected; 2 compliant, 0 noncompliant, 0 unknown');
  });

  it('prints JSON that begins with its schema', async () => {
    const { out } = await ask(statusAnswer(), 'status', '--output', 'json');
    expect(out).toMatch(/^\{\n {2}"schema": "sealwatch\/status\/v1",\n/);
    expect(JSON.parse(out)).toEqual({ schema: 'sealwatch/status/v1', ...STATUS });
  });

  it('exits 3 when nobody listens', async () => {
    const { exit, err } = await run(capturedIo({ cwd: cluster.directory }), 'status');
    expect(exit).toBe(3);
    expect(err).toContain('127.0.0.1:1');
  });
});

function summary(changes: Partial<HostSummary> = {}): HostSummary {
  return {
    name: '172.17.0.7',
    role: 'control-plane',
    verdict: 'compliant',
    standing: 'connected',
    epoch: 1,
    sequence: 12,
    lastHeardAt: '2026-11-23T09:30:00.000Z',
    evidenceAt: '2026-11-23T09:29:00.000Z',
    reasons: [],
    ...changes,
  };
}

describe('sealwatch hosts', () => {
  const pages: Partial<QueryServiceHandlers> = {
    ListHosts: ({ request }, done) => {
      if (request.pageToken === '') done(null, { hosts: [summary()], nextPageToken: 'second' });
      else {
        const reasons = ['host.undeclared host:\u001b[31m'];
        done(null, { hosts: [summary({ name: 'b', role: '', verdict: 'unknown', lastHeardAt: '', reasons })] });
      }
    },
  };

  it('lists every page as a table without borders', async () => {
    const { exit, out } = await ask(pages, 'hosts', 'list');
    expect(exit).toBe(0);
    expect(out.split('\n')).toEqual([
      'NAME        ROLE           VERDICT    STANDING   LAST HEARD                REASONS',
      '172.17.0.7  control-plane  compliant  connected  2026-11-23T09:30:00.000Z  -',
      'b           undeclared     unknown    connected  -                         host.undeclared host:\\x1b[31m',
      '',
    ]);
  });

  it('lists JSON in which what is not there is null', async () => {
    const { out } = await ask(pages, 'hosts', 'list', '--output', 'json');
    expect(JSON.parse(out)).toMatchObject({
      schema: 'sealwatch/hosts/v1',
      hosts: [{ name: '172.17.0.7' }, { name: 'b', role: null, lastHeardAt: null }],
    });
  });

  it('does not follow pages in a circle', async () => {
    const circle: Partial<QueryServiceHandlers> = {
      ListHosts: (_call, done) => {
        done(null, { hosts: [summary()], nextPageToken: 'again' });
      },
    };
    const { exit, err } = await ask(circle, 'hosts', 'list');
    expect(exit).toBe(1);
    expect(err).toMatch(/pages do not end/);
  });

  it.each([
    ['compliant', 0],
    ['unknown', 1],
  ])('shows a host that is %s and exits %i', async (verdict, code) => {
    const certificate = { purpose: 'tls', serial: 'ab', notBefore: 'n', notAfter: 'a', epoch: 1, revokedAt: '' };
    const { exit, out } = await ask(
      {
        GetHost: ({ request: { name } }, done) => {
          const result = Buffer.from(JSON.stringify(hostResult({ name })));
          done(null, { summary: summary({ name, verdict }), result, certificates: [certificate] });
        },
      },
      ...'hosts show 172.17.0.7'.split(' '),
    );
    expect(exit).toBe(code);
    expect(out).toContain('Host: 172.17.0.7 ====');
    expect(out).toContain('/usr/bin/kubeadm [file] Signature Validated                            [OK]');
    expect(out).toMatch(/^tls {10}1 {6}ab {6}n {5}a {6}-$/m);
  });

  it('says that a host is not known', async () => {
    const { exit, err } = await ask(
      {
        GetHost: (_call, done) => {
          done(toStatus(new CodedError('host.unknown', 'no host x')));
        },
      },
      ...'hosts show x'.split(' '),
    );
    expect({ exit, err }).toEqual({ exit: 1, err: 'sealwatch: no host x\n' });
  });

  it('revokes with a reason and says what ended', async () => {
    let request: RevokeHostRequest | undefined;
    const { exit, out } = await ask(
      {
        RevokeHost: (call, done) => {
          request = call.request;
          done(null, { certificates: 2, streamEnded: true });
        },
      },
      ...['hosts', 'revoke', 'b', '--reason', 'stolen'],
    );
    expect(exit).toBe(0);
    expect(request).toEqual({ host: 'b', reason: 'stolen' });
    expect(out).toMatch(/^b: 2 certificates revoked, its connection ended\n/);
  });

  it.each([[[]], [['--reason', '  ']]])('does not revoke without a reason: %o', async (reason) => {
    const { exit } = await run(capturedIo({ cwd: cluster.directory }), 'hosts', 'revoke', 'b', ...reason);
    expect(exit).toBe(2);
  });
});

describe('sealwatch history', () => {
  const sizes: number[] = [];
  const endless: Partial<QueryServiceHandlers> = {
    ListHistory: ({ request: { pageSize, pageToken } }, done) => {
      sizes.push(pageSize);
      const from = Number(pageToken === '' ? 10_000 : pageToken);
      const entries = Array.from({ length: Math.min(pageSize, 3) }, (_, index) => ({
        at: '2026-11-23T09:30:00.000Z',
        kind: 'report',
        epoch: 1,
        sequence: from - index,
        verdict: 'compliant',
        details: ['new\u202eline'],
        digest: '',
      }));
      done(null, { entries, nextPageToken: String(from - entries.length) });
    },
  };

  it('pages until it has as many entries as asked for, newest first', async () => {
    const { exit, out } = await ask(endless, ...'history a --limit 7'.split(' '));
    expect(exit).toBe(0);
    expect(sizes).toEqual([7, 4, 1]);
    expect(out.trimEnd().split('\n')).toHaveLength(8);
    expect(out).toContain('1/10000  compliant  new\\u202eline');
  });

  it.each(['text', 'json'])('is a no if nothing is recorded, since a name may be mistyped: %s', async (output) => {
    const nothing: Partial<QueryServiceHandlers> = {
      ListHistory: (_call, done) => {
        done(null, { entries: [], nextPageToken: '' });
      },
    };
    expect(await ask(nothing, 'history', 'nod-1', '--output', output)).toMatchObject({
      exit: 1,
      out: '',
      err: 'sealwatch: nothing is recorded of nod-1; sealwatch hosts list has every name\n',
    });
  });

  it('gives JSON with null for what is not there', async () => {
    const { out } = await ask(endless, ...'history a --limit 1 --output json'.split(' '));
    expect(JSON.parse(out)).toMatchObject({ schema: 'sealwatch/history/v1', host: 'a', entries: [{ digest: null }] });
  });

  it.each(['0', '-1', 'NaN', '1.5', '1e9', ''])('exits 2 for --limit %s', async (limit) => {
    const { exit } = await run(capturedIo({ cwd: cluster.directory }), 'history', 'a', '--limit', limit);
    expect(exit).toBe(2);
  });
});

describe('sealwatch watch', () => {
  const change = {
    at: '2026-11-23T09:30:00.000Z',
    host: 'b',
    verdict: 'unknown',
    previousVerdict: 'compliant',
    reasons: ['host.silent host'],
  };

  it.each([
    ['text', '2026-11-23T09:30:00.000Z b compliant -> unknown: host.silent host\n'],
    ['json', `${JSON.stringify({ schema: 'sealwatch/posture-change/v1', ...orderedChange() })}\n`],
  ])('prints changes as %s until Ctrl-C, then exits 0', async (output, expected) => {
    const io = capturedIo({ cwd: cluster.directory });
    const { address } = await serve({ ...statusAnswer(), Watch: (call) => void call.write(change) });
    const running = run(io, 'watch', '--output', output, '--collector', address);
    await vi.waitUntil(() => io.stdout !== '', { timeout: 10_000 });
    io.stop();
    const { exit, out, err } = await running;
    expect({ exit, out, err }).toEqual({ exit: 0, out: expected, err: '' });
  });

  function orderedChange(): object {
    const { at, host, verdict, previousVerdict, reasons } = change;
    return { at, host, verdict, previousVerdict, reasons };
  }

  it('exits 3 when the stream breaks or ends', async () => {
    const { exit, out, err } = await ask(
      {
        ...statusAnswer(),
        Watch: (call) => {
          call.write(change);
          call.end();
        },
      },
      'watch',
    );
    expect(exit).toBe(3);
    expect(out).not.toBe('');
    expect(err).toMatch(/ended the stream/);
  });

  it('exits 3 when nobody listens', async () => {
    expect((await run(capturedIo({ cwd: cluster.directory }), 'watch')).exit).toBe(3);
  });
});

describe('sealwatch tokens create', () => {
  const requests: CreateTokenRequest[] = [];
  let next = 'swt1.secret';
  const answers: Partial<QueryServiceHandlers> = {
    CreateToken: ({ request }, done) => {
      requests.push(request);
      done(null, { token: next, expiresAt: '2026-11-23T10:30:00.000Z' });
    },
  };

  it("prints the token alone, and issues the host's bundle anew", async () => {
    const file = join(cluster.directory, '.sealwatch', 'bundles', 'b.json');
    for (const token of ['swt1.secret', 'swt1.other']) {
      next = token;
      const { exit, out } = await ask(answers, ...'tokens create --host b --ttl 10m --replace'.split(' '));
      expect({ exit, out }).toEqual({ exit: 0, out: `${token}\n` });
      expect(requests.at(-1)).toEqual({ host: 'b', ttlSeconds: 600, replace: true });
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(parseBundle(readFileSync(file), file)).toMatchObject({
        root: cluster.root,
        address: '127.0.0.1:1',
        token,
      });
    }
  });

  it('writes a bundle that only its owner can read, and does not print the token', async () => {
    next = 'swt1.secret';
    const { exit, out } = await ask(answers, ...'tokens create --host b --bundle b.bundle'.split(' '));
    expect(exit).toBe(0);
    expect(out).not.toContain('swt1');
    const file = join(cluster.directory, 'b.bundle');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(parseBundle(readFileSync(file), file)).toEqual({
      schema: 'sealwatch/enrollment-bundle/v1',
      root: cluster.root,
      address: '127.0.0.1:1',
      enrollAddress: 'collector.example.org:7444',
      token: 'swt1.secret',
    });
  });

  it('asks for no token that it could not write down', async () => {
    const before = requests.length;
    const { exit } = await ask(answers, ...'tokens create --host b --bundle cluster.yaml'.split(' '));
    expect(exit).toBe(2);
    expect(requests).toHaveLength(before);
  });

  it.each(['61m', '0s', 'NaN', '1', '500ms'])('exits 2 for --ttl %s', async (ttl) => {
    const { exit } = await run(capturedIo({ cwd: cluster.directory }), 'tokens', 'create', '--host', 'b', '--ttl', ttl);
    expect(exit).toBe(2);
  });
});
