// Verifies one layer in a process of its own. Arguments: FILE, COMPRESSION, DIGEST, DIFF_ID, RUNS; prints { ms: [], peakRssBytes }.
import { openSync, statSync } from 'node:fs';
import { verifyLayer } from '@sealwatch/shared/image/closure/verify-layer.js';
import { readRange } from '@sealwatch/shared/image/source/read-range.js';

const [file, compression, digest, diffId, runs] = process.argv.slice(2);
const { size } = statSync(file);
const fd = openSync(file, 'r');
const source = { size: async () => size, read: (_, limit) => readRange(fd, 0, limit) };
const layer = { key: digest, digest, size, compression, diffId, maxUncompressedSize: Number.MAX_SAFE_INTEGER };
const ms = [];
for (let run = 0; run < Number(runs); run++) {
  const start = performance.now();
  const found = await verifyLayer(source, layer);
  if (found.state !== 'ok') throw new Error(JSON.stringify(found));
  ms.push(performance.now() - start);
}
console.log(JSON.stringify({ ms, peakRssBytes: process.resourceUsage().maxRSS * 1024 }));
