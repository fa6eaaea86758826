import { connect } from 'node:net';
import type { ClusterStatus } from '@sealwatch/shared/wire/generated/sealwatch/v1/ClusterStatus.js';
import type { RevokeHostResponse } from '@sealwatch/shared/wire/generated/sealwatch/v1/RevokeHostResponse.js';
import { channelOptions } from '@sealwatch/shared/wire/channel.js';
import { fromStatus } from '@sealwatch/shared/wire/grpc-status.js';
import { loadProtos } from '@sealwatch/shared/wire/load-protos.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EnrolledHost, enrollHost } from '../fakes/enrolling-host.js';
import { opensslHandshake } from '../fakes/openssl-handshake.js';
import { answer, RunningCollector } from '../fakes/running-collector.js';
import { HELLO, TalkingAgent } from '../fakes/talking-agent.js';
import { TestAuthority, type TestIdentity } from '../fakes/test-authority.js';

/** One host has an administrator's name. */
const HOSTS = ['host-a', 'host-b', 'host-c', 'host-d', 'root'];

let running: RunningCollector;
let hostA: EnrolledHost;
const wrong: Record<string, TestIdentity> = {};

beforeAll(async () => {
  running = await RunningCollector.start({
    hosts: HOSTS,
    before: (authority) => {
      wrong['expired'] = authority.expiredOperator('root');
      wrong['other-cluster'] = authority.operatorOfOtherCluster('root');
      wrong['nobody'] = authority.operator('nobody');
    },
  });
  hostA = await enrollHost(running, 'host-a');
});

afterAll(async () => {
  await running.dispose();
});

const status = (who: Parameters<RunningCollector['query']>[0]): Promise<ClusterStatus> =>
  answer<ClusterStatus>((done) => running.query(who).getStatus({}, done));

describe.each(['address', 'enrollAddress'] as const)('the listener at %s agrees on approved TLS only', (which) => {
  it.each([
    ['TLS 1.3 with AES-256-GCM', ['-tls1_3', '-ciphersuites', 'TLS_AES_256_GCM_SHA384']],
    ['TLS 1.3 with AES-128-GCM on P-384', ['-tls1_3', '-ciphersuites', 'TLS_AES_128_GCM_SHA256', '-groups', 'P-384']],
    ['TLS 1.2 with ECDHE on P-256', ['-tls1_2', '-cipher', 'ECDHE-ECDSA-AES128-GCM-SHA256', '-groups', 'P-256']],
  ])('accepts %s', async (_, offer) => {
    expect((await opensslHandshake(running[which], ...offer)).agreed).toBeDefined();
  });

  it.each([
    ['TLS 1.1', ['-tls1_1', '-cipher', 'ALL:@SECLEVEL=0'], 'protocol version'],
    ['ChaCha20 in TLS 1.3', ['-tls1_3', '-ciphersuites', 'TLS_CHACHA20_POLY1305_SHA256'], 'handshake failure'],
    ['ChaCha20 in TLS 1.2', ['-tls1_2', '-cipher', 'ECDHE-ECDSA-CHACHA20-POLY1305'], 'handshake failure'],
    ['CBC', ['-tls1_2', '-cipher', 'ECDHE-ECDSA-AES128-SHA256'], 'handshake failure'],
    ['RSA key exchange', ['-tls1_2', '-cipher', 'AES128-GCM-SHA256'], 'handshake failure'],
    ['X25519 and nothing else', ['-tls1_3', '-groups', 'X25519'], 'handshake failure'],
    ['X25519 in TLS 1.2', ['-tls1_2', '-groups', 'X25519'], 'handshake failure'],
  ])('refuses %s', async (_, offer, alert) => {
    const { agreed, said } = await opensslHandshake(running[which], ...offer);
    expect(agreed).toBeUndefined();
    // the server's alert, not a client that could not even offer it
    expect(said).toContain(`alert ${alert}`);
  });
});

describe('without a certificate of this cluster nobody is heard', () => {
  it('nobody without any', async () => {
    const client = new (loadProtos().QueryService)(running.address, running.anonymous(), channelOptions());
    await expect(answer((done) => client.getStatus({}, done))).rejects.toMatchObject({ code: 'collector.unreachable' });
    client.close();
  });

  it('no certificate of another root', async () => {
    const stranger = new TestAuthority({ clusterId: running.authority.clusterId }).operator('root');
    await expect(status(stranger)).rejects.toMatchObject({ code: 'collector.unreachable' });
  });

  it('no expired certificate', async () => {
    await expect(status(wrong['expired']!)).rejects.toMatchObject({ code: 'collector.unreachable' });
  });

  it("no host's signing certificate", async () => {
    const signing = running.authority.signingCertificate('host-a');
    await expect(status(signing)).rejects.toMatchObject({ code: 'collector.unreachable' });
  });

  it('no operator of another cluster under the same root', async () => {
    await expect(status(wrong['other-cluster']!)).rejects.toMatchObject({ code: 'identity.forbidden' });
  });

  it('no certificate that is in nobody’s record', async () => {
    await expect(status(running.authority.operator('root'))).rejects.toMatchObject({ code: 'certificate.rejected' });
    const agent = new TalkingAgent(running.agent(running.authority.unrecordedHost('host-a')));
    expect(await agent.ended).toMatchObject({ code: 'certificate.rejected' });
  });
});

it('a key is good for the name it was given to, and for no other', async () => {
  const renamed = running.authority.renamed(running.operators.vera, 'root');
  await expect(status(renamed)).rejects.toMatchObject({ code: 'certificate.rejected' });
});

describe('a role opens what it opens', () => {
  it('a viewer sees the status and may not revoke', async () => {
    expect(await status('vera')).toMatchObject({ clusterName: 'test', declared: HOSTS.length });
    const revoking = answer((done) => running.query('vera').revokeHost({ host: 'host-a', reason: 'no' }, done));
    await expect(revoking).rejects.toMatchObject({ code: 'identity.forbidden' });
  });

  it('an operator makes tokens and may not publish', async () => {
    await expect(running.createToken('host-d')).resolves.toMatch(/^swt1\./);
    await expect(answer((done) => running.query('oscar').publishRelease({}, done))).rejects.toMatchObject({
      code: 'identity.forbidden',
    });
  });

  it('an operator the release does not name has no role', async () => {
    await expect(status(wrong['nobody']!)).rejects.toMatchObject({ code: 'identity.forbidden' });
  });

  it('a host asks nothing, not even under the name of an operator; and an operator attests nothing', async () => {
    for (const { identity } of [hostA, await enrollHost(running, 'root')]) {
      await expect(status(identity)).rejects.toMatchObject({ code: 'identity.forbidden' });
    }
    const agent = new TalkingAgent(running.agent(running.operators.root));
    expect(await agent.ended).toMatchObject({ code: 'identity.forbidden' });
  });
});

describe('an agent’s stream', () => {
  it('is welcomed, and ends at once when its host is revoked; the next one is refused', async () => {
    const host = await enrollHost(running, 'host-b');
    const agent = new TalkingAgent(running.agent(host.identity));
    agent.say(HELLO);
    await agent.hears('welcome');
    const revoked = await answer<RevokeHostResponse>((done) =>
      running.query('root').revokeHost({ host: 'host-b', reason: 'stolen' }, done),
    );
    expect(revoked).toMatchObject({ certificates: 2, streamEnded: true });
    expect(await agent.ended).toMatchObject({ code: 'host.revoked' });
    const again = new TalkingAgent(running.agent(host.identity));
    expect(await again.ended).toMatchObject({ code: 'host.revoked' });
  });

  it('is refused over the size of a message, and the server lives', async () => {
    const agent = new TalkingAgent(running.agent(hostA.identity));
    agent.say(HELLO);
    await agent.hears('welcome');
    agent.sayRaw({ bodies: { bodies: [{ digest: 'x', deflated: Buffer.alloc(1_100_000) }] } });
    expect(await agent.ended).toMatchObject({ code: 'limit.exceeded' });
    await expect(status('vera')).resolves.toBeDefined();
  });

  it('is refused for what can’t be read, with the reason', async () => {
    const agent = new TalkingAgent(running.agent(hostA.identity));
    agent.sayRaw({ hello: { instance: 'me' } });
    const error = await agent.ended;
    expect(error).toMatchObject({ code: 'statement.malformed' });
    expect(error?.message).toContain('instance');
  });

  it('ends cleanly when the agent hangs up, and another may come', async () => {
    const agent = new TalkingAgent(running.agent(hostA.identity));
    agent.say(HELLO);
    await agent.hears('welcome');
    agent.halfClose();
    expect(await agent.ended).toBeUndefined();
    const next = new TalkingAgent(running.agent(hostA.identity));
    next.say({ ...HELLO, instance: 'ee'.repeat(16) } as typeof HELLO);
    await next.hears('welcome');
    next.hangUp();
  });

  it('may not be opened many times over', async () => {
    const host = await enrollHost(running, 'host-c');
    const agents = Array.from({ length: 6 }, () => new TalkingAgent(running.agent(host.identity)));
    const refused = await Promise.race(agents.map(({ ended }) => ended));
    expect(refused).toMatchObject({ code: 'limit.exceeded' });
    for (const agent of agents) agent.hangUp();
  });
});

describe('limits before anybody is known', () => {
  let bounded: RunningCollector;

  beforeAll(async () => {
    bounded = await RunningCollector.start({
      limits: {
        handshakeTimeoutMs: 300,
        maxEnrollConnections: 3,
        helloTimeoutMs: 300,
        calls: { burst: 5, perSecond: 0.1 },
      },
    });
  });

  afterAll(async () => {
    await bounded.dispose();
  });

  it('a handshake that does not come is cut', async () => {
    const started = performance.now();
    await new Promise<void>((resolve) => {
      const socket = connect(bounded.collector.address.port, '127.0.0.1');
      socket
        .on('error', () => undefined)
        .once('close', () => {
          resolve();
        });
      socket.resume();
    });
    expect(performance.now() - started).toBeGreaterThan(250);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  it('connections over the cap are closed, and the place of one that ends is free again', async () => {
    const port = bounded.collector.enrollAddress.port;
    const held = Array.from({ length: 3 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
    await Promise.all(held.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
    const { agreed } = await opensslHandshake(bounded.enrollAddress, '-tls1_3');
    expect(agreed).toBeUndefined();
    for (const socket of held) socket.destroy();
    await expect
      .poll(async () => (await opensslHandshake(bounded.enrollAddress, '-tls1_3')).agreed, { timeout: 5_000 })
      .toBeDefined();
  });

  it('an agent that says nothing is sent away', async () => {
    const host = await enrollHost(bounded, 'host-a');
    const agent = new TalkingAgent(bounded.agent(host.identity));
    expect(await agent.ended).toMatchObject({ code: 'collector.protocol' });
  });

  it('one identity can’t call without end, and others still can', async () => {
    const ask = (): Promise<unknown> => answer((done) => bounded.query('vera').getStatus({}, done));
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, ask));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused.length).toBe(3);
    expect(fromStatus(refused[0]?.reason)).toMatchObject({ code: 'limit.exceeded' });
    await expect(answer((done) => bounded.query('root').getStatus({}, done))).resolves.toBeDefined();
  });
});

it('a collector that stops tells its agents to come back, and is gone at once', async () => {
  const stopping = await RunningCollector.start();
  const host = await enrollHost(stopping, 'host-a');
  const agent = new TalkingAgent(stopping.agent(host.identity));
  agent.say(HELLO);
  await agent.hears('welcome');
  const started = performance.now();
  await stopping.collector.close();
  expect(performance.now() - started).toBeLessThan(1_500);
  expect(await agent.ended).toMatchObject({ code: 'collector.unreachable' });
  await stopping.dispose();
});
