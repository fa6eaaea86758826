/**
 * One layer, its compressed and its uncompressed digest: ours in one pass, beside pigz (or gzip, zstd) and openssl in a
 * pipeline that does the same with a process per step. What counts are the ratios; the peers use every core there is.
 * After a build:
 *   node test/bench/image-layer.bench.mjs
 * RUNS=5, MIB=300 and FROM=/usr/lib (whose files make the layer) change it. Peers that are not installed are left out by name.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const RUNS = Number(process.env.RUNS ?? 5);
const MIB = Number(process.env.MIB ?? 300);
const FROM = process.env.FROM ?? '/usr/lib';
const WORKER = join(import.meta.dirname, 'image-layer-worker.mjs');
const work = mkdtempSync(join(tmpdir(), 'sealwatch-layer-bench-'));
const file = (name) => join(work, name);

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const shell = (script) => execFileSync('bash', ['-o', 'pipefail', '-c', script], { cwd: work, encoding: 'utf8' });
const installed = (name) => spawnSync(name, ['--version']).status === 0;

const CASES = [
  {
    name: 'gzip',
    pack: 'gzip -6 -c layer.tar > layer.gz',
    blob: 'layer.gz',
    peers: { pigz: 'pigz -dc', gzip: 'gzip -dc' },
  },
  { name: 'zstd', pack: 'zstd -q -3 -f layer.tar -o layer.zst', blob: 'layer.zst', peers: { zstd: 'zstd -q -dc' } },
  { name: 'none', pack: 'true', blob: 'layer.tar', peers: { cat: 'cat' } },
];

/** Both digests, as a pipeline: the compressed bytes go to one openssl, the uncompressed ones to another. */
function peer(blob, inflate) {
  const start = performance.now();
  shell(`tee >(openssl dgst -sha256 > digest) < ${blob} | ${inflate} | openssl dgst -sha256`);
  return performance.now() - start;
}

function ours(blob, compression, diffId, runs) {
  const args = [WORKER, file(blob), compression, digestOf(blob), diffId, String(runs)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }));
}

function digestOf(name) {
  return `sha256:${shell(`openssl dgst -sha256 -r ${name}`).slice(0, 64)}`;
}

try {
  // tar is cut off by head: that is wanted
  spawnSync('bash', ['-c', `tar -c --sort=name -C ${FROM} . 2> /dev/null | head -c ${MIB * 2 ** 20} > layer.tar`], {
    cwd: work,
  });
  const mib = statSync(file('layer.tar')).size / 2 ** 20;
  const diffId = digestOf('layer.tar');
  console.log(`${mib.toFixed(0)} MiB of ${FROM}, warm cache, medians of ${RUNS} runs, MB of output a second`);
  for (const { name, pack, blob, peers } of CASES) {
    if (name === 'zstd' && !installed('zstd')) continue;
    shell(pack);
    const peerTimes = Object.fromEntries(Object.keys(peers).map((one) => [one, []]));
    const own = [];
    let rss = 0;
    for (let run = 0; run < RUNS; run++) {
      // the first of two warms the process
      const { ms, peakRssBytes } = ours(blob, name, diffId, 2);
      own.push(ms[1]);
      rss = Math.max(rss, peakRssBytes);
      for (const [one, inflate] of Object.entries(peers)) {
        if (one === 'cat' || installed(one)) peerTimes[one].push(peer(blob, inflate));
      }
    }
    const speed = (ms) => ((mib * 2 ** 20) / 1e3 / ms).toFixed(0);
    const others = Object.entries(peerTimes).map(([one, times]) =>
      times.length === 0
        ? `${one} not installed`
        : `${one} | openssl ${speed(median(times))} (ours ${(median(times) / median(own)).toFixed(2)}x)`,
    );
    console.log(
      `${name.padEnd(5)} ours ${speed(median(own))}, peak RSS ${(rss / 1e6).toFixed(0)} MB; ${others.join('; ')}`,
    );
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
