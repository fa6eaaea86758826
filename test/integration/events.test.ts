import { chmodSync, copyFileSync, linkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flipByte } from '../fakes/flip-byte.js';
import { TestCluster } from '../fakes/test-cluster.js';

let cluster: TestCluster;
let file: string;
beforeAll(async () => {
  // no scan comes by while this runs
  const settings = { 'policy.scanInterval': '1h', 'policy.evidenceMaxAge': '2h' };
  cluster = await TestCluster.create({ hosts: ['alpha'], settings });
  file = cluster.file('alpha');
  await cluster.startAgents();
  await expectVerdict('compliant');
}, 180_000);
afterAll(async () => {
  await cluster.dispose();
});

function expectVerdict(verdict: 'compliant' | 'noncompliant'): Promise<void> {
  return cluster.waitForHosts((host) => host.verdict === verdict, `${verdict} without a scan`);
}

const aside = (): string => join(dirname(dirname(dirname(file))), 'aside');

describe('long before the next scan', () => {
  it.each<[string, () => void, () => void]>([
    [
      'a byte is written',
      () => {
        flipByte(file);
      },
      () => {
        flipByte(file);
      },
    ],
    [
      'another file is renamed over it',
      () => {
        copyFileSync(file, aside());
        const other = `${file}.new`;
        copyFileSync(file, other);
        flipByte(other);
        renameSync(other, file);
      },
      () => {
        renameSync(aside(), file);
      },
    ],
    [
      'it is deleted',
      () => {
        copyFileSync(file, aside());
        rmSync(file);
      },
      () => {
        renameSync(aside(), file);
      },
    ],
    [
      'its directory is another',
      () => {
        renameSync(dirname(file), aside());
      },
      () => {
        renameSync(aside(), dirname(file));
      },
    ],
    [
      'its directory is reached through a link',
      () => {
        renameSync(dirname(file), `${dirname(file)}.real`);
        symlinkSync('bin.real', dirname(file));
      },
      () => {
        rmSync(dirname(file));
        renameSync(`${dirname(file)}.real`, dirname(file));
      },
    ],
    [
      'a byte is written through another name',
      () => {
        linkSync(file, aside());
        flipByte(aside());
      },
      () => {
        flipByte(aside());
        rmSync(aside());
      },
    ],
    [
      'it is made set-uid',
      () => {
        chmodSync(file, 0o4755);
      },
      () => {
        chmodSync(file, 0o755);
      },
    ],
  ])('%s, and the host fails; and passes when that is mended', async (_, tamper, mend) => {
    tamper();
    await expectVerdict('noncompliant');
    mend();
    await expectVerdict('compliant');
  });

  it('the host proves nothing of the whole host by that: a check still looks at everything', async () => {
    const { status, result } = await cluster.check();
    expect([status, result.verdict]).toEqual([0, 'compliant']);
  });
});
