import { rmSync } from 'node:fs';
import { MountWatch } from '@sealwatch/agent/watch/mount-watch.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { quiet } from '../../fakes/agent-chain.js';
import { HeardDisturbances } from '../../fakes/heard-disturbances.js';
import { HostTree } from '../../fakes/host-tree.js';

const line = (id: number, at: string): string => `${String(id)} 1 0:${String(id)} / ${at} rw - tmpfs tmpfs rw\n`;
const ROOT = line(1, '/');

let tree: HostTree;
let heard: HeardDisturbances;
let mounted: string[];
let watch: MountWatch;
beforeEach(() => {
  tree = new HostTree();
  tree.fips('1').write('/mountinfo', ROOT);
  heard = new HeardDisturbances();
  mounted = [];
  watch = new MountWatch({
    hostRoot: tree.root,
    table: { file: tree.at('/mountinfo'), rootAt: '/' },
    onMounted: (place) => mounted.push(String(place)),
    onDisturbed: heard.hear,
    log: quiet,
    intervalMs: 20,
  });
  watch.start();
});
afterEach(() => {
  watch.stop();
  tree.remove();
});

const write = (...lines: string[]): void => void tree.write('/mountinfo', lines.join(''));

describe('the mount table', () => {
  it('that stays says nothing', async () => {
    expect(await heard.within(120, () => undefined)).toEqual([]);
    expect(mounted).toEqual([]);
  });

  it('tells of each mount that comes and goes, once', async () => {
    await heard.within(120, () => {
      write(ROOT, line(2, '/var/lib/pod'));
    });
    await heard.within(120, () => {
      write(ROOT);
    });
    expect(mounted).toEqual(['/var/lib/pod', '/var/lib/pod']);
    expect(heard.all).toEqual([]);
  });

  it.each(['/proc', '/proc/sys', '/proc/sys/crypto/fips_enabled', '/proc/cmdline'])(
    'with something over %s is a reason to look at the host',
    async (place) => {
      expect(
        await heard.within(120, () => {
          write(ROOT, line(2, place));
        }),
      ).toEqual([{ kind: 'host' }]);
    },
  );

  it('that cannot be read is a reason to look at everything, once, and again when it can be', async () => {
    const lost = await heard.within(120, () => {
      rmSync(tree.at('/mountinfo'));
    });
    expect(lost).toMatchObject([{ kind: 'everything', reason: expect.stringContaining('the mount table') as string }]);
    const found = await heard.within(120, () => {
      write(ROOT, line(2, '/usr'));
    });
    expect(found).toMatchObject([{ kind: 'everything' }]);
    expect(mounted).toEqual(['/usr']);
  });

  it('that is none is no table', async () => {
    expect(
      await heard.within(120, () => {
        write('nonsense\n');
      }),
    ).toMatchObject([{ kind: 'everything' }]);
  });
});

describe("the kernel's FIPS switch", () => {
  it.each<[string, () => void]>([
    ['is another', () => void tree.fips('0')],
    [
      'is gone',
      () => {
        rmSync(tree.at('/proc/sys/crypto/fips_enabled'));
      },
    ],
    [
      'cannot be read',
      () => {
        rmSync(tree.at('/proc/sys/crypto/fips_enabled'));
        tree.directory('/proc/sys/crypto/fips_enabled');
      },
    ],
  ])('that %s is a reason to look at the host, once', async (_, act) => {
    // a file is emptied before it is written, which a kernel's is not
    const said = await heard.within(150, act);
    expect(said.length).toBeGreaterThanOrEqual(1);
    expect(said.every(({ kind }) => kind === 'host')).toBe(true);
    expect(await heard.within(100, () => undefined)).toEqual([]);
  });
});

it('is silent after the end', async () => {
  watch.stop();
  await heard.within(100, () => {
    tree.fips('0');
    write(ROOT, line(2, '/usr'));
  });
  expect([heard.all, mounted]).toEqual([[], []]);
});
