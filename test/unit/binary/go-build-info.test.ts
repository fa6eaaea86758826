import { bufferSource } from '@sealwatch/shared/binary/elf/buffer-source.js';
import { readElf } from '@sealwatch/shared/binary/elf/elf-file.js';
import { imageOfFile } from '@sealwatch/shared/binary/elf/program-image.js';
import { type GoBuildInfo, readGoBuildInfo } from '@sealwatch/shared/binary/go/build-info.js';
import { fips140SettingOf } from '@sealwatch/shared/binary/go/fips140-setting.js';
import { parseGoVersion } from '@sealwatch/shared/binary/go/go-version.js';
import { parseModuleInfo } from '@sealwatch/shared/binary/go/module-info.js';
import { describe, expect, it } from 'vitest';
import { buildElf, type ElfParts, type ElfSegment, ElfWriter } from '../../fakes/elf-builder.js';
import { framed, inlineBuildInfo, pointedBuildInfo } from '../../fakes/go-data.js';

const ADDRESS = 0x500000;
const MODULE = framed('path\tk8s.io/kubernetes/cmd/kubelet\nbuild\tGOEXPERIMENT=boringcrypto\n');

async function infoOf(parts: ElfParts): Promise<GoBuildInfo | undefined> {
  const source = bufferSource(buildElf(parts));
  return readGoBuildInfo(imageOfFile(source, (await readElf(source))!));
}

const data = (bytes: Buffer): readonly ElfSegment[] => [{ flags: 'rw', address: ADDRESS, bytes }];

describe('build info', () => {
  it('of Go 1.18 and later stands in line', async () => {
    const found = await infoOf({ segments: data(inlineBuildInfo('go1.19.8 X:boringcrypto', MODULE)) });
    expect(found).toMatchObject({
      format: 'inline',
      version: { release: 'go1.19.8', experiments: ['boringcrypto'] },
      module: { path: 'k8s.io/kubernetes/cmd/kubelet', settings: { GOEXPERIMENT: 'boringcrypto' } },
    });
  });

  it.each([{}, { bits: 32 }, { bigEndian: true }, { bits: 32, bigEndian: true }] as const)(
    'of Go 1.13 to 1.17 is pointed at: %j',
    async (shape) => {
      const bytes = pointedBuildInfo(ADDRESS, 'go1.15.3b5', MODULE, shape);
      expect(await infoOf({ ...shape, segments: data(bytes) })).toMatchObject({
        format: 'pointers',
        version: { text: 'go1.15.3b5', release: 'go1.15.3', boringRelease: 5 },
        module: { path: 'k8s.io/kubernetes/cmd/kubelet' },
      });
    },
  );

  it.each([
    ['amd64', 62, 8],
    ['arm64', 183, 1027],
  ] as const)('of a position-independent %s program is pointed at by relocations', async (_, machine, type) => {
    const info = pointedBuildInfo(ADDRESS, 'go1.16', MODULE);
    const places = [16, 24, 32, 48];
    const relocations = new ElfWriter();
    for (const at of places)
      relocations
        .u64(ADDRESS + at)
        .u64(type)
        .u64(info.readBigUInt64LE(at));
    // as a linker leaves them: nothing in their places
    for (const at of places) info.fill(0, at, at + 8);
    const table = relocations.bytes();
    const start = ADDRESS + info.length;
    const dynamic = new ElfWriter().u64(7).u64(start).u64(8).u64(table.length).u64(0).u64(0).bytes();
    const bytes = Buffer.concat([info, table, dynamic]);
    const pointers = [{ type: 2, address: start + table.length, bytes: dynamic.length }];
    expect(await infoOf({ machine, type: 3, segments: data(bytes), pointers })).toMatchObject({
      version: { text: 'go1.16' },
      module: { path: 'k8s.io/kubernetes/cmd/kubelet' },
    });
  });

  it('is found by its section, and without one anywhere in writable data at a multiple of 16', async () => {
    const info = inlineBuildInfo('go1.20', MODULE);
    const far = Buffer.concat([Buffer.alloc(300_000), info]);
    expect(await infoOf({ segments: data(far) })).toMatchObject({ version: { text: 'go1.20' } });
    const odd = Buffer.concat([Buffer.alloc(8), info]);
    expect(await infoOf({ segments: data(odd) })).toBeUndefined();
    const elsewhere = [{ flags: 'r', address: ADDRESS, bytes: info }] as const;
    expect(await infoOf({ segments: elsewhere })).toBeUndefined();
    const sections = [{ name: '.go.buildinfo', address: ADDRESS, bytes: info.length }];
    expect(await infoOf({ segments: elsewhere, sections })).toMatchObject({ version: { text: 'go1.20' } });
  });

  it('is the first that can be read', async () => {
    const lookalike = Buffer.concat([inlineBuildInfo('').subarray(0, 32), Buffer.alloc(16, 0xff)]);
    const bytes = Buffer.concat([lookalike, inlineBuildInfo('go1.21.3')]);
    expect(await infoOf({ segments: data(bytes) })).toMatchObject({ version: { text: 'go1.21.3' } });
  });

  it.each([
    ['its version is too long', inlineBuildInfo('g'.repeat(1001))],
    ['its module is too long', inlineBuildInfo('go1.20', Buffer.alloc(1024 * 1024 + 1))],
    ['its length has no end', Buffer.concat([inlineBuildInfo('').subarray(0, 32), Buffer.alloc(8, 0x80)])],
    ['it ends too early', inlineBuildInfo('go1.20').subarray(0, 34)],
    ['it points to nowhere', pointedBuildInfo(ADDRESS + 2 ** 30, 'go1.16', MODULE)],
    ['its pointers are of another size', pointedBuildInfo(ADDRESS, 'go1.16', MODULE, { bits: 32 })],
  ])('is none if %s', async (_, bytes) => {
    expect(await infoOf({ segments: data(bytes) })).toBeUndefined();
  });

  it('without its frame the module text is none', async () => {
    const found = await infoOf({ segments: data(inlineBuildInfo('go1.20', Buffer.from('path\tevil\n'.repeat(5)))) });
    expect(found?.module).toMatchObject({ path: null, dependencies: [], settings: {} });
  });
});

describe('a version', () => {
  it.each([
    ['go1.19.8', 'go1.19.8', [], null],
    ['go1.19.8 X:boringcrypto', 'go1.19.8', ['boringcrypto'], null],
    ['go1.26.11-X:boringcrypto', 'go1.26.11', ['boringcrypto'], null],
    ['go1.21.11 X:nocoverageredesign,boringcrypto', 'go1.21.11', ['nocoverageredesign', 'boringcrypto'], null],
    ['go1.15.3b5', 'go1.15.3', [], 5],
    ['go1.16rc1', 'go1.16rc1', [], null],
    ['devel go1.25-20250209-RC00 cl/724970549 X:boringcrypto', null, ['boringcrypto'], null],
    [
      'go1.25-20250209-RC00 cl/724970549 +ff27d270c9 X:fieldtrack,boringcrypto',
      'go1.25',
      ['fieldtrack', 'boringcrypto'],
      null,
    ],
    ['go1.22.12 (Red Hat 1.22.12-1.el9)', 'go1.22.12', [], null],
    ['', null, [], null],
  ])('%s', (text, release, experiments, boringRelease) => {
    expect(parseGoVersion(text)).toEqual({ text, release, experiments, boringRelease });
  });
});

describe('module information', () => {
  it('tells what was linked and how it was built', () => {
    const text = [
      'path\tk8s.io/kubernetes/cmd/kubelet',
      'mod\tk8s.io/kubernetes\t(devel)\t',
      'dep\tgithub.com/golang-fips/openssl\tv1.0.0\th1:x=',
      'dep\texample.com/old\tv1.0.0',
      '=>\texample.com/new\tv2.0.0\th1:y=',
      'build\t-tags=fips140v1.0',
      'build\tGOFIPS140=v1.0.0',
      'build\tGOFIPS140=v9.9.9',
      'build\t-ldflags="-s -w -X \\"a=b\\""',
      'build\tCGO_CFLAGS=`-O2 "x"`',
      'build\t"odd key"=1',
      'nonsense',
      'build\t__proto__=polluted',
    ].join('\n');
    const info = parseModuleInfo(text);
    expect(info).toMatchObject({
      path: 'k8s.io/kubernetes/cmd/kubelet',
      main: { path: 'k8s.io/kubernetes', version: '(devel)' },
      dependencies: [
        { path: 'github.com/golang-fips/openssl', version: 'v1.0.0' },
        { path: 'example.com/new', version: 'v2.0.0' },
      ],
    });
    expect(Object.entries(info.settings)).toEqual([
      ['-tags', 'fips140v1.0'],
      ['GOFIPS140', 'v1.0.0'],
      ['-ldflags', '-s -w -X "a=b"'],
      ['CGO_CFLAGS', '-O2 "x"'],
      ['odd key', '1'],
      ['__proto__', 'polluted'],
    ]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('keeps no more than a bounded number of lines', () => {
    const info = parseModuleInfo(
      Array.from({ length: 9000 }, (_, i) => `dep\td${String(i)}\tv1\nbuild\tk${String(i)}=1`).join('\n'),
    );
    expect(info.dependencies.length).toBe(5000);
    expect(Object.keys(info.settings).length).toBe(200);
  });
});

describe('GODEBUG', () => {
  it.each([
    ['', null],
    ['http2client=0', null],
    ['fips140=on', 'on'],
    ['madvdontneed=1,fips140=only,x=1', 'only'],
    ['fips140=on,fips140=off', 'off'],
    ['fips140=', 'off'],
    ['fips140=auto', 'auto'],
    ['fips140=debug', 'debug'],
    ['fips140=ON', 'invalid'],
    ['xfips140=on', null],
  ])('%j: %s', (text, setting) => {
    expect(fips140SettingOf(text)).toBe(setting);
  });
});
