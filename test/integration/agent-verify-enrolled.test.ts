import { appendFileSync, mkdirSync } from 'node:fs';
import { statePaths } from '@sealwatch/agent/state/state-paths.js';
import { ReleaseStore } from '@sealwatch/agent/state/release-store.js';
import { type Envelope } from '@sealwatch/shared/envelope/envelope.js';
import { envelopeToJson } from '@sealwatch/shared/envelope/envelope-json.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { writePrivateFile } from '@sealwatch/shared/runtime/private-files.js';
import { timestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { parsePublicKey } from '@sealwatch/shared/signing/public-key.js';
import { openInception } from '@sealwatch/shared/trust/open-inception.js';
import type { Release } from '@sealwatch/shared/trust/release.js';
import { readCertificate } from '@sealwatch/shared/x509/read-certificate.js';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { policy } from '../fakes/appraisal-world.js';
import { AgentDesk } from '../fakes/enrolled-agent.js';
import { TestAuthority } from '../fakes/test-authority.js';
import { TestPublisher } from '../fakes/test-publisher.js';

const KUBELET = {
  name: 'kubelet',
  paths: ['/usr/bin/kubelet'],
  bytes: Buffer.from('a real kubelet, as far as this goes'),
};

let publisher: TestPublisher;
let manifest: Envelope;
beforeAll(async () => {
  publisher = new TestPublisher();
  manifest = await publisher.manifest([KUBELET]);
});

/** A host that enrolled and received a release, with no collector in reach. */
let desk: AgentDesk;
beforeEach(() => {
  desk = new AgentDesk();
  desk.tree.write('/usr/bin/kubelet', KUBELET.bytes);
});
afterEach(() => {
  desk.dispose();
});

async function enrolled(changes: Partial<Release> = {}): Promise<void> {
  const authority = new TestAuthority();
  const paths = statePaths(desk.stateDir);
  mkdirSync(paths.trust, { recursive: true, mode: 0o700 });
  const inception = await authority.inception();
  const record = {
    schema: 'sealwatch/agent-enrollment/v1',
    clusterId: authority.clusterId,
    host: 'host-a',
    epoch: 1,
    address: 'localhost:1',
    enrollAddress: 'localhost:1',
    previousHead: null,
    enrolledAt: timestamp(Date.now()),
  };
  await writePrivateFile(paths.rootCertificate, authority.rootPem);
  await writePrivateFile(paths.inception, envelopeToJson(inception));
  await writePrivateFile(paths.enrollment, JSON.stringify(record));
  const { keyid } = parsePublicKey(publisher.publicPem, 'the test publisher');
  const release = await authority.release(inception, {
    version: 7,
    hosts: [{ name: 'host-a', role: 'worker' }],
    operators: [],
    policy: policy({ components: { worker: { kubelet: 'file', 'kube-proxy': 'image' } } }),
    publisherKeys: [{ keyid, pem: publisher.publicPem, revoked: null }],
    manifests: [{ digest: sha256(manifest.payload), from: timestamp(0), until: null }],
    ...changes,
  });
  const clusterKey = readCertificate(authority.rootPem, 'the root').publicKey;
  const trust = { clusterKey, inception: openInception(inception, clusterKey) };
  await new ReleaseStore({ directory: paths.release, trust }).accept({ release, manifests: [manifest] });
}

it('verifies an enrolled host against its release, without flags and without a network', async () => {
  await enrolled();
  const { status, io } = await desk.run('verify', '--root', desk.tree.root);
  expect(io.stderr).toBe('');
  expect(status).toBe(0);
  expect(io.stdout).toMatch(/^Host: host-a =+\n/);
  expect(io.stdout).toContain('/usr/bin/kubelet [file] Signature Validated                            [OK]');
  expect(io.stdout).toContain('kube-proxy [image] Not checked: the policy requires no image evidence\n');
  expect(io.stdout).toContain('mode fips, release 7\n');
});

it('fails for an enrolled host that was changed', async () => {
  await enrolled();
  appendFileSync(desk.tree.at('/usr/bin/kubelet'), '!');
  const { status, io } = await desk.run('verify', '--root', desk.tree.root);
  expect(status).toBe(1);
  expect(io.stdout).toContain('/usr/bin/kubelet [file] Signature Invalid                              [FAIL]');
});

it('refuses a host its release does not declare', async () => {
  await enrolled({ hosts: [{ name: 'host-b', role: 'worker' }] });
  const { status, io } = await desk.run('verify', '--root', desk.tree.root);
  expect(status).toBe(1);
  expect(io.stderr).toContain('host-a');
  expect(io.stdout).toBe('');
});

it('takes the flags that belong to a manifest only with one', async () => {
  await enrolled();
  const { status, io } = await desk.run('verify', '--root', desk.tree.root, '--mode', 'standard');
  expect(status).toBe(2);
  expect(io.stderr).toContain('--manifest');
});
