import { createPrivateKey } from 'node:crypto';
import { appraiseImages } from '@sealwatch/shared/appraisal/appraise-images.js';
import { type Envelope, PAYLOAD_TYPES } from '@sealwatch/shared/envelope/envelope.js';
import { signEnvelope } from '@sealwatch/shared/envelope/sign-envelope.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import type { Manifest } from '@sealwatch/shared/manifest/manifest.js';
import type { ImageComponent } from '@sealwatch/shared/manifest/manifest-component.js';
import { manifestStatement } from '@sealwatch/shared/manifest/manifest-statement.js';
import { openManifest, type VerifiedManifest } from '@sealwatch/shared/manifest/open-manifest.js';
import type { ImageMeasurement } from '@sealwatch/shared/measurement/image-measurement.js';
import { keySigner } from '@sealwatch/shared/signing/key-file-signer.js';
import { parsePublicKey } from '@sealwatch/shared/signing/public-key.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { world } from '../fakes/appraisal-world.js';
import { AMD64, ETCD, ETCD_REFERENCE, writeLayout } from '../fakes/image-bench.js';
import { PublisherBench } from '../fakes/publisher-bench.js';

let bench: PublisherBench;
let genuine: Envelope;
let good: Manifest;
let etcd: ImageComponent;
beforeAll(async () => {
  bench = new PublisherBench();
  writeLayout(bench, 'layout', ETCD);
  const made = await bench.create(['--image', `etcd=oci:layout:${ETCD_REFERENCE}`, ...AMD64]);
  expect(made).toMatchObject({ status: 0 });
  genuine = bench.envelope();
  good = bench.statement().predicate;
  etcd = bench.images()[0] as ImageComponent;
});
afterAll(() => {
  bench.remove();
});

const open = (envelope: Envelope): VerifiedManifest =>
  openManifest(envelope, [parsePublicKey(bench.read('publisher.pub'), 'publisher.pub')], 'the manifest');
const refusal = (code: string): Error => expect.objectContaining({ code }) as Error;
const evil = sha256(Buffer.from('evil'));

/** Every field of an image's entry, each changed as an attacker might want it. */
const CHANGES: Readonly<
  Record<Exclude<keyof ImageComponent, 'kind'>, (image: ImageComponent) => Partial<ImageComponent>>
> = {
  name: () => ({ name: 'kube-apiserver' }),
  references: () => ({ references: ['evil.example/etcd:1'] }),
  platform: () => ({ platform: 'linux/arm64' }),
  digest: () => ({ digest: evil }),
  size: () => ({ size: '1' }),
  signature: ({ executables }) => ({ signature: executables[0]?.signature ?? '' }),
  manifest: () => ({ manifest: evil }),
  layers: ({ layers }) => ({ layers: layers.slice(1) }),
  executables: ({ executables }) => ({ executables: executables.slice(1) }),
  commands: () => ({ commands: ['/bin/sh'] }),
  variables: () => ({ variables: ['LD_PRELOAD=/evil.so'] }),
};

describe('an image entry that was changed', () => {
  it.each(Object.entries(CHANGES))('in its %s breaks the seal', (_, change) => {
    const changed = { ...good, components: [{ ...etcd, ...change(etcd) }] };
    const payload = Buffer.from(JSON.stringify(manifestStatement(changed)));
    expect(() => open({ ...genuine, payload })).toThrow(refusal('envelope.bad-signature'));
  });
});

/** Sealed by the true publisher: what is refused now is refused for what it says. */
async function sealed(changes: Partial<ImageComponent>): Promise<Envelope> {
  const manifest = { ...good, components: [{ ...etcd, ...changes }] };
  const signer = keySigner(createPrivateKey(bench.read('publisher.key')));
  return signEnvelope(PAYLOAD_TYPES.statement, manifestStatement(manifest), signer);
}

describe('an image entry under the publisher’s seal', () => {
  it('opens as the command wrote it', async () => {
    expect(open(await sealed({})).manifest.components).toEqual([etcd]);
  });

  it.each<[string, string, (image: ImageComponent) => Partial<ImageComponent>]>([
    ['another config', 'manifest.bad-signature', () => ({ digest: evil })],
    ['an executable’s signature for the config', 'manifest.bad-signature', CHANGES.signature],
    ['no signature', 'manifest.bad-signature', () => ({ signature: '' })],
    [
      'another executable',
      'manifest.bad-signature',
      ({ executables }) => ({
        executables: executables.map((file, i) => (i === 1 ? { ...file, digest: evil } : file)),
      }),
    ],
    [
      'an executable that nobody signed',
      'manifest.bad-signature',
      ({ executables }) => ({
        executables: [...executables, { path: '/evil', digest: evil, size: '4', signature: '' }],
      }),
    ],
    [
      'one path twice',
      'manifest.malformed',
      ({ executables }) => ({ executables: [...executables, ...executables.slice(0, 1)] }),
    ],
    ['a command that is no executable', 'manifest.malformed', () => ({ commands: ['/etc/passwd'] })],
    ['no command', 'manifest.malformed', () => ({ commands: [] })],
    ['no executable', 'manifest.malformed', () => ({ executables: [] })],
    [
      'a path that climbs',
      'manifest.malformed',
      ({ executables }) => ({
        executables: executables.map((file) => ({ ...file, path: `/..${file.path}` })),
      }),
    ],
    ['a field nobody knows', 'manifest.malformed', () => ({ trusted: true }) as Partial<ImageComponent>],
    [
      '2001 executables',
      'manifest.malformed',
      ({ executables }) =>
        ({
          executables: Array.from({ length: 2001 }, (_, i) => ({ ...executables[0], path: `/${String(i)}` })),
        }) as Partial<ImageComponent>,
    ],
  ])('is refused if it has %s', async (_, code, change) => {
    const envelope = await sealed(change(etcd));
    expect(() => open(envelope)).toThrow(refusal(code));
  });
});

/** A host that runs the image as it was published. */
function measured(): ImageMeasurement {
  return {
    subject: { kind: 'image', component: 'etcd' },
    observed: {
      state: 'seen',
      stored: [
        { names: [ETCD_REFERENCE], target: etcd.manifest ?? evil, config: etcd.digest, faults: [], layersNotStored: 0 },
      ],
      containers: [
        {
          image: ETCD_REFERENCE,
          config: etcd.digest,
          snapshotter: 'overlayfs',
          unpacked: etcd.executables.map(({ path, digest }) => ({ path, digest, shadowing: false })),
          settings: { state: 'read', arguments: ['/usr/local/bin/etcd'], variables: [...etcd.variables], mounts: [] },
          commandPath: null,
          process: { executable: '/usr/local/bin/etcd', digest: etcd.executables[2]?.digest ?? evil },
        },
      ],
      pods: [],
    },
  };
}

async function findings(changes: Partial<ImageComponent>): Promise<string[]> {
  const manifest = open(await sealed(changes));
  const context = world({ manifests: [manifest], policy: { require: ['image'] } });
  return appraiseImages([measured()], [manifest], context).map(({ code }) => code);
}

describe('a host with the published image', () => {
  it('is what the manifest says', async () => {
    expect(await findings({})).toEqual([]);
  });

  it.each<[string, string, (image: ImageComponent) => Partial<ImageComponent>]>([
    ['under another name', 'component.unlisted', CHANGES.name],
    ['with another command', 'container.process', CHANGES.commands],
    ['without its variables', 'container.variable', CHANGES.variables],
    [
      'with its executables elsewhere',
      'evidence.missing',
      ({ executables }) => ({
        executables: executables.map((file, i) => (i === 0 ? { ...file, path: '/bin/moved' } : file)),
      }),
    ],
  ])('is not one that is listed %s', async (_, code, change) => {
    expect(await findings(change(etcd))).toContain(code);
  });
});
