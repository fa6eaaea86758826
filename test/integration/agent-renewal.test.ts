import { readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { grpcEnrollmentClient } from '@sealwatch/agent/enrollment/enrollment-client.js';
import { HostIdentity } from '@sealwatch/agent/enrollment/host-identity.js';
import { renewalDueAt, renewCertificates } from '@sealwatch/agent/enrollment/renew-certificates.js';
import { CertificateRenewal } from '@sealwatch/agent/enrollment/renewal.js';
import { certifiedKey, chainPem, keyPem, replaceCertifiedKey } from '@sealwatch/agent/state/certified-key.js';
import { statePaths } from '@sealwatch/agent/state/state-paths.js';
import { loadTrustAnchors, type TrustAnchors } from '@sealwatch/agent/state/trust-anchors.js';
import { type Clock, systemClock } from '@sealwatch/shared/runtime/clock.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { generateP256 } from '@sealwatch/shared/signing/generate-key.js';
import { loadProtos } from '@sealwatch/shared/wire/load-protos.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quiet } from '../fakes/agent-chain.js';
import { AgentDesk } from '../fakes/enrolled-agent.js';
import { RunningCollector } from '../fakes/running-collector.js';
import { waitUntil } from '../fakes/wait-until.js';

const DAY = 86_400_000;

/** The machine's clock, set forward: TLS itself goes by the real one. */
let ahead = 0;
const clock: Clock = { wall: () => systemClock.wall() + ahead, monotonic: () => systemClock.monotonic() };

let collector: RunningCollector;
let desk: AgentDesk;
let trust: TrustAnchors;
let identity: HostIdentity;
beforeEach(async () => {
  ahead = 0;
  collector = await RunningCollector.start({ clock });
  desk = new AgentDesk();
  await desk.enroll(collector);
  trust = await loadTrustAnchors(statePaths(desk.stateDir));
  identity = await HostIdentity.load(statePaths(desk.stateDir));
});
afterEach(async () => {
  desk.dispose();
  await collector.dispose();
});

function client(): ReturnType<typeof grpcEnrollmentClient> {
  const { enrollAddress, clusterId } = trust.enrollment;
  return grpcEnrollmentClient({ protos: loadProtos(), enrollAddress, root: trust.rootPem, clusterId });
}

const renew = (signing: boolean): Promise<void> =>
  renewCertificates({ signing }, { trust, identity, client: client(), clock });

describe('renewing', () => {
  it('brings a new TLS key and certificate, kept over a restart, and leaves the signing key alone', async () => {
    const before = [identity.tls.leaf.publicKey.keyid, identity.signing.leaf.serial];
    ahead = 4 * DAY;
    await renew(false);
    expect(identity.tls.leaf.publicKey.keyid).not.toBe(before[0]);
    expect(identity.signing.leaf.serial).toBe(before[1]);
    expect(identity.tls.leaf.notAfter).toBeGreaterThan(clock.wall() + 6 * DAY);
    const again = await HostIdentity.load(statePaths(desk.stateDir));
    expect(again.tls.leaf.serial).toBe(identity.tls.leaf.serial);
    expect(readdirSync(join(desk.stateDir, 'identity')).sort()).toEqual([
      'signing.key',
      'signing.pem',
      'tls.key',
      'tls.pem',
    ]);
  });

  it('brings a new signing key under the signature of the old one, which can then renew in its turn', async () => {
    const { keyid } = identity.signer;
    ahead = 3 * DAY;
    await renew(true);
    expect(identity.signer.keyid).not.toBe(keyid);
    expect(identity.signer.keyid).toBe(identity.signing.leaf.publicKey.keyid);
    await renew(false);
  });

  it('works with a TLS certificate that expired weeks ago, but not one that expired a month ago', async () => {
    ahead = (7 + 29) * DAY;
    await renew(false);
    ahead += (7 + 31) * DAY;
    await expect(renew(false)).rejects.toMatchObject({ code: 'certificate.rejected' });
  });

  it('refuses an answer for another key or another host', async () => {
    const other = new AgentDesk();
    await collector.publish(2, ['host-a', 'host-b']);
    await other.enroll(collector, 'host-b');
    const foreign = await HostIdentity.load(statePaths(other.stateDir));
    const answering = { renew: () => Promise.resolve({ signingChain: [], tlsChain: foreign.tls.chain }) };
    const before = identity.tls.leaf.serial;
    const deps = { trust, identity, client: answering, clock };
    await expect(renewCertificates({ signing: false }, deps)).rejects.toMatchObject({ code: 'host.mismatch' });
    const mine = { renew: () => Promise.resolve({ signingChain: [], tlsChain: identity.tls.chain }) };
    await expect(renewCertificates({ signing: false }, { ...deps, client: mine })).rejects.toMatchObject({
      code: 'key.invalid',
    });
    expect(identity.tls.leaf.serial).toBe(before);
    other.dispose();
  });
});

describe('the keeper of the certificates', () => {
  it('renews at half their lives, tries again after failures, and tells who uses them', async () => {
    let renewed = 0;
    let failures = 2;
    const real = client();
    const flaky = {
      renew: (envelope: Parameters<typeof real.renew>[0]) =>
        failures-- > 0 ? Promise.reject(new CodedError('collector.unreachable', 'no')) : real.renew(envelope),
    };
    const before = identity.tls.leaf.serial;
    const keeper = new CertificateRenewal({
      trust,
      identity,
      client: flaky,
      clock,
      log: quiet,
      backoff: { firstMs: 5, mostMs: 10 },
      onRenewed: () => (renewed += 1),
    });
    ahead = renewalDueAt(identity.tls) - systemClock.wall() - 200;
    keeper.start();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(failures).toBe(2);
    await waitUntil('the certificate is renewed', () => renewed > 0);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await keeper.stop();
    expect([renewed, failures]).toEqual([1, -1]);
    expect(identity.tls.leaf.serial).not.toBe(before);
  });
});

describe('a pair of files that is being replaced', () => {
  it('is the old or the new one, never a mixture, wherever a crash comes', async () => {
    const directory = join(desk.stateDir, 'identity');
    const old = identity.tls;
    await renew(false);
    const renewed = identity.tls;
    const file = (name: string): string => join(directory, name);

    // only the new key was written: the old pair stays
    await replaceCertifiedKey(directory, 'tls', old);
    writeFileSync(file('tls.next.key'), keyPem(renewed), { mode: 0o600 });
    expect((await HostIdentity.load(statePaths(desk.stateDir))).tls.leaf.serial).toBe(old.leaf.serial);
    expect(readdirSync(directory)).not.toContain('tls.next.key');

    // the new pair was complete, and its key moved already
    await replaceCertifiedKey(directory, 'tls', renewed);
    renameSync(file('tls.pem'), file('tls.next.pem'));
    writeFileSync(file('tls.pem'), chainPem(old), { mode: 0o600 });
    expect((await HostIdentity.load(statePaths(desk.stateDir))).tls.leaf.serial).toBe(renewed.leaf.serial);
  });

  it('is refused if key and certificate do not belong together', () => {
    const stranger = generateP256().privateKey;
    expect(() => certifiedKey(stranger, identity.tls.chain, 'tls.pem')).toThrow(/certifies another key/);
  });
});
