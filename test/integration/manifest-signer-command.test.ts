import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { runProgram } from '@sealwatch/shared/cli/run-program.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { sealwatchProgram } from '@sealwatch/collector/cli/program.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capturedIo } from '../fakes/captured-io.js';
import { waitUntil } from '../fakes/wait-until.js';
import { PublisherBench } from '../fakes/publisher-bench.js';

let bench: PublisherBench;
beforeAll(() => {
  bench = new PublisherBench();
  bench.key('other');
});
afterAll(() => {
  bench.remove();
});

const KUBELET = ['--component', 'kubelet=/usr/bin/kubelet'];

function command(text: string, ...more: string[]): string[] {
  return ['--signer-command', text, '--publisher-key', 'publisher.pub', ...more];
}

function openssl(key = 'publisher'): string {
  return `openssl dgst -sha256 -sign '${bench.path(`${key}.key`)}'`;
}

describe('--signer-command', () => {
  it('signs components and the seal with openssl, from the very bytes of the file', async () => {
    bench.file('/usr/bin/big', Buffer.alloc(5_000_003, 'big'));
    const made = await bench.create([...KUBELET, '--component', 'big=/usr/bin/big'], command(openssl()));
    expect(made).toMatchObject({ status: 0, stderr: '' });
    expect(await bench.verify()).toMatchObject({ status: 0 });
  });

  it('hands the digest to commands that sign digests and read nothing', async () => {
    bench.file('/usr/bin/big', Buffer.alloc(5_000_003, 'big'));
    const log = bench.path('digests');
    const byDigest =
      `echo $SEALWATCH_DIGEST >> '${log}'; '${process.execPath}' -e 'process.stdout.write(Buffer.from(process.env.SEALWATCH_DIGEST, "hex"))' | ` +
      `openssl pkeyutl -sign -inkey '${bench.path('publisher.key')}' -pkeyopt digest:sha256`;
    const made = await bench.create(['--component', 'big=/usr/bin/big'], command(byDigest));
    expect(made).toMatchObject({ status: 0, stderr: '' });
    expect(readFileSync(log, 'utf8').split('\n')[0]).toBe(sha256(bench.read('rootfs/usr/bin/big')).slice(7));
  });

  it('signs a draft, reading the files below --root', async () => {
    await bench.create([...KUBELET, '--out', 'draft.json'], ['--unsigned']);
    const sign = ['sign', 'draft.json', '--out', 'manifest.json', '--force', ...command(openssl())];
    expect(await bench.run([...sign, '--root', 'rootfs'])).toMatchObject({ status: 0 });
    expect(await bench.verify()).toMatchObject({ status: 0 });
    bench.file('/usr/bin/kubelet', 'changed since the draft');
    const changed = await bench.run([...sign, '--root', 'rootfs']);
    bench.file('/usr/bin/kubelet', 'kubelet 1.19.7');
    expect(changed).toMatchObject({ status: 2 });
    expect(changed.stderr).toContain('did the file stay as it was?');
    const elsewhere = await bench.run([...sign, '--root', bench.path('nowhere')]);
    expect(elsewhere).toMatchObject({ status: 2 });
    expect(elsewhere.stderr).toMatch(/can't be read/);
  });

  it.each([
    ['another key than --publisher-key', () => openssl('other'), /are no RSA-4096 signature of its input by key/],
    ['PSS padding', () => `${openssl()} -sigopt rsa_padding_mode:pss`, /PKCS#1 v1.5 padding/],
    ['nothing', () => 'cat > /dev/null', /wrote 0 bytes that are no RSA-4096 signature/],
    ['too much', () => 'yes', /wrote more than 4096 bytes/],
    [
      'an error',
      () => 'echo "no token \u001b[31min slot 3" >&2; exit 7',
      /ended with 7; it said: no token \\x1b\[31min slot 3/,
    ],
    ['a command that does not exist', () => 'no-such-command', /ended with 127; it said: .*no-such-command/],
    ['death by a signal', () => 'kill -9 $$', /ended with SIGKILL/],
  ])('that gives %s is refused with the reason', async (_, text, why) => {
    const made = await bench.create([...KUBELET, '--out', 'refused.json'], command(text()));
    expect(made.stderr).toMatch(why);
    expect(made.status).toBe(2);
    expect(existsSync(bench.path('refused.json'))).toBe(false);
  });

  it('is killed with its children at the time limit', async () => {
    const pids = bench.path('pids');
    const slow = `sleep 600 & echo $! >> '${pids}'; wait`;
    const started = Date.now();
    const made = await bench.create(KUBELET, command(slow, '--signer-timeout', '1s'));
    expect(made.status).toBe(2);
    expect(made.stderr).toContain('did not end within 1s');
    expect(Date.now() - started).toBeLessThan(8000);
    const [pid = ''] = readFileSync(pids, 'utf8').split('\n');
    await waitUntil('it is gone', () => /^(gone|Z)/.test(stateOf(pid)));
  });

  it('ends at Ctrl-C', async () => {
    const io = capturedIo({ cwd: bench.dir });
    const args = ['create', '--id', 'x', '--out', 'x.json', '--root', 'rootfs', ...KUBELET, ...command('sleep 600')];
    setTimeout(() => {
      io.stop();
    }, 300);
    expect(await runProgram(sealwatchProgram(io), ['manifest', ...args], io)).toBe(1);
    expect(io.stderr).toContain('stopped while the signing command ran');
  });

  it.each([
    ['without its public key', ['--signer-command', 'cat'], 'needs --publisher-key'],
    ['together with --key', command('cat', '--key', 'publisher.key'), 'cannot be used with'],
  ])('%s is wrong usage', async (_, signing, why) => {
    const made = await bench.create(KUBELET, signing);
    expect(made).toMatchObject({ status: 2 });
    expect(made.stderr).toContain(why);
  });
});

describe('a file that changes while it is signed', () => {
  it('is refused: the signature is of other bytes than were measured', async () => {
    const file = bench.path('rootfs/usr/bin/kubelet');
    // the command itself changes the file before it reads the rest of it
    bench.file('/usr/bin/kubelet', Buffer.alloc(3_000_000, 'a'));
    const evil = `printf b | dd of='${file}' bs=1 seek=2999999 conv=notrunc 2>/dev/null; sleep 0.2; ${openssl()}`;
    const made = await bench.create(KUBELET, command(evil));
    writeFileSync(file, 'kubelet 1.19.7');
    expect(made).toMatchObject({ status: 2 });
    expect(made.stderr).toContain('did the file stay as it was?');
  });
});

function stateOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '');
  } catch {
    return 'gone';
  }
}
