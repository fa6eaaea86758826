import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { sealwatchProgram } from '@sealwatch/collector/cli/program.js';
import { runProgram } from '@sealwatch/shared/cli/run-program.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { capturedIo } from '../fakes/captured-io.js';
import {
  AMD64,
  ETCD,
  ETCD_BYTES,
  ETCD_REFERENCE,
  manyPrograms,
  writeDockerArchive,
  writeLayout,
} from '../fakes/image-bench.js';
import { PublisherBench } from '../fakes/publisher-bench.js';
import { hardLink, program, tarOf, type TarMember } from '../fakes/tar-writer.js';

const IMAGE = ['--image', `etcd=oci:layout:${ETCD_REFERENCE}`, ...AMD64];

let bench: PublisherBench;
beforeAll(() => {
  bench = new PublisherBench();
  bench.key('other');
  writeLayout(bench, 'layout', ETCD);
  mkdirSync(bench.path('tmp'));
  // where the executables are kept for a signing command
  vi.stubEnv('TMPDIR', bench.path('tmp'));
});
afterAll(() => {
  vi.unstubAllEnvs();
  bench.remove();
});
afterEach(() => {
  expect(readdirSync(bench.path('tmp'))).toEqual([]);
});

const openssl = (): string => `openssl dgst -sha256 -sign '${bench.path('publisher.key')}'`;

/** Signs with openssl, and writes down the digest of what it really read. */
function command(): string[] {
  rmSync(bench.path('read'), { force: true });
  const input = bench.path('input');
  const text = `cat > '${input}'; sha256sum < '${input}' >> '${bench.path('read')}'; ${openssl()} '${input}'`;
  return ['--signer-command', text, '--publisher-key', 'publisher.pub'];
}

const readDigests = (): string[] =>
  bench
    .read('read')
    .toString()
    .trim()
    .split('\n')
    .map((line) => `sha256:${line.slice(0, 64)}`);

describe('--signer-command with images', () => {
  it.each<[string, string[]]>([
    ['a layout', IMAGE],
    ['a docker archive', ['--image', `etcd=docker-archive:docker.tar:${ETCD_REFERENCE}`, ...AMD64]],
  ])('gets the bytes of the config and of each executable of %s', async (_, image) => {
    writeDockerArchive(bench, 'docker.tar', ETCD, ETCD_REFERENCE);
    expect(await bench.create(image, command())).toMatchObject({ status: 0, stderr: '' });
    const [etcd] = bench.images();
    const digests = [etcd, ...(etcd?.executables ?? [])].map((signed) => signed?.digest ?? '');
    expect(digests).toHaveLength(4);
    // the last bytes it gets are the seal's
    expect(readDigests().slice(0, -1)).toEqual(digests);
    expect(bench.opensslVerifies(ETCD_BYTES, etcd?.executables[2]?.signature ?? '')).toBe(true);
  });

  it('signs files of one content once, and files with holes as they are read', async () => {
    const sparse: TarMember = {
      ...program('bin/holes', Buffer.from('end')),
      pax: { 'GNU.sparse.major': '0', 'GNU.sparse.minor': '1', 'GNU.sparse.size': '1000', 'GNU.sparse.map': '500,3' },
    };
    const members = [
      program('bin/etcd', 'same'),
      hardLink('bin/link', 'bin/etcd'),
      program('bin/copy', 'same'),
      sparse,
    ];
    writeLayout(bench, 'twins', { layers: [tarOf(members)], run: { Entrypoint: ['/bin/etcd'] } });
    const image = ['--image', `etcd=oci:twins:${ETCD_REFERENCE}`, ...AMD64];
    expect(await bench.create(image, command())).toMatchObject({ status: 0, stderr: '' });
    const [etcd] = bench.images();
    const holes = Buffer.concat([Buffer.alloc(500), Buffer.from('end'), Buffer.alloc(497)]);
    expect(etcd?.executables.map(({ path, digest }) => [path, digest])).toEqual([
      ['/bin/copy', sha256(Buffer.from('same'))],
      ['/bin/etcd', sha256(Buffer.from('same'))],
      ['/bin/holes', sha256(holes)],
      ['/bin/link', sha256(Buffer.from('same'))],
    ]);
    expect(new Set(etcd?.executables.map(({ signature }) => signature)).size).toBe(2);
    expect(readDigests()).toHaveLength(4);
  });

  it('gets what was read, whatever became of the image meanwhile', async () => {
    writeLayout(bench, 'changing', ETCD);
    const args = command();
    const blobs = bench.path('changing/blobs/sha256');
    // the first thing it signs is the config: by then the image was read, and its executables are kept
    const [flag, text = '', ...rest] = args;
    const made = await bench.create(
      ['--image', `etcd=oci:changing:${ETCD_REFERENCE}`, ...AMD64, '--out', 'changed.json'],
      [flag ?? '', `rm -rf '${blobs}'; ${text}`, ...rest],
    );
    expect(made.status).toBe(0);
    const [etcd] = bench.images('changed.json');
    expect(bench.opensslVerifies(ETCD_BYTES, etcd?.executables[2]?.signature ?? '')).toBe(true);
  });

  it('leaves nothing behind when the command fails in the middle', async () => {
    const count = bench.path('count');
    const failing = `echo >> '${count}'; [ $(wc -l < '${count}') = 3 ] && exit 3; ${openssl()}`;
    const made = await bench.create(IMAGE, ['--signer-command', failing, '--publisher-key', 'publisher.pub']);
    expect(made.status).toBe(2);
    expect(made.stderr).toContain('the signing command ended with 3');
  });
});

describe('sealwatch manifest sign', () => {
  it('signs a draft with images, and moves a sealed manifest to another key', async () => {
    expect(await bench.create([...IMAGE, '--out', 'draft.json'], ['--unsigned'])).toMatchObject({ status: 0 });
    const shown = await bench.run(['show', 'draft.json']);
    expect(shown.stdout).toContain('3 executables, not signed');
    const signed = await bench.run(['sign', 'draft.json', '--out', 'signed.json', '--key', 'publisher.key']);
    expect(signed).toMatchObject({ status: 0, stderr: '' });
    await bench.create(IMAGE);
    expect(bench.images('signed.json')).toEqual(bench.images());
    const moved = await bench.run([
      ...['sign', 'signed.json', '--sealed-by', 'publisher.pub'],
      ...['--key', 'other.key', '--out', 'moved.json'],
    ]);
    expect(moved).toMatchObject({ status: 0, stderr: '' });
    const [etcd] = bench.images('moved.json');
    expect(bench.opensslVerifies(ETCD_BYTES, etcd?.executables[2]?.signature ?? '', 'other')).toBe(true);
  });

  it('refuses a signing command for images, and says why', async () => {
    await bench.create([...IMAGE, '--out', 'draft.json'], ['--unsigned']);
    const signed = await bench.run(['sign', 'draft.json', '--out', 'never.json', ...command()]);
    expect(signed.status).toBe(2);
    expect(signed.stderr).toMatch(/wants the bytes of the image etcd.*sealwatch manifest create --image/);
    expect(existsSync(bench.path('never.json'))).toBe(false);
  });
});

describe('an image with 300 executables', () => {
  const create = ['manifest', 'create', '--id', 'x', '--key', 'publisher.key', '--out', 'x.json', '--force', ...AMD64];
  const image = ['--image', `etcd=oci:three-hundred:${ETCD_REFERENCE}`];
  beforeAll(() => {
    writeLayout(bench, 'three-hundred', manyPrograms(300));
  });

  it('is signed in a few seconds, with progress on a terminal', async () => {
    const io = capturedIo({ cwd: bench.dir, isTTY: true });
    const started = performance.now();
    expect(await runProgram(sealwatchProgram(io), [...create, ...image], io)).toBe(0);
    expect((performance.now() - started) / 1000).toBeLessThan(15);
    expect(bench.images('x.json')[0]?.executables).toHaveLength(300);
    expect(io.stderr).toContain('reading etcd: 0 MiB');
    expect(io.stderr).toContain('signing etcd (1/1): 150 of 301 signatures');
  });

  it('can be stopped in between', async () => {
    const io = capturedIo({ cwd: bench.dir, isTTY: true });
    const out = ['--out', 'stopped.json'];
    const watching = setInterval(() => {
      if (io.stderr.includes('10 of 301')) io.stop();
    }, 1);
    expect(await runProgram(sealwatchProgram(io), [...create, ...image, ...out], io)).toBe(1);
    clearInterval(watching);
    expect(io.stderr).toContain('stopped while signing');
    expect(existsSync(bench.path('stopped.json'))).toBe(false);
  });
});
