import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sealwatchProgram } from '@sealwatch/collector/cli/program.js';
import { loadClusterConfig } from '@sealwatch/collector/config/load-cluster-config.js';
import { operatorDirectory, type OperatorDirectory } from '@sealwatch/collector/config/operator-directory.js';
import { highestLocalVersion, keepRelease, readLocalRelease } from '@sealwatch/collector/deployment/local-releases.js';
import { prepareDeployment, type PreparedDeployment } from '@sealwatch/collector/deployment/prepare-deployment.js';
import { loadClusterTrust } from '@sealwatch/collector/provisioning/cluster-trust.js';
import { BUILT_IN_SNAPSHOT } from '@sealwatch/shared/cmvp/built-in-snapshot.js';
import type { CmvpSnapshot } from '@sealwatch/shared/cmvp/cmvp-snapshot.js';
import { runProgram } from '@sealwatch/shared/cli/run-program.js';
import { PAYLOAD_TYPES } from '@sealwatch/shared/envelope/envelope.js';
import { signEnvelope } from '@sealwatch/shared/envelope/sign-envelope.js';
import { isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import { generateP256 } from '@sealwatch/shared/signing/generate-key.js';
import { keySigner } from '@sealwatch/shared/signing/key-file-signer.js';
import { publicKeyOf } from '@sealwatch/shared/signing/public-key.js';
import { openRelease } from '@sealwatch/shared/trust/open-release.js';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { capturedIo } from '../fakes/captured-io.js';

const DAY = 86_400_000;

async function sealwatch(cwd: string, ...args: string[]): Promise<void> {
  const io = capturedIo({ cwd });
  const status = await runProgram(sealwatchProgram(io), args, io);
  if (status !== 0) throw new Error(`sealwatch ${args.join(' ')}: exit ${String(status)}\n${io.stderr}`);
}

/** A publisher's keys and manifests, made once: RSA-4096 keys take their time. */
let publisher: string;
beforeAll(async () => {
  publisher = mkdtempSync(join(tmpdir(), 'sealwatch-publisher-'));
  for (const name of ['kubeadm', 'kubelet', 'containerd', 'runc']) writeFileSync(join(publisher, name), name);
  await sealwatch(publisher, 'manifest', 'keygen', '--out', 'own.key');
  await sealwatch(publisher, 'manifest', 'keygen', '--out', 'other.key');
  const components = ['kubeadm', 'kubelet', 'containerd', 'runc'].flatMap((name) => [
    '--component',
    `${name}=/${name}`,
  ]);
  const create = (id: string, key: string, ...more: string[]): Promise<void> =>
    sealwatch(
      publisher,
      ...['manifest', 'create', '--id', id, '--root', publisher, '--key', key, '--out', `${id}.json`],
      ...(more.includes('--component') ? [] : components),
      ...more,
    );
  await create('whole', 'own.key');
  await create('partial', 'own.key', '--component', 'kubelet=/kubelet');
  await create('foreign', 'other.key');
  await create('future', 'own.key', '--not-before', new Date(Date.now() + 10 * DAY).toISOString());
  return () => {
    rmSync(publisher, { recursive: true, force: true });
  };
});

let cwd: string;
let directory: OperatorDirectory;
beforeEach(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'sealwatch-deploy-'));
  directory = operatorDirectory(cwd);
  await sealwatch(cwd, 'init', '--mode', 'fips', '--name', 'prod', '--host', 'a=worker');
  await sealwatch(cwd, 'provision');
});
afterEach(() => {
  rmSync(cwd, { recursive: true, force: true });
});

/** What cluster.yaml lists, in flow style. */
function list(publisherKeys: string, manifests: string): void {
  const text = readFileSync(directory.clusterYaml, 'utf8');
  writeFileSync(
    directory.clusterYaml,
    text
      .replace(/^publisherKeys: .*$/m, `publisherKeys: ${publisherKeys}`)
      .replace(/^manifests: .*$/m, `manifests: ${manifests}`),
  );
}

async function prepare(now = Date.now()): Promise<PreparedDeployment> {
  const config = await loadClusterConfig(directory);
  const trust = await loadClusterTrust(directory, config);
  return prepareDeployment({ directory, config, trust, inForce: undefined, now, windowMs: undefined });
}

async function refusal(now?: number): Promise<string> {
  try {
    await prepare(now);
  } catch (error) {
    if (isCoded(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'none';
}

const at = (name: string): string => JSON.stringify(join(publisher, name));

describe('a deployment that is prepared', () => {
  it('is a release every reader accepts, with the manifests it names', async () => {
    list(`[${at('own.pub')}]`, `[${at('whole.json')}]`);
    const { release, manifests, unlisted, unchanged } = await prepare();
    const trust = await loadClusterTrust(directory, await loadClusterConfig(directory));
    const envelope = await signEnvelope(PAYLOAD_TYPES.release, release, keySigner(trust.clusterKey));
    const bundle = { release: envelope, manifests };
    const opened = openRelease(bundle, { clusterKey: publicKeyOf(trust.clusterKey), inception: trust.inception });
    expect(opened.manifests.map(({ manifest }) => manifest.id)).toEqual(['whole']);
    expect({ unlisted, unchanged, version: release.version }).toEqual({
      unlisted: [{ role: 'worker', component: 'kube-proxy' }],
      unchanged: false,
      version: 1,
    });
  });

  it('takes files relative to cluster.yaml', async () => {
    for (const name of ['own.pub', 'whole.json']) copyFileSync(join(publisher, name), join(cwd, name));
    list('[own.pub]', '[{file: whole.json}]');
    expect((await prepare()).release.manifests).toHaveLength(1);
  });

  it('names the components that no manifest lists', async () => {
    list(`[${at('own.pub')}]`, `[${at('partial.json')}]`);
    expect((await prepare()).unlisted.map(({ component }) => component)).toEqual([
      'kubeadm',
      'containerd',
      'runc',
      'kube-proxy',
    ]);
  });

  it('goes on counting after the highest version signed here', async () => {
    const first = await prepare();
    const { clusterKey } = await loadClusterTrust(directory, await loadClusterConfig(directory));
    const envelope = await signEnvelope(PAYLOAD_TYPES.release, first.release, keySigner(clusterKey));
    await keepRelease(directory, 7, envelope);
    expect(await highestLocalVersion(directory)).toBe(7);
    expect((await prepare()).release.version).toBe(8);
    await expect(keepRelease(directory, 7, envelope)).rejects.toMatchObject({ code: 'config.exists' });
  });

  it('believes no local copy of another key', async () => {
    const stranger = generateP256().privateKey;
    const envelope = await signEnvelope(PAYLOAD_TYPES.release, (await prepare()).release, keySigner(stranger));
    await keepRelease(directory, 1, envelope);
    const { clusterKey } = await loadClusterTrust(directory, await loadClusterConfig(directory));
    await expect(readLocalRelease(directory, 1, publicKeyOf(clusterKey))).rejects.toMatchObject({
      code: 'envelope.unknown-key',
    });
    expect(await refusal()).toMatch(/^envelope\.unknown-key/);
  });
});

describe('a deployment is refused', () => {
  it('with a manifest of a publisher who is not trusted', async () => {
    list(`[${at('own.pub')}]`, `[${at('foreign.json')}]`);
    expect(await refusal()).toMatch(
      /^envelope\.unknown-key: .*foreign\.json .* list its publisher key under publisherKeys/,
    );
  });

  it('with a manifest of a revoked key', async () => {
    list(`[{file: ${at('own.pub')}, revokedAt: 2026-01-01T00:00:00Z}]`, `[${at('whole.json')}]`);
    expect(await refusal()).toMatch(/^envelope\.unknown-key/);
  });

  it('with an expired manifest', async () => {
    list(`[${at('own.pub')}]`, `[${at('whole.json')}]`);
    expect(await refusal(Date.now() + 400 * DAY)).toMatch(/^manifest\.expired: .*whole\.json expired/);
  });

  it('with a manifest that is not valid yet, unless its window begins later', async () => {
    list(`[${at('own.pub')}]`, `[${at('future.json')}]`);
    expect(await refusal()).toMatch(/^manifest\.not-yet-valid/);
    const from = new Date(Date.now() + 11 * DAY).toISOString();
    list(`[${at('own.pub')}]`, `[{file: ${at('future.json')}, from: ${from}}]`);
    expect(await refusal()).toBe('none');
  });

  it('with a manifest that was changed after it was sealed', async () => {
    const sealed = JSON.parse(readFileSync(join(publisher, 'whole.json'), 'utf8')) as { payload: string };
    const payload = Buffer.from(sealed.payload, 'base64').toString().replaceAll('kubelet', 'kubelot');
    const changed = { ...sealed, payload: Buffer.from(payload).toString('base64') };
    writeFileSync(join(cwd, 'changed.json'), JSON.stringify(changed));
    list(`[${at('own.pub')}]`, '[changed.json]');
    expect(await refusal()).toMatch(/^envelope\.bad-signature: .*changed\.json/);
  });

  it('with all that is wrong with its manifests at once', async () => {
    list(`[${at('own.pub')}]`, `[missing.json, ${at('foreign.json')}, ${at('future.json')}]`);
    expect(await refusal()).toMatch(/3 manifests can't be deployed[^]*missing\.json[^]*foreign\.json[^]*future\.json/);
  });

  it('with a manifest or a key that is listed twice under two names', async () => {
    copyFileSync(join(publisher, 'whole.json'), join(cwd, 'copy.json'));
    list(`[${at('own.pub')}]`, `[${at('whole.json')}, copy.json]`);
    expect(await refusal()).toMatch(/copy\.json is the same as .*whole\.json/);
    copyFileSync(join(publisher, 'own.pub'), join(cwd, 'twin.pub'));
    list(`[${at('own.pub')}, twin.pub]`, '[]');
    expect(await refusal()).toMatch(/hold the same publisher key/);
  });

  it('with the private half of a publisher key', async () => {
    list(`[${at('own.key')}]`, '[]');
    expect(await refusal()).toMatch(
      /^key\.invalid: .*own\.key holds a private key; give the file with its public half/,
    );
  });

  it('with a publisher key that is no RSA-4096 key', async () => {
    writeFileSync(join(cwd, 'ec.pub'), generateP256().publicKey.export({ type: 'spki', format: 'pem' }));
    list('[ec.pub]', '[]');
    expect(await refusal()).toMatch(/^key\.invalid: .*ec\.pub is a ec key; publisher keys are RSA with 4096 bits/);
  });

  it('while the cluster is not provisioned', async () => {
    rmSync(directory.state, { recursive: true });
    expect(await refusal()).toMatch(/^config\.missing: .*run: sealwatch provision/);
  });
});

describe('the list of certificates in a release', () => {
  const snapshot = (asOf: string): CmvpSnapshot => ({ ...BUILT_IN_SNAPSHOT, asOf });
  const give = (list: unknown): void => {
    writeFileSync(join(cwd, 'cmvp.json'), JSON.stringify(list));
    if (!readFileSync(directory.clusterYaml, 'utf8').includes('\ncmvp:'))
      appendFileSync(directory.clusterYaml, '\ncmvp: cmvp.json\n');
  };
  beforeEach(() => {
    list(`[${at('own.pub')}]`, `[${at('whole.json')}]`);
  });

  it('is the one that comes with Sealwatch, if no other is given', async () => {
    expect((await prepare()).release.cmvp).toEqual(BUILT_IN_SNAPSHOT);
  });

  it('is the one given, and is never replaced by an older one', async () => {
    give(snapshot('2026-07-01'));
    const { release } = await prepare();
    expect(release.cmvp.asOf).toBe('2026-07-01');
    const trust = await loadClusterTrust(directory, await loadClusterConfig(directory));
    await keepRelease(directory, 1, await signEnvelope(PAYLOAD_TYPES.release, release, keySigner(trust.clusterKey)));
    give(snapshot('2026-06-30'));
    expect(await refusal()).toMatch(/^config.invalid: .*cmvp.json is of 2026-06-30; the one in use is newer/);
    writeFileSync(directory.clusterYaml, readFileSync(directory.clusterYaml, 'utf8').replace('\ncmvp: cmvp.json', ''));
    expect(await refusal()).toMatch(/comes with this version .* is of 2026-04-15; the one in use is newer/);
  });

  it.each([
    ['no list at all', { hello: 1 }, /^config.invalid: .*cmvp.json has an unknown shape/],
    ['an unknown field', { ...snapshot('2026-07-01'), more: 1 }, /^config.invalid/],
    [
      'a certificate twice',
      {
        ...snapshot('2026-07-01'),
        certificates: [...BUILT_IN_SNAPSHOT.certificates, BUILT_IN_SNAPSHOT.certificates[0]],
      },
      /is there twice/,
    ],
    ['more than a release should carry', 'x'.repeat(1024 * 1024), /^file.unreadable: .*at most 1048576/],
  ])('is refused if it is %s', async (_, given, message) => {
    give(given);
    expect(await refusal()).toMatch(message);
  });
});
