import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand, type Finished } from '../../fakes/run-command.js';

const SCRIPT = join(import.meta.dirname, '..', '..', '..', 'scripts', 'build-rpms.mjs');
const buildRpms = (...args: string[]): Promise<Finished> => runCommand([process.execPath, SCRIPT, ...args]);

describe('build:rpms', () => {
  it('says how it is used', async () => {
    const { status, stdout } = await buildRpms('--help');
    expect(status).toBe(0);
    for (const option of ['--node', '--node-tarball', '--el', '--sign', '--release']) expect(stdout).toContain(option);
  });

  it.each([
    [['--node', '18'], '--node: 18 is none of'],
    [['--el', '6'], '--el: 6 is none of'],
    [['agents'], 'a package: agents is none of'],
    [['--release', '0'], '--release 0 is no number above 0'],
    [['--node', '22', '--node-tarball', 'x.tar.gz'], 'exclude each other'],
    [['--gpg-home', '/nowhere'], '--gpg-home is for --sign'],
    [['--colour'], "Unknown option '--colour'"],
  ])('%j: refused, before anything is built', async (args, reason) => {
    const { status, stdout, stderr } = await buildRpms(...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(reason);
  });
});
