import { execFileSync } from 'node:child_process';
import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { decodeMeasurement, encodeMeasurement } from '@sealwatch/shared/measurement/measurement-body.js';
import type { FileCapabilities } from '@sealwatch/shared/measurement/file-capabilities.js';
import type { FileMeasurement } from '@sealwatch/shared/measurement/file-measurement.js';
import { pathText } from '@sealwatch/shared/subject/path-text.js';
import { measureFile, type SeenFile } from '@sealwatch/shared/hashing/measure-file.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asNobody } from '../fakes/as-nobody.js';
import { HostTree } from '../fakes/host-tree.js';

let tree: HostTree;
beforeEach(() => {
  tree = new HostTree();
});
afterEach(() => {
  tree.remove();
});

async function measure(path: string): Promise<FileMeasurement['observed']> {
  const measurement = await measureFile(tree.root, { kind: 'file', component: 'kubelet', path });
  // whatever was seen can be sent: it survives the wire's own strict shape
  expect(decodeMeasurement(encodeMeasurement(measurement).bytes)).toEqual(measurement);
  return measurement.observed;
}

describe('the measurement of a file', () => {
  it('has its digest, size, mode, owner and real path', async () => {
    tree.write('/opt/kubelet', 'binary').link('/usr/bin', '../opt');
    chmodSync(tree.at('/opt/kubelet'), 0o4751);
    expect(await measure('/usr/bin/kubelet')).toEqual({
      state: 'present',
      realPath: '/opt/kubelet',
      size: '6',
      digest: sha256(Buffer.from('binary')),
      mode: '4751',
      uid: process.getuid?.(),
      gid: process.getgid?.(),
    });
  });

  it('is the same bytes for the same state', async () => {
    tree.write('/kubelet', 'binary');
    const twice = [await measure('/kubelet'), await measure('/kubelet')];
    expect(twice[0]).toEqual(twice[1]);
  });

  it('keeps names that are not UTF-8, and speaks of links to them', async () => {
    const name = Buffer.from([0x6b, 0xff, 0x0a]);
    writeFileSync(Buffer.concat([Buffer.from(`${tree.root}/`), name]), 'binary');
    const text = pathText(Buffer.concat([Buffer.from('/'), name]));
    expect(text).toBe('/k\\xff\n');
    expect(await measure(text)).toMatchObject({ state: 'present', realPath: text });
  });

  it('has what was said of its capabilities, asked for the file that was hashed', async () => {
    tree.write('/opt/kubelet', 'binary').link('/usr/bin', '../opt');
    const subject = { kind: 'file', component: 'kubelet', path: '/usr/bin/kubelet' } as const;
    const answers: FileCapabilities[] = ['', 'cap_net_raw=ep', { state: 'unreadable', reason: 'there is no getcap' }];
    for (const capabilities of answers) {
      const asked: SeenFile[] = [];
      const measurement = await measureFile(tree.root, subject, {
        capabilitiesOf: (file) => {
          asked.push(file);
          return Promise.resolve(capabilities);
        },
      });
      expect(measurement.observed).toMatchObject({ state: 'present', capabilities });
      expect(decodeMeasurement(encodeMeasurement(measurement).bytes)).toEqual(measurement);
      const stat = statSync(tree.at('/opt/kubelet'), { bigint: true });
      expect(asked).toMatchObject([
        { root: tree.root, realPath: Buffer.from('/opt/kubelet'), stat: { ino: stat.ino, ctimeNs: stat.ctimeNs } },
      ]);
    }
  });

  it.each([1, null, 'x'.repeat(2001), { state: 'unreadable' }])(
    'is refused with the capabilities %j',
    async (given) => {
      tree.write('/kubelet', 'binary');
      const observed = { ...(await measure('/kubelet')), capabilities: given };
      const sent = { subject: { kind: 'file', component: 'kubelet', path: '/kubelet' }, observed };
      expect(() => decodeMeasurement(Buffer.from(JSON.stringify(sent)))).toThrow(/unknown shape/);
    },
  );

  it('without a word on capabilities is as it was sent before there was one', async () => {
    tree.write('/kubelet', 'binary');
    expect(await measure('/kubelet')).not.toHaveProperty('capabilities');
  });

  it('counts what it read', async () => {
    tree.write('/kubelet', 'binary');
    let bytes = 0;
    const subject = { kind: 'file', component: 'kubelet', path: '/kubelet' } as const;
    await measureFile(tree.root, subject, { onBytes: (read) => (bytes += read) });
    expect(bytes).toBe(6);
  });
});

describe('what can not be hashed', () => {
  it('is part of the answer', async () => {
    execFileSync('mkfifo', [tree.at('/fifo')]);
    tree.directory('/directory').link('/loop', 'loop');
    expect(await measure('/none')).toEqual({ state: 'absent' });
    expect(await measure('/directory')).toEqual({ state: 'not-regular', fileType: 'directory' });
    expect(await measure('/fifo')).toEqual({ state: 'not-regular', fileType: 'fifo' });
    expect(await measure('/loop')).toEqual({ state: 'not-regular', fileType: 'symlink-loop' });
  });

  it('is unreadable with a reason that names no path of the agent', async () => {
    tree.write('/kubelet', 'binary');
    chmodSync(tree.root, 0o755);
    chmodSync(tree.at('/kubelet'), 0);
    expect(await asNobody(() => measure('/kubelet'))).toEqual({
      state: 'unreadable',
      reason: 'permission denied (EACCES)',
    });
  });

  it('is unreadable where links lead deeper than a document may say', async () => {
    const step = Array<string>(6).fill('a'.repeat(250)).join('/');
    // three times six directories; no single path given to the kernel is too long
    execFileSync('sh', [
      '-c',
      'cd "$1"; for i in 1 2 3; do mkdir -p "$2"; ln -s "$2" down; cd -P down; done; printf x > file',
      'sh',
      tree.root,
      step,
    ]);
    expect(await measure('/down/down/down/file')).toEqual({
      state: 'unreadable',
      reason: 'leads to a path that is too long',
    });
  });
});
