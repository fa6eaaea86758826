import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askRpm, builtRpms } from '../../fakes/built-rpms.js';
import { mustRun, runCommand } from '../../fakes/run-command.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'sealwatch-rpm-contents-'));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

function out(name: string): string {
  return join(directory, name);
}

describe('for the Node of the distribution', () => {
  let agent: string;
  let cli: string;
  beforeAll(async () => {
    [agent = '', cli = ''] = await builtRpms(['--node', 'distribution', '--out', out('first'), 'agent', 'cli']);
  }, 300_000);

  it('agent and command line suit any machine, and ask for a Node that is new enough', async () => {
    for (const [rpm, floor] of [
      [agent, '16.11'],
      [cli, '20.11'],
    ] as const) {
      expect(await askRpm(rpm, '--qf', '%{ARCH}\n')).toEqual(['noarch']);
      const requires = await askRpm(rpm, '--requires');
      expect(requires).toContain(`nodejs(engine) >= ${floor}`);
      expect(requires.filter((name) => /\.so|env/.test(name))).toEqual([]);
    }
  });

  it('the command line has no native module and nothing of SQLite', async () => {
    const files = await askRpm(cli, '-l');
    expect(files).toContain('/usr/libexec/sealwatch/sealwatch.js');
    expect(files.filter((file) => /\.node$|sqlite|store-worker/.test(file))).toEqual([]);
    await mustRun(['sh', '-c', `mkdir -p ${out('cli')} && cd ${out('cli')} && rpm2cpio ${cli} | cpio -id --quiet`]);
    expect(readFileSync(join(out('cli'), 'usr/libexec/sealwatch/sealwatch.js'), 'utf8')).not.toContain(
      'better-sqlite3',
    );
  });

  it('every file belongs to root, none can be written by others, and only programs can be executed', async () => {
    for (const rpm of [agent, cli]) {
      const files = await askRpm(rpm, '--qf', '[%{FILEMODES:perms} %{FILEUSERNAME} %{FILEGROUPNAME} %{FILENAMES}\n]');
      for (const line of files) expect(line).toMatch(/^(-rw-r--r--|-rwxr-xr-x|drwxr-xr-x|drwx------) root root \//);
      const programs = files.filter((line) => line.startsWith('-rwx')).map((line) => line.split(' ').pop());
      expect(programs).toEqual([rpm === agent ? '/usr/bin/sealwatch-agent' : '/usr/bin/sealwatch']);
    }
    expect(await askRpm(agent, '-lv')).toContainEqual(
      expect.stringMatching(/^drwx------.* \/var\/lib\/sealwatch-agent$/),
    );
  });

  it('the agent has all units and drop-ins, for whatever systemd', async () => {
    const units = (await askRpm(agent, '-l')).flatMap((file) => /\/systemd\/system\/(.*)$/.exec(file)?.[1] ?? []);
    const there = await mustRun(['find', '.', '-path', './sealwatch-agent*', '-printf', '%P\n'], {
      cwd: join(import.meta.dirname, '..', '..', '..', 'systemd'),
    });
    expect(units.sort()).toEqual(there.stdout.trim().split('\n').sort());
  });

  it('settings are kept by rpm, licences are marked as such', async () => {
    expect(await askRpm(agent, '--configfiles')).toEqual(['/etc/sealwatch/agent.yaml']);
    const flags = await askRpm(agent, '--qf', '[%{FILENAMES} %{FILEFLAGS:fflags}\n]');
    expect(flags).toContain('/etc/sealwatch/agent.yaml cn');
    expect(await askRpm(agent, '--licensefiles')).toContain('/usr/share/licenses/sealwatch-agent/THIRD-PARTY');
  });

  it('man pages have each command of the programs, and no formatter complains', async () => {
    for (const [rpm, pages, commands] of [
      [agent, ['man8/sealwatch-agent.8', 'man5/agent.yaml.5'], ['enroll', 'run', 'verify', '--bundle <file>']],
      [
        cli,
        ['man1/sealwatch.1', 'man5/cluster.yaml.5'],
        ['manifest create', 'check', 'provision', '--with-agent [host]'],
      ],
    ] as const) {
      const to = out(`man-${String(rpm === agent)}`);
      await mustRun(['sh', '-c', `mkdir -p ${to} && cd ${to} && rpm2cpio ${rpm} | cpio -id --quiet`]);
      let shown = '';
      for (const page of pages) {
        const file = join(to, 'usr/share/man', page);
        await mustRun(['gunzip', `${file}.gz`]);
        const groff = await runCommand(['groff', '-ww', '-man', '-Tutf8', file]);
        expect([page, groff.status, groff.stderr]).toEqual([page, 0, '']);
        const lint = await runCommand(['mandoc', '-Tlint', '-W', 'warning', file]);
        expect([page, lint.status, lint.stdout]).toEqual([page, 0, '']);
        shown += (await mustRun(['mandoc', '-Tascii', '-O', 'width=200', file])).stdout.replaceAll(/.\x08/g, '');
      }
      for (const command of commands) expect(shown).toContain(command);
    }
  });

  it('the same input makes the same package, whoever builds it', async () => {
    const env = { TZ: 'Asia/Tokyo', LANG: 'de_DE.UTF-8', HOME: out('home') };
    const [again = ''] = await builtRpms(['--node', 'distribution', '--out', out('second'), 'agent'], { env });
    expect(sha256(again)).toBe(sha256(agent));
    const [other = ''] = await builtRpms(['--node', 'distribution', '--release', '2', '--out', out('third'), 'agent']);
    expect(sha256(other)).not.toBe(sha256(agent));
  }, 300_000);
});

describe('for RHEL 7', () => {
  let agent: string;
  beforeAll(async () => {
    [agent = ''] = await builtRpms(['--node', '16', '--el', '7', '--out', out('el7'), 'agent']);
  }, 300_000);

  it('the agent needs no newer glibc than 2.17, and rpm there can read it', async () => {
    const requires = await askRpm(agent, '--requires');
    const glibc = requires.flatMap((name) => /\(GLIBC_2\.(\d+)/.exec(name)?.[1] ?? []).map(Number);
    expect(Math.max(...glibc)).toBe(17);
    const features = requires.filter((name) => name.startsWith('rpmlib('));
    for (const feature of features)
      expect(feature).toMatch(/^rpmlib\((CompressedFileNames|FileDigests|PayloadFilesHavePrefix)\)/);
    expect(await askRpm(agent, '--qf', '%{RELEASE} %{PAYLOADCOMPRESSOR}\n')).toEqual(['1.el7 gzip']);
  });

  it('it has the unit without what its systemd does not know', async () => {
    const files = (await askRpm(agent, '-l')).filter((file) => file.includes('/systemd/'));
    expect(files).toEqual(['/usr/lib/systemd/system/sealwatch-agent.service']);
  });
});

describe('with a Node of one’s own', () => {
  /** In the layout of nodejs.org; of a Node it has the answer to --version alone. */
  async function tarball(): Promise<string> {
    const layout = join(out('own'), 'node-v22.1.0-linux-x64');
    mkdirSync(join(layout, 'bin'), { recursive: true });
    writeFileSync(join(layout, 'LICENSE'), 'Its licence.\n');
    writeFileSync(join(layout, 'node.c'), '#include <stdio.h>\nint main(void) { return puts("v22.1.0") < 0; }\n');
    await mustRun(['gcc', '-o', join(layout, 'bin', 'node'), join(layout, 'node.c')]);
    const file = join(out('own'), 'node.tar.xz');
    await mustRun(['tar', '-cJf', file, '-C', out('own'), 'node-v22.1.0-linux-x64']);
    return file;
  }

  it('it is the one in the package, with its licence', async () => {
    const node = ['--node-tarball', await tarball()];
    const [agent = ''] = await builtRpms([...node, '--out', out('tarball'), 'agent']);
    expect(await askRpm(agent, '--provides')).toContain('bundled(nodejs) = 22.1.0');
    const files = await askRpm(agent, '-l');
    for (const file of ['libexec/sealwatch-agent/node', 'share/licenses/sealwatch-agent/LICENSE.node']) {
      expect(files).toContain(`/usr/${file}`);
    }
  });

  it('one that needs a newer glibc than the system has is refused when the package is built', async () => {
    const node = ['--node-tarball', await tarball()];
    await expect(builtRpms([...node, '--el', '7', '--out', out('never'), 'agent'])).rejects.toThrow(
      /needs GLIBC_2\.\d+, and RHEL 7 has 2\.17/,
    );
    expect(existsSync(out('never'))).toBe(false);
  });
});

function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
