import { closeSync, openSync, readFileSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { TestCluster } from '../fakes/test-cluster.js';

const FIVE_GIB = 5 * 1024 ** 3;

it('a component of 5 GiB is signed, measured within bounded memory, and its last byte counts', async () => {
  const cluster = await TestCluster.create({
    hosts: ['alpha'],
    settings: { 'policy.scanInterval': '2m', 'policy.evidenceMaxAge': '5m' },
  });
  try {
    const file = join(cluster.hostRoot('alpha'), 'usr', 'bin', 'large');
    writeFileSync(file, 'large\n');
    truncateSync(file, FIVE_GIB);
    const signed = ['--component', 'large=/usr/bin/large', '--key', 'publisher.key', '--out', 'large.dsse.json'];
    await cluster.mustSealwatch('manifest', 'create', '--id', 'large', '--root', cluster.hostRoot('alpha'), ...signed);
    const yaml = join(cluster.directory, 'cluster.yaml');
    const document = parseDocument(readFileSync(yaml, 'utf8'));
    document.addIn(['manifests'], 'large.dsse.json');
    document.setIn(['components', 'worker', 'large'], 'file');
    writeFileSync(yaml, document.toString());
    await cluster.mustSealwatch('deploy');
    await cluster.startAgents();

    const { status, result } = await cluster.check('--timeout', '100s');
    expect(status).toBe(0);
    expect(result.hosts[0]?.accounting?.bytesRead).toBeGreaterThan(FIVE_GIB);
    expect(result.hosts[0]?.accounting?.rssBytes).toBeLessThan(200 * 1024 ** 2);

    const fd = openSync(file, 'r+');
    writeSync(fd, '!', FIVE_GIB - 1);
    closeSync(fd);
    const changed = await cluster.check('--timeout', '100s');
    expect(changed.status).toBe(1);
    expect(changed.result.hosts[0]?.subjects.find(({ label }) => label.includes('large'))?.findings).toMatchObject([
      { code: 'file.digest-mismatch' },
    ]);
  } finally {
    await cluster.dispose();
  }
}, 180_000);
