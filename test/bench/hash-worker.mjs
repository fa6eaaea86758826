// A resident process that hashes a directory on request, so that neither Node's start nor its warming up is measured.
// Messages: { root, paths, with: 'sealwatch' | 'stream' } -> { ms, cpuMs, delayP99Ms, worstDelayMs, peakRssBytes, digests }.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { hashBelow } from '../../shared/dist/hashing/hash-below.js';

const RESOLUTION_MS = 1;

const hashers = {
  sealwatch: async (root, path) => {
    const hashed = await hashBelow(root, Buffer.from(path));
    if (hashed.state !== 'hashed') throw new Error(`${path}: ${JSON.stringify(hashed)}`);
    return hashed.digest.slice('sha256:'.length);
  },
  stream: async (root, path) => {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(join(root, path))) hash.update(chunk);
    return hash.digest('hex');
  },
};

process.on('message', async ({ root, paths, with: name }) => {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const start = performance.now();
  const cpu = process.cpuUsage();
  const digests = [];
  for (const path of paths) digests.push(await hashers[name](root, path));
  const ms = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  delay.disable();
  process.send({
    ms,
    cpuMs: (user + system) / 1000,
    delayP99Ms: delay.percentile(99) / 1e6 - RESOLUTION_MS,
    worstDelayMs: delay.max / 1e6 - RESOLUTION_MS,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
    digests,
  });
});
