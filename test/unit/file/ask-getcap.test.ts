import { chmodSync, existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { askGetcap } from '@sealwatch/agent/measure/file/ask-getcap.js';
import type { SeenFile } from '@sealwatch/shared/hashing/measure-file.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostTree } from '../../fakes/host-tree.js';
import { waitUntil } from '../../fakes/wait-until.js';

let tree: HostTree;
let file: SeenFile;
beforeEach(() => {
  tree = new HostTree();
  tree.write('/usr/bin/kubelet', 'binary');
  file = seen(Buffer.from('/usr/bin/kubelet'));
});
afterEach(() => {
  tree.remove();
});

function seen(realPath: Buffer): SeenFile {
  const stat = statSync(Buffer.concat([Buffer.from(tree.root), realPath]), { bigint: true });
  return { root: tree.root, realPath, stat };
}

/** A program in the place of getcap. */
function program(script: string): { programs: string[] } {
  tree.write('/getcap', `#!/bin/sh\n${script}\n`);
  chmodSync(tree.at('/getcap'), 0o755);
  return { programs: [tree.at('/getcap')] };
}

const unreadable = (reason: string): object => ({ state: 'unreadable', reason });

describe('getcap', () => {
  it('is asked about the very file by a descriptor of its directory, without an environment', async () => {
    const answering = program(`cat "$2" > "${tree.at('/read')}"; env > "${tree.at('/env')}"; echo "$2"`);
    process.env['SEALWATCH_TEST'] = 'x';
    expect(await askGetcap(file, answering)).toBe('');
    delete process.env['SEALWATCH_TEST'];
    expect(readFileSync(tree.at('/read'), 'utf8')).toBe('binary');
    expect(readFileSync(tree.at('/env'), 'utf8')).not.toMatch(/^(SEALWATCH_TEST|PATH|HOME)=/m);
  });

  it.each(['a name with\na newline', '-r', 'ü', '$(touch x)', "'"])('is asked about %j', async (name) => {
    writeFileSync(tree.at(`/usr/bin/${name}`), 'x');
    expect(await askGetcap(seen(Buffer.from(`/usr/bin/${name}`)), program('printf "%s cap_chown=p\\n" "$2"'))).toBe(
      'cap_chown=p',
    );
  });

  it('is not asked about a name that no argument can be', async () => {
    const name = Buffer.from([0x2f, 0x6b, 0xff]);
    writeFileSync(Buffer.concat([Buffer.from(tree.root), name]), 'x');
    const answer = await askGetcap(seen(name), program('echo "$2"'));
    expect(answer).toEqual(unreadable('a name that getcap can not be asked for'));
  });

  it('that is not there is said, and not taken for none', async () => {
    expect(await askGetcap(file, { programs: [tree.at('/none'), tree.root] })).toEqual(
      unreadable('there is no getcap'),
    );
  });

  it('that can not be run is said', async () => {
    tree.write('/no-program', 'x');
    expect(await askGetcap(file, { programs: [tree.at('/no-program')] })).toEqual(
      unreadable('getcap can not be started (EACCES)'),
    );
  });

  it('that hangs is not waited for, even if its own child holds its output', async () => {
    const began = performance.now();
    const answer = await askGetcap(file, { ...program('sleep 3 & sleep 3'), timeoutMs: 100 });
    expect(answer).toEqual(unreadable('getcap did not end within 100 ms'));
    expect(performance.now() - began).toBeLessThan(2500);
  });

  it('ends with the scan, which gets no answer that could be signed', async () => {
    const scan = new AbortController();
    const asking = askGetcap(file, { ...program(`touch "${tree.at('/runs')}"; sleep 600`), signal: scan.signal });
    const ended = expect(asking).rejects.toMatchObject({ code: 'request.cancelled' });
    await waitUntil('it runs', () => existsSync(tree.at('/runs')));
    scan.abort();
    await ended;
  });

  it('that writes without end is stopped', async () => {
    expect(await askGetcap(file, program('exec yes'))).toEqual(unreadable('getcap wrote more than 16384 bytes'));
  });

  it('that is killed or talks nonsense has not answered', async () => {
    expect(await askGetcap(file, program('kill -9 $$'))).toEqual(unreadable('getcap was killed'));
    expect(await askGetcap(file, program('head -c 100 /dev/urandom'))).toEqual(
      unreadable('an answer of getcap that is none'),
    );
    expect(await askGetcap(file, program('exit 0'))).toEqual(unreadable('an answer of getcap that is none'));
  });
});

describe('an answer does not count', () => {
  const changed = unreadable('changed while being read');

  it('once the file changed since it was hashed', async () => {
    const answering = program(`chmod 0700 "${tree.at('/usr/bin/kubelet')}"; echo "$2"`);
    expect(await askGetcap(file, answering)).toEqual(changed);
  });

  it('once there is another file at its path, a link or nothing', async () => {
    const answering = program('echo "$2"');
    tree.write('/usr/bin/new', 'binary');
    renameSync(tree.at('/usr/bin/new'), tree.at('/usr/bin/kubelet'));
    expect(await askGetcap(file, answering)).toEqual(changed);
    tree.write('/usr/bin/real', 'binary').replace('/usr/bin/kubelet', 'real');
    expect(await askGetcap(file, answering)).toEqual(changed);
    tree.replace('/usr/bin', '/nowhere');
    expect(await askGetcap(file, answering)).toEqual(changed);
  });
});
