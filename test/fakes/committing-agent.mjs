/**
 * A process that signs a new state as fast as it can and delivers now and then; to be killed at any instant.
 * Arguments: a directory with outbox/ and rejected/, a PEM key. It says `sent KIND SEQUENCE DIGEST` for each statement
 * before that could have left the host, and `acknowledged KIND SEQUENCE` once the collector would have it for good.
 */
import { createPrivateKey, randomBytes } from 'node:crypto';
import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ReportChain } from '@sealwatch/agent/chain/report-chain.js';
import { FileOutbox } from '@sealwatch/agent/outbox/file-outbox.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';
import { systemClock } from '@sealwatch/shared/runtime/clock.js';
import { createLogger } from '@sealwatch/shared/runtime/log.js';
import { keySigner } from '@sealwatch/shared/signing/key-file-signer.js';

const [home, key] = process.argv.slice(2);
const log = createLogger({ program: 'committing-agent', level: 'warn' });
const bounds = { maxEntries: 1000, maxBytes: 64 * 1024 * 1024 };
const outbox = await FileOutbox.open({
  outbox: join(home, 'outbox'),
  rejected: join(home, 'rejected'),
  bounds,
  clock: systemClock,
  log,
});
const signer = keySigner(createPrivateKey(readFileSync(key)));
const origin = {
  clusterId: 'c1'.repeat(16),
  host: 'host-a',
  epoch: 1,
  inception: `sha256:${'1'.repeat(64)}`,
  previousHead: null,
  bootId: 'boot',
  instance: randomBytes(16).toString('hex'),
  hostRoot: '/',
};
const chain = new ReportChain({ outbox, origin, signer: () => signer, log });
writeSync(1, 'open\n');

function observation() {
  const bytes = randomBytes(300);
  return {
    startedAt: Date.now(),
    endedAt: Date.now(),
    startedMonotonic: performance.now(),
    carriedFrom: null,
    hostMonotonicMs: 1,
    release: { version: 1, digest: `sha256:${'2'.repeat(64)}` },
    subjects: [{ id: 'file:kubelet:/usr/bin/kubelet', body: { digest: sha256(bytes), bytes } }],
    findings: [],
    nonce: null,
    accounting: { cycleMs: 1, cpuMs: 1, rssBytes: 1, bytesRead: 1 },
  };
}

for (;;) {
  const seen = observation();
  await chain.observe(seen);
  if (Math.random() < 0.5) await chain.observe(seen);
  const waiting = outbox.waiting();
  for (const { kind, sequence, digest } of waiting) writeSync(1, `sent ${kind} ${sequence} ${digest}\n`);
  if (waiting.length < 6) continue;
  const all = Math.random() < 0.5;
  for (const ref of waiting.slice(0, all ? waiting.length : Math.ceil(Math.random() * waiting.length))) {
    await outbox.settle(ref);
    writeSync(1, `acknowledged ${ref.kind} ${ref.sequence}\n`);
  }
  // an idle host: everything is delivered and nothing changes
  if (all) await new Promise((resolve) => setTimeout(resolve, 10));
}
