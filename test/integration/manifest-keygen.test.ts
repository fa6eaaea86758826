import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PublisherBench } from '../fakes/publisher-bench.js';

let bench: PublisherBench;
beforeAll(() => {
  bench = new PublisherBench();
});
afterAll(() => {
  bench.remove();
});

function opensslText(...args: string[]): string {
  return execFileSync('openssl', ['pkey', '-noout', '-text', ...args], { cwd: bench.dir, encoding: 'utf8' });
}

const KUBELET = ['--component', 'kubelet=/usr/bin/kubelet'];

it('makes an RSA-4096 key that openssl reads and create signs with', async () => {
  const made = await bench.run(['keygen', '--out', 'new.key']);
  expect(made).toMatchObject({ status: 0, stderr: '' });
  expect(statSync(bench.path('new.key')).mode & 0o777).toBe(0o600);
  expect(opensslText('-in', 'new.key')).toContain('Private-Key: (4096 bit');
  const shown = opensslText('-pubin', '-in', 'new.pub');
  expect(shown).toContain('Public-Key: (4096 bit)');
  expect(shown).toContain('Exponent: 65537');
  expect(await bench.create(KUBELET, ['--key', 'new.key', '--publisher-key', 'new.pub'])).toMatchObject({ status: 0 });
  const wrongHalf = await bench.create(KUBELET, ['--key', 'new.key', '--publisher-key', 'publisher.pub']);
  expect(wrongHalf).toMatchObject({ status: 2 });
  expect(wrongHalf.stderr).toContain('publisher.pub is not the public half of new.key');
});

it('encrypts the key with a passphrase, and says when it is wrong or missing', async () => {
  bench.write('secret', 'correct horse\n');
  execFileSync('chmod', ['600', bench.path('secret')]);
  expect(await bench.run(['keygen', '--out', 'locked.key', '--passphrase-file', 'secret'])).toMatchObject({
    status: 0,
  });
  expect(bench.read('locked.key').toString()).toContain('BEGIN ENCRYPTED PRIVATE KEY');
  const dump = execFileSync('openssl', ['asn1parse', '-in', bench.path('locked.key')], { encoding: 'utf8' });
  expect(dump).toContain('aes-256-cbc');
  expect(opensslText('-in', 'locked.key', '-passin', 'pass:correct horse')).toContain('4096 bit');

  const create = ['create', '--id', 'x', '--root', 'rootfs', '--out', 'x.json', '--key', 'locked.key', ...KUBELET];
  const missing = await bench.run(create);
  expect(missing).toMatchObject({ status: 2 });
  expect(missing.stderr).toContain('locked.key is encrypted and no passphrase was given');
  const wrong = await bench.run(create, { SEALWATCH_PASSPHRASE: 'battery staple' });
  expect(wrong).toMatchObject({ status: 2 });
  expect(wrong.stderr).toContain('locked.key does not open with this passphrase');
  expect(wrong.stderr).not.toContain('battery staple');
  expect(await bench.run(create, { SEALWATCH_PASSPHRASE: 'correct horse' })).toMatchObject({ status: 0 });
});

it('never overwrites a key, nor a public half', async () => {
  const before = bench.read('publisher.key');
  const refused = await bench.run(['keygen', '--out', 'publisher.key']);
  expect(refused).toMatchObject({ status: 2 });
  expect(refused.stderr).toContain('publisher.key exists');
  expect(bench.read('publisher.key').equals(before)).toBe(true);
  expect(await bench.run(['keygen', '--out', 'publisher.pem'])).toMatchObject({ status: 2 });
});

it.each(['keygen', 'create', 'sign', 'verify', 'show', 'publish'])('manifest %s --help has examples', async (name) => {
  const help = await bench.run([name, '--help']);
  expect(help.status).toBe(0);
  expect(help.stdout).toMatch(/Examples:\n {2}\$ sealwatch manifest|Examples:\n {2}\$ (openssl|sealwatch)/);
});
