import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathBytes } from '@sealwatch/shared/subject/path-text.js';
import { parseDocument } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCluster } from '../fakes/test-cluster.js';

let cluster: TestCluster;
beforeAll(async () => {
  cluster = await TestCluster.create({ hosts: ['alpha'] });
  await cluster.startAgents();
}, 120_000);
afterAll(async () => {
  await cluster.dispose();
});

const asRoot = process.geteuid?.() === 0;

describe('a component that has become something else, from the disk to the answer', () => {
  it.each<[string, string, string, (file: string) => void]>([
    [
      'a directory',
      'file.not-regular',
      'directory',
      (file) => {
        mkdirSync(file);
      },
    ],
    ['a FIFO', 'file.not-regular', 'fifo', (file) => execFileSync('mkfifo', [file])],
    [
      'a device, or a socket where only root can make one',
      'file.not-regular',
      asRoot ? 'character-device' : 'fifo',
      (file) => execFileSync(asRoot ? 'mknod' : 'mkfifo', asRoot ? [file, 'c', '1', '3'] : [file]),
    ],
    [
      'a link to itself',
      'file.not-regular',
      'symlink-loop',
      (file) => {
        symlinkSync(file.split('/').at(-1) ?? '', file);
      },
    ],
    [
      'unreadable',
      'file.unreadable',
      'name too long (ENAMETOOLONG)',
      (file) => {
        symlinkSync('x'.repeat(300), file);
      },
    ],
    [
      'empty',
      'file.digest-mismatch',
      'sha256:e3b0c44298fc1c14',
      (file) => {
        writeFileSync(file, '');
      },
    ],
    ['gone', 'file.missing', 'absent', () => undefined],
  ])('%s', async (_, code, observed, become) => {
    const file = cluster.file('alpha');
    const aside = `${file}.aside`;
    renameSync(file, aside);
    try {
      become(file);
      const { status, result } = await cluster.check();
      const files = result.hosts.flatMap(({ subjects }) => subjects.filter(({ kind }) => kind === 'file'));
      const findings = files.flatMap((subject) => subject.findings);
      expect(status).toBe(1);
      expect(findings).toMatchObject([{ code, observed: expect.stringContaining(observed) as string }]);
      const { stdout } = await cluster.sealwatch('check', 'fips', '--cached');
      expect(stdout).toContain(`found:    ${observed}`);
    } finally {
      rmSync(file, { recursive: true, force: true });
      renameSync(aside, file);
    }
    expect((await cluster.check()).status).toBe(0);
  });
});

describe('paths that are hard to write, from the manifest to the answer', () => {
  const ODD = [
    ['spaces', '/opt/my tools/a b'],
    ['newline', '/opt/new\nline/\ttool'],
    ['bytes', '/opt/\\xff\\xfe/tool'],
    ['escapes', '/opt/\u001b[2J/\u202etool'],
    ['backslash', '/opt/back\\\\slash,comma'],
  ] as const;

  const onDisk = (path: string): Buffer =>
    Buffer.concat([Buffer.from(cluster.hostRoot('alpha')), pathBytes(path) ?? Buffer.alloc(0)]);

  beforeAll(async () => {
    for (const [name, path] of ODD) {
      const file = onDisk(path);
      mkdirSync(file.subarray(0, file.lastIndexOf('/')), { recursive: true });
      writeFileSync(file, `#!/bin/sh\necho ${name}\n`, { mode: 0o755 });
    }
    const components = ODD.flatMap(([name, path]) => ['--component', `${name}=${path.replaceAll(',', '\\,')}`]);
    const out = ['--key', 'publisher.key', '--out', 'odd.dsse.json'];
    await cluster.mustSealwatch(
      'manifest',
      'create',
      '--id',
      'odd',
      '--root',
      cluster.hostRoot('alpha'),
      ...components,
      ...out,
    );
    const yaml = join(cluster.directory, 'cluster.yaml');
    const document = parseDocument(readFileSync(yaml, 'utf8'));
    document.addIn(['manifests'], 'odd.dsse.json');
    for (const [name] of ODD) document.setIn(['components', 'worker', name], 'file');
    writeFileSync(yaml, document.toString());
    await cluster.mustSealwatch('deploy');
  }, 60_000);

  it('are found, told apart and printed so that they can do no harm', async () => {
    const { status, result } = await cluster.check();
    expect(status).toBe(0);
    const labels = result.hosts[0]?.subjects.map(({ label }) => label) ?? [];
    for (const [, path] of ODD) expect(labels).toContain(`${path} [file]`);
    const { stdout } = await cluster.sealwatch('check', 'fips', '--cached');
    for (const shown of [
      '/opt/my tools/a b [file] Signature Validated',
      '/opt/new\\x0aline/\\x09tool [file] Signature Validated',
      '/opt/\\xff\\xfe/tool [file] Signature Validated',
      '/opt/\\x1b[2J/\\u202etool [file] Signature Validated',
      '/opt/back\\\\slash,comma [file] Signature Validated',
    ]) {
      expect(stdout).toContain(shown);
    }
  });

  it.each(ODD)('%s: a change of that file, and of no other, fails the check', async (_, path) => {
    const file = onDisk(path);
    const before = readFileSync(file);
    appendFileSync(file, '#');
    const { status, result } = await cluster.check();
    writeFileSync(file, before);
    expect(status).toBe(1);
    const failing = result.hosts[0]?.subjects.filter((subject) => subject.status !== 'ok') ?? [];
    expect(failing.filter(({ kind }) => kind === 'file')).toMatchObject([
      { label: `${path} [file]`, findings: [{ code: 'file.digest-mismatch' }] },
    ]);
  });
});
