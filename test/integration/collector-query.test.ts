import { loadPackageDefinition, makeClientConstructor, type ServiceClientConstructor } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { BUILT_IN_SNAPSHOT } from '@sealwatch/shared/cmvp/built-in-snapshot.js';
import { parseCheckDocument } from '@sealwatch/shared/check/check-json.js';
import type { CheckResult } from '@sealwatch/shared/check/check-result.js';
import { channelOptions } from '@sealwatch/shared/wire/channel.js';
import { inflateDocument } from '@sealwatch/shared/wire/deflated-document.js';
import { fromEnvelope } from '@sealwatch/shared/wire/envelope-wire.js';
import type { CheckEvent } from '@sealwatch/shared/wire/generated/sealwatch/v1/CheckEvent.js';
import type { GetReleaseResponse } from '@sealwatch/shared/wire/generated/sealwatch/v1/GetReleaseResponse.js';
import type { HostDetail } from '@sealwatch/shared/wire/generated/sealwatch/v1/HostDetail.js';
import type { ListHistoryResponse } from '@sealwatch/shared/wire/generated/sealwatch/v1/ListHistoryResponse.js';
import type { ListHostsResponse } from '@sealwatch/shared/wire/generated/sealwatch/v1/ListHostsResponse.js';
import { fromStatus } from '@sealwatch/shared/wire/grpc-status.js';
import { protoPath } from 'grpc-health-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enrollHost } from '../fakes/enrolling-host.js';
import { answer, RunningCollector } from '../fakes/running-collector.js';
import { HELLO, TalkingAgent } from '../fakes/talking-agent.js';
import { waitUntil } from '../fakes/wait-until.js';

const HOSTS = ['host-a', 'host-b', 'host-c'];

let running: RunningCollector;

beforeAll(async () => {
  running = await RunningCollector.start({ hosts: HOSTS });
});

afterAll(async () => {
  await running.dispose();
});

describe('check', () => {
  it('streams progress and then the result document, with every declared host in it', async () => {
    const events: CheckEvent[] = [];
    const call = running.query('vera').check({ timeoutMs: 500 });
    call.on('data', (event: CheckEvent) => events.push(event));
    await new Promise((resolve, reject) => call.once('end', resolve).once('error', reject));
    expect(events[0]).toMatchObject({ event: 'progress', progress: { answered: 0, asked: HOSTS.length } });
    const last = events.at(-1);
    expect(last).toMatchObject({ event: 'result', result: { schema: 'sealwatch/check/v1' } });
    const result = JSON.parse(
      inflateDocument(last?.result?.deflatedDocument ?? Buffer.alloc(0)).toString('utf8'),
    ) as CheckResult;
    expect(result.hosts.map(({ name }) => name)).toEqual(HOSTS);
    expect(result.verdict).not.toBe('compliant');
  });

  it('refuses a host that is not declared', async () => {
    const call = running.query('vera').check({ hosts: ['host-z'] });
    const error = await new Promise((resolve) => call.once('error', resolve).resume());
    expect(fromStatus(error)).toMatchObject({ code: 'host.undeclared' });
  });

  it('judges certificates for the day it is asked for, and refuses what is no day', async () => {
    const events: CheckEvent[] = [];
    const call = running.query('vera').check({ cached: true, asOf: '2026-09-01' });
    call.on('data', (event: CheckEvent) => events.push(event));
    await new Promise((resolve, reject) => call.once('end', resolve).once('error', reject));
    const result = parseCheckDocument(inflateDocument(events.at(-1)?.result?.deflatedDocument ?? Buffer.alloc(0)));
    expect(result.certificates).toMatchObject({ on: '2026-09-01', asOf: BUILT_IN_SNAPSHOT.asOf, modules: [] });
    const refused = running.query('vera').check({ asOf: '2026-02-30' });
    const error = await new Promise((resolve) => refused.once('error', resolve).resume());
    expect(fromStatus(error)).toMatchObject({ code: 'usage.invalid' });
  });

  it('ends when the caller hangs up, so that no host is waited for', async () => {
    const host = await enrollHost(running, 'host-a');
    const agent = new TalkingAgent(running.agent(host.identity));
    agent.say(HELLO);
    await agent.hears('welcome');
    const first = running.query('vera').check({ hosts: ['host-a'], timeoutMs: 60_000 });
    first.on('error', () => undefined).resume();
    const { nonce } = await agent.hears('challenge');
    first.cancel();
    // a later check would have to share or wait for the nonce of one that still runs
    const second = running.query('vera').check({ hosts: ['host-a'], timeoutMs: 60_000 });
    second.on('error', () => undefined).resume();
    await waitUntil('another nonce', () =>
      agent.heard.some((each) => each.kind === 'challenge' && each.nonce !== nonce),
    );
    second.cancel();
    agent.hangUp();
  });
});

describe('hosts and history', () => {
  it('are listed in pages without gaps', async () => {
    const names: string[] = [];
    let pageToken = '';
    do {
      const page = await answer<ListHostsResponse>((done) =>
        running.query('vera').listHosts({ pageSize: 2, pageToken }, done),
      );
      names.push(...page.hosts.map(({ name }) => name));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    expect(names).toEqual(HOSTS);
  });

  it('show a host with its certificates and its part of the result', async () => {
    await enrollHost(running, 'host-b');
    const host = await answer<HostDetail>((done) => running.query('vera').getHost({ name: 'host-b' }, done));
    expect(host.summary).toMatchObject({ name: 'host-b', role: 'worker', epoch: 1, standing: 'never-reported' });
    expect(host.certificates.map(({ purpose }) => purpose).sort()).toEqual(['signing', 'tls']);
    expect(JSON.parse(host.result.toString('utf8'))).toMatchObject({ name: 'host-b' });
    const history = await answer<ListHistoryResponse>((done) =>
      running.query('vera').listHistory({ host: 'host-b' }, done),
    );
    expect(history.entries.map(({ kind }) => kind)).toContain('enrollment');
  });

  it('do not know what is not there', async () => {
    const { query } = { query: running.query('vera') };
    await expect(answer((done) => query.getHost({ name: 'host-z' }, done))).rejects.toMatchObject({
      code: 'host.unknown',
    });
    const report = { host: 'host-b', epoch: 1, sequence: 9 };
    await expect(answer((done) => query.getReport(report, done))).rejects.toMatchObject({ code: 'host.unknown' });
  });
});

describe('a watcher', () => {
  it('hears of a change of posture as it happens, and is sent away when its role goes', async () => {
    const call = running.query('vera').watch({});
    const changes: { host: string; verdict: string }[] = [];
    call.on('data', (change: (typeof changes)[number]) => changes.push(change));
    const ended = new Promise((resolve) => call.once('error', resolve));
    await new Promise((resolve) => call.once('metadata', resolve));
    const strict = { severities: { 'host.undeclared': 'fail' } } as const;
    await running.publish(2, ['host-a', 'host-c'], { policy: strict });
    await waitUntil('the change', () => changes.some(({ host, verdict }) => host === '' && verdict === 'noncompliant'));
    await running.publish(3, HOSTS, { roles: { vera: undefined } });
    expect(fromStatus(await ended)).toMatchObject({ code: 'identity.forbidden' });
    await running.publish(4, HOSTS);
  });
});

describe('a release', () => {
  it('comes back as it was signed', async () => {
    const { release } = await answer<GetReleaseResponse>((done) => running.query('vera').getRelease({}, done));
    expect(release?.payload.toString('utf8')).toContain('"version":4');
  });

  it('reaches the agents that are connected', async () => {
    const host = await enrollHost(running, 'host-c');
    const agent = new TalkingAgent(running.agent(host.identity));
    agent.say({ ...HELLO, instance: 'cc'.repeat(16), releaseVersion: 4 } as typeof HELLO);
    expect((await agent.hears('welcome')).update).toBeNull();
    await running.publish(5, HOSTS);
    expect((await agent.hears('update')).bundle.release.payload.toString('utf8')).toContain('"version":5');
    agent.hangUp();
  });

  it('never goes back, and is the cluster key’s alone to make', async () => {
    await expect(running.publish(3, HOSTS)).rejects.toMatchObject({ code: 'release.rollback' });
    const forged = { ...running.inception, payloadType: 'application/vnd.sealwatch.release.v1+json' };
    const publishing = answer((done) => running.query('root').publishRelease({ release: fromEnvelope(forged) }, done));
    await expect(publishing).rejects.toMatchObject({ code: expect.stringMatching(/^(envelope|release)\./) as string });
  });
});

describe('before the first release', () => {
  it('one can look and publish, and nothing else', async () => {
    const fresh = await RunningCollector.start({ unreleased: true });
    try {
      const vera = fresh.query('vera');
      await expect(answer((done) => vera.getStatus({}, done))).resolves.toMatchObject({ releaseVersion: 0 });
      for (const refused of [
        answer((done) => vera.createToken({ host: 'host-a' }, done)),
        answer((done) => vera.revokeHost({ host: 'host-a', reason: 'x' }, done)),
        answer((done) => vera.getRelease({}, done)),
      ]) {
        await expect(refused).rejects.toMatchObject({ code: 'release.missing' });
      }
      await fresh.publish(1, HOSTS);
      await expect(answer((done) => vera.createToken({ host: 'host-a' }, done))).rejects.toMatchObject({
        code: 'identity.forbidden',
      });
    } finally {
      await fresh.dispose();
    }
  });
});

describe('health', () => {
  it.each(['address', 'enrollAddress'] as const)('is answered at %s', async (which) => {
    const { grpc } = loadPackageDefinition(loadSync(protoPath)) as unknown as {
      grpc: { health: { v1: { Health: ServiceClientConstructor } } };
    };
    const Health = makeClientConstructor(grpc.health.v1.Health.service, 'Health');
    const credentials = which === 'address' ? running.credentials(running.operators.vera) : running.anonymous();
    const client = new Health(running[which], credentials, channelOptions());
    try {
      const check = client['check']?.bind(client) as (
        request: object,
        done: (error: Error | null, response?: { status: unknown }) => void,
      ) => unknown;
      const { status } = await answer<{ status: unknown }>((done) => check({ service: '' }, done));
      expect(status).toBe(1);
    } finally {
      client.close();
    }
  });
});
