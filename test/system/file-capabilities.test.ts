import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentProgram } from '@sealwatch/agent/cli/program.js';
import { askGetcap } from '@sealwatch/agent/measure/file/ask-getcap.js';
import { runProgram } from '@sealwatch/shared/cli/run-program.js';
import { envelopeToJson } from '@sealwatch/shared/envelope/envelope-json.js';
import { measureFile } from '@sealwatch/shared/hashing/measure-file.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asNobody } from '../fakes/as-nobody.js';
import { capturedIo } from '../fakes/captured-io.js';
import { HostTree } from '../fakes/host-tree.js';
import { RhelTree } from '../fakes/rhel-tree.js';
import { TestPublisher } from '../fakes/test-publisher.js';

const setcap = (...args: string[]): void => {
  execFileSync('setcap', args);
};

describe('what the real getcap says of a file below a host root', () => {
  let tree: HostTree;
  beforeEach(() => {
    tree = new HostTree();
    tree.write('/usr/bin/kubelet', 'binary').link('/bin', 'usr/bin');
  });
  afterEach(() => {
    tree.remove();
  });

  async function capabilities(path = '/usr/bin/kubelet', root = tree.root): Promise<unknown> {
    const subject = { kind: 'file', component: 'kubelet', path } as const;
    const { observed } = await measureFile(root, subject, { capabilitiesOf: (file) => askGetcap(file) });
    return observed.state === 'present' ? observed.capabilities : observed;
  }

  it('is nothing, then what is set, then nothing again', async () => {
    expect(await capabilities()).toBe('');
    setcap('cap_net_raw=ep', tree.at('/usr/bin/kubelet'));
    expect(await capabilities()).toMatch(/^cap_net_raw[=+]ep$/);
    setcap('-r', tree.at('/usr/bin/kubelet'));
    expect(await capabilities()).toBe('');
  });

  it('is the same by a link, as an ordinary user, and through the root of a process', async () => {
    setcap('cap_net_raw=ep', tree.at('/usr/bin/kubelet'));
    execFileSync('chmod', ['0755', tree.root]);
    const answers = [
      await capabilities('/bin/kubelet'),
      await asNobody(() => capabilities()),
      await capabilities(tree.at('/usr/bin/kubelet'), '/proc/self/root'),
    ];
    expect(answers).toEqual(Array(3).fill(expect.stringMatching(/^cap_net_raw[=+]ep$/)));
  });

  it.each(['a name with\na newline', '-r', 'kubelet cap_chown=ep', 'ü', 'n'.repeat(255)])(
    'is not led astray by the name %j',
    async (name) => {
      const path = `/usr/bin/${name}`;
      tree.write(path, 'x');
      expect(await capabilities(path)).toBe('');
      setcap('cap_net_raw=ep', tree.at(path));
      expect(await capabilities(path)).toMatch(/^cap_net_raw[=+]ep$/);
    },
  );

  it('is every set of capabilities there is, also an empty one and one of a user namespace', async () => {
    setcap('all=ip cap_net_raw-i', tree.at('/usr/bin/kubelet'));
    expect(await capabilities()).toContain('cap_net_raw');
    setcap('=', tree.at('/usr/bin/kubelet'));
    expect(await capabilities()).toBe('=');
    setcap('-n', '1000', 'cap_net_raw=p', tree.at('/usr/bin/kubelet'));
    expect(await capabilities()).toMatch(/^cap_net_raw[=+]p$/);
  });

  it('counts only for the state that was hashed: setting them moves the ctime', async () => {
    const stat = statSync(tree.at('/usr/bin/kubelet'), { bigint: true });
    setcap('cap_net_raw=ep', tree.at('/usr/bin/kubelet'));
    expect(await askGetcap({ root: tree.root, realPath: Buffer.from('/usr/bin/kubelet'), stat })).toEqual({
      state: 'unreadable',
      reason: 'changed while being read',
    });
  });
});

it('verify prints the capability of a signed file, and what to do', async () => {
  const tree = new RhelTree(8);
  const desk = mkdtempSync(join(tmpdir(), 'sealwatch-desk-'));
  try {
    const publisher = new TestPublisher();
    const bytes = Buffer.from('binary');
    const manifest = await publisher.manifest([{ name: 'kubelet', paths: ['/usr/bin/kubelet'], bytes }]);
    writeFileSync(join(desk, 'publisher.pub'), publisher.publicPem);
    writeFileSync(join(desk, 'manifest.json'), envelopeToJson(manifest));
    tree.write('/usr/bin/kubelet', bytes);
    const verify = async (): Promise<{ status: number; stdout: string }> => {
      const io = capturedIo({ cwd: desk });
      const given = ['--manifest', 'manifest.json', '--publisher-key', 'publisher.pub', '--root', tree.root];
      return { status: await runProgram(agentProgram(io), ['verify', ...given], io), stdout: io.stdout };
    };
    expect(await verify()).toMatchObject({ status: 0 });
    setcap('cap_net_raw=ep', tree.at('/usr/bin/kubelet'));
    const { status, stdout } = await verify();
    expect(status).toBe(1);
    expect(stdout).toMatch(/^\/usr\/bin\/kubelet \[file\] .*\[FAIL\]$/m);
    expect(stdout).toContain('file.capabilities');
    expect(stdout).toMatch(/cap_net_raw[=+]ep/);
    expect(stdout).toContain('setcap -r FILE');
  } finally {
    tree.remove();
    rmSync(desk, { recursive: true });
  }
});
