import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PublisherBench } from '../fakes/publisher-bench.js';

let bench: PublisherBench;
beforeAll(() => {
  bench = new PublisherBench();
  bench.key('other');
});
afterAll(() => {
  bench.remove();
});
beforeEach(() => {
  bench.file('/usr/bin/kubelet', 'kubelet 1.19.7');
});

const KUBELET = ['--component', 'kubelet=/usr/bin/kubelet'];
const RUNC = ['--component', 'runc=/usr/bin/runc'];

function openssl(...args: string[]): string {
  return execFileSync('openssl', args, { cwd: bench.dir, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

describe('sealwatch manifest create', () => {
  it('signs each component so that openssl accepts it, and seals the list', async () => {
    const made = await bench.create([
      ...KUBELET,
      ...RUNC,
      '--os',
      'rhel-7',
      '--os',
      'rhel-8',
      '--kubernetes',
      '1.19.7',
    ]);
    expect(made).toMatchObject({ status: 0, stderr: '' });
    const { predicate, subject } = bench.statement();
    expect(predicate).toMatchObject({
      id: 'konvoy-1.7.0',
      operatingSystems: ['rhel-7', 'rhel-8'],
      kubernetesVersion: '1.19.7',
    });
    expect(subject.map(({ name }) => name)).toEqual(['kubelet', 'runc']);
    for (const { name, paths, digest, size, signature } of bench.files()) {
      const file = `rootfs${paths[0]!}`;
      expect(digest).toBe(sha256(bench.read(file)));
      expect(size).toBe(String(statSync(bench.path(file)).size));
      bench.write(`${name}.sig`, Buffer.from(signature, 'base64'));
      expect(openssl('dgst', '-sha256', '-verify', 'publisher.pub', '-signature', `${name}.sig`, file)).toBe(
        'Verified OK\n',
      );
    }
    expect(await bench.verify()).toMatchObject({ status: 0 });
  });

  it('is valid for a year unless told otherwise', async () => {
    await bench.create(KUBELET);
    const { notBefore, notAfter } = bench.statement().predicate;
    expect(Date.parse(notAfter) - Date.parse(notBefore)).toBe(365 * 86_400_000);
    expect(Math.abs(Date.now() - Date.parse(notBefore))).toBeLessThan(60_000);
    await bench.create([...KUBELET, '--not-before', '2027-01-31', '--not-after', '2027-02-28T12:00:00+02:00']);
    expect(bench.statement().predicate).toMatchObject({
      notBefore: '2027-01-31T00:00:00.000Z',
      notAfter: '2027-02-28T10:00:00.000Z',
    });
  });

  it('takes signatures that plain openssl made', async () => {
    openssl('dgst', '-sha256', '-sign', 'publisher.key', '-out', 'kubelet.sig', 'rootfs/usr/bin/kubelet');
    expect(await bench.create([...KUBELET, ...RUNC, '--signature', 'kubelet=kubelet.sig'])).toMatchObject({
      status: 0,
    });
    const [kubelet] = bench.statement().predicate.components;
    expect(kubelet?.signature).toBe(bench.read('kubelet.sig').toString('base64'));
    expect(await bench.verify()).toMatchObject({ status: 0 });
  });

  it.each([
    [
      'by another key',
      () => openssl('dgst', '-sha256', '-sign', 'other.key', '-out', 'bad.sig', 'rootfs/usr/bin/kubelet'),
    ],
    [
      'of another file',
      () => openssl('dgst', '-sha256', '-sign', 'publisher.key', '-out', 'bad.sig', 'rootfs/usr/bin/runc'),
    ],
    [
      'with another hash',
      () => openssl('dgst', '-sha512', '-sign', 'publisher.key', '-out', 'bad.sig', 'rootfs/usr/bin/kubelet'),
    ],
    ['that is empty', () => { bench.write('bad.sig', ''); }], // prettier-ignore
  ])('refuses a given signature %s', async (_, sign) => {
    sign();
    const before = bench.read('manifest.json');
    const made = await bench.create([...KUBELET, '--signature', 'kubelet=bad.sig']);
    expect(made.status).toBe(1);
    expect(made.stderr).toMatch(/bad\.sig \(\d+ bytes\) is no RSA-4096 signature of kubelet by publisher key/);
    expect(bench.read('manifest.json').equals(before)).toBe(true);
  });

  it('lists the real path of a symbolic link and says so', async () => {
    bench.file('/opt/k8s/kubeadm', 'kubeadm');
    symlinkSync('/opt/k8s/kubeadm', bench.path('rootfs/usr/bin/kubeadm'));
    const made = await bench.create(['--component', 'kubeadm=/usr/bin/kubeadm']);
    expect(made.stdout).toContain('Note: kubeadm: /usr/bin/kubeadm leads to /opt/k8s/kubeadm');
    expect(bench.files()[0]?.paths).toEqual(['/opt/k8s/kubeadm']);
  });

  it('lists alternative paths, and notes those that are not here', async () => {
    const made = await bench.create(['--component', 'runc=/usr/sbin/runc,/usr/bin/runc']);
    expect(made).toMatchObject({ status: 0 });
    expect(made.stdout).toContain('/usr/sbin/runc is not here; it is listed as given');
    expect(bench.files()[0]?.paths).toEqual(['/usr/bin/runc', '/usr/sbin/runc']);
    expect(await bench.verify()).toMatchObject({ status: 0 });
  });

  it('takes paths with spaces, newlines, commas, backslashes and bytes that are not UTF-8', async () => {
    const raw = Buffer.from('/odd/a b\nc,d\\e\xff\xfe', 'latin1');
    bench.file(raw, 'odd');
    const made = await bench.create(['--component', 'odd=/odd/a b\nc\\,d\\\\e\\xff\\xfe']);
    expect(made).toMatchObject({ status: 0, stderr: '' });
    expect(made.stdout).toContain('/odd/a b\\x0ac,d\\\\e\\xff\\xfe');
    const verified = await bench.verify();
    expect(verified.status).toBe(0);
    expect(verified.stdout).toContain('/odd/a b\\x0ac,d\\\\e\\xff\\xfe [file] Signature Validated');
  });

  it('names every component that can not be measured, and writes nothing', async () => {
    execFileSync('mkfifo', [bench.path('rootfs/fifo')]);
    mkdirSync(bench.path('rootfs/dir'));
    symlinkSync('loop', bench.path('rootfs/loop'));
    const components = ['fifo', 'dir', 'loop', 'gone'].flatMap((name) => ['--component', `${name}=/${name}`]);
    const made = await bench.create([...components, '--out', 'none.json']);
    expect(made.status).toBe(2);
    expect(made.stderr).toContain('component fifo: /fifo is a fifo; only regular files can be signed');
    expect(made.stderr).toContain('component dir: /dir is a directory');
    expect(made.stderr).toContain('component loop: /loop is a symlink-loop');
    expect(made.stderr).toContain('component gone: /gone does not exist');
    expect(existsSync(bench.path('none.json'))).toBe(false);
  });

  it('does not open a device', async () => {
    const made = await bench.run([
      'create',
      '--id',
      'x',
      '--out',
      'x.json',
      '--key',
      'publisher.key',
      '--component',
      'zero=/dev/zero',
    ]);
    expect(made).toMatchObject({ status: 2 });
    expect(made.stderr).toContain('/dev/zero is a character-device');
  });

  it.each([
    ['no component', [], 'there is nothing to sign'],
    ['one name twice', [...KUBELET, ...KUBELET], 'Component kubelet is given twice'],
    ['one file under two names', [...KUBELET, '--component', 'kubelet2=/usr/bin/kubelet'], 'are the same file'],
    ['two files under one name', ['--component', 'both=/usr/bin/kubelet,/usr/bin/runc'], 'differ; list them as two'],
    ['a relative path', ['--component', 'kubelet=usr/bin/kubelet'], 'is no absolute path'],
    ['a path that climbs', ['--component', 'kubelet=/usr/../bin/kubelet'], 'is no absolute path'],
    ['a name with a slash', ['--component', 'a/b=/usr/bin/kubelet'], 'A component name has'],
    ['no path', ['--component', 'kubelet='], 'Write it as NAME=PATH'],
    ['a signature of nothing', [...KUBELET, '--signature', 'runc=publisher.pub'], 'no --component has this name'],
    ['an end before the beginning', [...KUBELET, '--not-after', '2020-01-01'], 'is not later than'],
    ['a day that does not exist', [...KUBELET, '--not-after', '2027-02-30'], 'Write a date'],
    ['two ends', [...KUBELET, '--not-after', '2030-01-01', '--valid-for', '1d'], 'cannot be used with'],
    ['an id with a space', [...KUBELET, '--id', 'a b'], 'Write letters, digits'],
  ])('refuses %s as wrong usage', async (_, args, why) => {
    const made = await bench.create(args);
    expect(made.stderr).toContain(why);
    expect(made.status).toBe(2);
  });

  it('does not replace a file unless told to, and leaves nothing half-written beside it', async () => {
    bench.write('kept.json', 'precious');
    const args = [
      'create',
      '--id',
      'x',
      '--root',
      'rootfs',
      '--key',
      'publisher.key',
      '--out',
      'kept.json',
      ...KUBELET,
    ];
    const refused = await bench.run(args);
    expect(refused).toMatchObject({ status: 2 });
    expect(refused.stderr).toContain('kept.json exists and is left as it is');
    expect(bench.read('kept.json').toString()).toBe('precious');
    expect(await bench.run([...args, '--force'])).toMatchObject({ status: 0 });
    expect(bench.statement('kept.json').predicate.id).toBe('x');
    expect(readdirSync(bench.dir).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('prints JSON for programs', async () => {
    const made = await bench.create([...KUBELET, '--output', 'json']);
    expect(JSON.parse(made.stdout)).toMatchObject({
      schema: 'sealwatch/manifest-written/v1',
      file: 'manifest.json',
      sealed: true,
      digest: sha256(bench.envelope().payload),
      manifest: { id: 'konvoy-1.7.0' },
    });
  });
});

describe('the publisher key', () => {
  it.each([
    ['of 2048 bits', { bits: 2048 }, 'has 2048 bits; publisher keys have 4096'],
    ['with exponent 3', { exponent: 3 }, 'has the public exponent 3; publisher keys have 65537'],
  ])('%s is refused', async (_, kind, why) => {
    bench.key('weak', kind);
    const made = await bench.create(KUBELET, ['--key', 'weak.key']);
    expect(made).toMatchObject({ status: 2 });
    expect(made.stderr).toContain(why);
  });

  it('that others can read is refused', async () => {
    execFileSync('sh', ['-c', 'cp publisher.key loose.key && chmod 644 loose.key'], { cwd: bench.dir });
    const made = await bench.create(KUBELET, ['--key', 'loose.key']);
    expect(made).toMatchObject({ status: 2 });
    expect(made.stderr).toContain('chmod 600');
  });

  it('has to be given', async () => {
    expect(await bench.create(KUBELET, [])).toMatchObject({ status: 2 });
  });
});
