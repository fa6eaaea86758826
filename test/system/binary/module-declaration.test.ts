import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GoBinaries } from '../../fakes/go-binaries.js';
import { AMD64, ETCD_REFERENCE, writeLayout } from '../../fakes/image-bench.js';
import { PublisherBench } from '../../fakes/publisher-bench.js';
import { program, tarOf } from '../../fakes/tar-writer.js';

/** As golang/go's goboringcrypto_linux_amd64.syso of Go 1.19 has it. */
const GO_1_19 = {
  kind: 'boringcrypto',
  hmac: 'sha512',
  hash:
    '18d35ae031f649825a4269d68d2e62583d060a31d359690f97b9c8bf8120cdf7' +
    '5b405f74be7018094da7eb5261f2f86d0f481cc3b5a9c7c432268d94bf91aad9',
  length: 733_200,
};

const binaries = new GoBinaries();
let bench: PublisherBench;

beforeAll(async () => {
  bench = new PublisherBench();
  for (const name of ['fipsonly', 'liar', 'native', 'plain'] as const) {
    const path = bench.path(`rootfs/usr/bin/${name}`);
    mkdirSync(dirname(path), { recursive: true });
    copyFileSync(await binaries.build(name), path);
  }
}, 300_000);
afterAll(() => {
  binaries.dispose();
  bench.remove();
});

function component(name: string): string[] {
  return ['--component', `${name}=/usr/bin/${name}`];
}

describe('the module that a manifest declares', () => {
  it('is found in the bytes of each Go program, and said', async () => {
    const names = ['fipsonly', 'liar', 'native', 'plain'];
    const made = await bench.create(names.flatMap(component));
    expect(made).toMatchObject({ status: 0, stderr: '' });
    expect(bench.files().map(({ module }) => module)).toEqual([
      { ...GO_1_19, certificates: [3678] },
      undefined,
      { kind: 'go-native', version: 'v1.0.0', certificates: [5247] },
      undefined,
    ]);
    expect(made.stdout).toContain('fipsonly: BoringCrypto module, known build, certificate 3678');
    expect(made.stdout).toContain('liar: it claims a module');
    expect(made.stdout).toContain("native: Go's own module, known by name, certificate 5247");
    expect(made.stdout).toContain('plain: no module');
    const { stdout } = await bench.run(['show', 'manifest.json']);
    expect(stdout).toContain('module BoringCrypto (18d35ae031f649825a4269d6, 733200 bytes), certificate 3678');
  });

  it('is of the certificates that the publisher names', async () => {
    const given = ['--module-certificate', 'fipsonly=4407', '--module-certificate', 'fipsonly=2964'];
    expect(await bench.create([...component('fipsonly'), ...given])).toMatchObject({ status: 0 });
    expect(bench.files()[0]?.module?.certificates).toEqual([2964, 4407]);
  });

  it.each([
    ['plain=3678', 'no module'],
    ['liar=3678', 'claims a module'],
    ['kubelet=3678', 'no --component or --image has this name'],
    ['plain=#3678', 'number of a CMVP certificate'],
  ])('can not be said to have one: %s', async (given, reason) => {
    const wanted = [...component('plain'), ...component('liar'), '--module-certificate', given];
    const made = await bench.create(wanted);
    expect(made.status).toBe(2);
    expect(made.stderr).toContain(reason);
  });

  it('is that of what an image runs', async () => {
    const binary = readFileSync(binaries.path('fipsonly'));
    const layers = [tarOf([program('bin/etcd', binary), program('bin/other', binary)])];
    writeLayout(bench, 'layout', { layers, run: { Entrypoint: ['/bin/etcd'] } });
    const made = await bench.create([
      ...['--image', `etcd=oci:layout:${ETCD_REFERENCE}`, ...AMD64],
      ...['--module-certificate', 'etcd=3678'],
    ]);
    expect(made).toMatchObject({ status: 0, stderr: '' });
    expect(made.stdout).toContain('etcd [image]: /bin/etcd: BoringCrypto module, known build, certificate 3678');
    expect(bench.images()[0]?.executables.map(({ path, module }) => [path, module])).toEqual([
      ['/bin/etcd', { ...GO_1_19, certificates: [3678] }],
      ['/bin/other', undefined],
    ]);
  });
});
