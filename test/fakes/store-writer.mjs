/**
 * A process that writes reports and says so, line by line, once each is acknowledged; to be killed at any instant.
 * Arguments: the store's file, and a JSON file of `[host, epoch, sequence, digest, base64 payload][]`.
 */
import { readFileSync, writeSync } from 'node:fs';
import { openSqliteStore } from '@sealwatch/collector/store/sqlite/open-sqlite-store.js';

const [file, records] = process.argv.slice(2);
const IN_FLIGHT = 32;

const waiting = JSON.parse(readFileSync(records, 'utf8'));
const store = await openSqliteStore({ file, threads: 'workers' });
writeSync(1, 'open\n');

const at = '2026-11-23T10:00:00.000Z';

async function record([host, epoch, sequence, digest, payload]) {
  const outcome = await store.recordReport({
    host,
    head: { epoch, sequence, digest },
    envelope: {
      payloadType: 'application/vnd.sealwatch.report.v1+json',
      payload: Buffer.from(payload, 'base64'),
      signatures: [{ keyid: '0'.repeat(64), sig: Buffer.alloc(71, sequence) }],
    },
    signedAt: at,
    receivedAt: at,
    verdict: 'compliant',
    findings: [],
    bodies: [],
    authorities: [],
    gapFrom: null,
    unprovenSince: null,
    isFolded: false,
  });
  writeSync(1, `${outcome} ${host} ${sequence}\n`);
}

async function recordAll() {
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await record(next);
}

await Promise.all(Array.from({ length: IN_FLIGHT }, recordAll));
writeSync(1, 'done\n');
// stays until it is killed: the store is open and nobody else may write it
setInterval(() => undefined, 60_000);
