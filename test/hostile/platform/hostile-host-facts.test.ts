import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { observePlatform } from '@sealwatch/agent/measure/platform/observe-platform.js';
import { judgePlatform } from '@sealwatch/shared/platform/judge-platform.js';
import { platformObservationSchema } from '@sealwatch/shared/platform/platform-observation-schema.js';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { asNobody } from '../../fakes/as-nobody.js';
import { RhelTree } from '../../fakes/rhel-tree.js';

const trees: RhelTree[] = [];
afterEach(() => {
  for (const tree of trees.splice(0)) tree.remove();
});

function rhel8(): RhelTree {
  const tree = new RhelTree(8);
  trees.push(tree);
  return tree;
}

/** Every file the facts of a RHEL 8 host are read from. */
const FILES = [
  '/usr/lib/os-release',
  '/proc/sys/crypto/fips_enabled',
  '/proc/sys/kernel/osrelease',
  '/proc/cmdline',
  '/proc/1/mountinfo',
  '/etc/crypto-policies/config',
  '/etc/crypto-policies/state/current',
  '/etc/crypto-policies/back-ends/openssl.config',
  '/etc/dracut.conf.d/40-fips.conf',
  '/usr/lib64/libcrypto.so.1.1.1k',
  '/usr/lib64/.libcrypto.so.1.1.1k.hmac',
];

const TRICKS: Readonly<Record<string, (tree: RhelTree, path: string) => void>> = {
  'a FIFO': (tree, path) => {
    tree.drop(path);
    execFileSync('mkfifo', [tree.at(path)]);
  },
  'a directory': (tree, path) => tree.drop(path).directory(path),
  'a link to itself': (tree, path) => tree.drop(path).link(path, path),
  'a link to an endless device': (tree, path) => {
    // outside of the tree: below its own root the name leads to an honest file
    tree.write('/dev/zero', 'not endless').drop(path).link(path, '/../../../../../../dev/zero');
  },
  'five gigabytes': (tree, path) => {
    tree.drop(path).write(path);
    truncateSync(tree.at(path), 5 * 1024 ** 3);
  },
  'bytes of any kind': (tree, path) =>
    tree.drop(path).write(path, Buffer.from(Array.from({ length: 4096 }, (_, i) => i & 255))),
  nothing: (tree, path) => tree.drop(path).write(path),
};

describe.each(Object.keys(TRICKS))('%s in the place of', (trick) => {
  it.each(FILES)('%s never makes a host better, and is measured at once', async (path) => {
    const tree = rhel8();
    TRICKS[trick]!(tree, path);
    const started = performance.now();
    const observation = await tree.observe();
    expect(performance.now() - started).toBeLessThan(3_000);
    expect(platformObservationSchema.safeParse(observation).success).toBe(true);
    const { deviations } = judgePlatform(observation);
    expect(deviations).not.toEqual([]);
    expect(JSON.stringify(observation)).not.toContain(tree.root);
  });
});

describe('a host that hides', () => {
  it('its files from a user without rights gives reasons, no good facts', async () => {
    const tree = rhel8();
    for (const directory of ['/etc', '/proc', '/usr', '/boot']) chmodSync(tree.at(directory), 0o700);
    chmodSync(tree.root, 0o755);
    const { fips, deviations } = judgePlatform(
      await asNobody(() => observePlatform({ hostRoot: tree.root, fileSystemOf: () => Promise.resolve('not-known') })),
    );
    if (process.geteuid?.() === 0) {
      expect(fips.state).toBe('unknown');
      expect(deviations.map(({ code }) => code)).toEqual(
        expect.arrayContaining(['host.fips-unreadable', 'host.mounts-unreadable', 'host.os-unreadable']),
      );
    }
  });

  it('behind a host root that is not there is unknown throughout', async () => {
    const { fips, deviations } = judgePlatform(await observePlatform({ hostRoot: '/nonexistent' }));
    expect(fips.state).toBe('unknown');
    expect(deviations.map(({ code }) => code)).toContain('host.fips-unreadable');
  });

  it('an empty root directory is not in FIPS mode', async () => {
    const tree = rhel8();
    mkdirSync(tree.at('/empty'));
    expect(judgePlatform(await observePlatform({ hostRoot: tree.at('/empty') })).fips.state).not.toBe('enabled');
  });
});

describe('more of something than any host has', () => {
  it.each<[string, string, (i: number) => string]>([
    ['back-ends', '/etc/crypto-policies/back-ends', (i) => `b${String(i)}.config`],
    ['dracut files', '/etc/dracut.conf.d', (i) => `${String(i)}.conf`],
    ['sidecars', '/usr/lib64', (i) => `.lib${String(i)}.so.hmac`],
    ['definitions', '/etc/crypto-policies/policies', (i) => `P${String(i)}.pol`],
  ])('%s: the directory is not believed', async (_, directory, name) => {
    const tree = rhel8().directory(directory);
    for (let i = 0; i < 100; i++) writeFileSync(`${tree.at(directory)}/${name(i)}`, '');
    const observation = await tree.observe();
    expect(platformObservationSchema.safeParse(observation).success).toBe(true);
    expect(judgePlatform(observation).deviations).not.toEqual([]);
  });

  it('mounts over one path: the table is not believed', async () => {
    const tree = rhel8();
    tree.mounts(...Array.from({ length: 200 }, () => ['/proc', 'proc'] as const));
    expect(await tree.codes()).toEqual(['host.mounts-unreadable']);
  });

  it('a mount of a very long name is cut, and still named', async () => {
    const tree = rhel8().mounts(['/proc', 'proc'], ['/proc/cmdline', 'xfs', `/${'x'.repeat(9_000)}//deleted`, '0:9']);
    const observation = await tree.observe();
    expect(platformObservationSchema.safeParse(observation).success).toBe(true);
    expect(JSON.stringify(observation).length).toBeLessThan(20_000);
    expect(judgePlatform(observation).deviations.map(({ code }) => code)).toContain('host.facts-covered');
  });
});

it('an HMAC file that names large files many times does not keep the agent busy', async () => {
  const tree = rhel8().write('/usr/lib64/large');
  truncateSync(tree.at('/usr/lib64/large'), 100 * 1024 ** 2);
  const named = `path = /usr/lib64/large\nhmac = ${'ab'.repeat(32)}\n`.repeat(16);
  for (let i = 0; i < 4; i++) tree.write(`/usr/lib64/.libx${String(i)}.so.hmac`, `[a]\n${named}`);
  let hashed = 0;
  await observePlatform({ hostRoot: tree.root, onBytes: (bytes) => (hashed += bytes) });
  expect(hashed).toBeLessThan(600 * 1024 ** 2);
});

it('an edited back-end with thousands of algorithms is named in a bounded answer', async () => {
  const ciphers = Array.from({ length: 5_000 }, (_, i) => `c${String(i)}`).join(',');
  const tree = rhel8().editBackEnd('openssh', `Ciphers ${ciphers}\nMACs a\nRequiredRSASize 2048\n`);
  const observation = await tree.observe();
  expect(platformObservationSchema.safeParse(observation).success).toBe(true);
  expect(judgePlatform(observation).deviations.map(({ code }) => code)).toEqual(['host.crypto-policy-weakened']);
});

it('whatever the text files hold, the observation keeps its shape and only the right words give FIPS mode', async () => {
  const tree = rhel8();
  const word = fc.constantFrom(
    'FIPS',
    'fips=1',
    '1',
    'ID=rhel',
    'VERSION_ID=8',
    '"',
    "'",
    '\\',
    ':',
    '=',
    '#',
    '\n',
    ' ',
    '--',
    '\0',
    '\u202e',
  );
  const content = fc.oneof(
    fc.array(word, { maxLength: 30 }).map((words) => Buffer.from(words.join(''))),
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  );
  const file = fc.constantFrom(...FILES.filter((path) => !path.endsWith('openssl.config')));
  await fc.assert(
    fc.asyncProperty(file, content, async (path, bytes) => {
      const before = tree.read(path);
      tree.write(path, bytes);
      try {
        const observation = await tree.observe();
        expect(platformObservationSchema.safeParse(observation).success).toBe(true);
        const { fips } = judgePlatform(observation);
        if (path === '/proc/sys/crypto/fips_enabled' && bytes.toString().trim() !== '1')
          expect(fips.state).not.toBe('enabled');
        if (path === '/proc/cmdline' && !bytes.includes('fips=1')) expect(fips.state).not.toBe('enabled');
        if (path === '/etc/crypto-policies/config' && !/fips/i.test(bytes.toString()))
          expect(fips.state).not.toBe('enabled');
      } finally {
        tree.write(path, before);
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);
