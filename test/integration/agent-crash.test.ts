import { createPublicKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateP256 } from '@sealwatch/shared/signing/generate-key.js';
import type { Report } from '@sealwatch/shared/statement/report.js';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { openReport } from '../fakes/agent-chain.js';
import { builtPrograms } from '../fakes/built-programs.js';
import { Daemon } from '../fakes/daemon.js';
import { OutboxDirectory } from '../fakes/outbox-directory.js';
import { waitUntil } from '../fakes/wait-until.js';

const ROUNDS = 12;

let home = '';
let agent: Daemon | undefined;

beforeAll(builtPrograms, 180_000);
afterEach(async () => {
  await agent?.kill();
  rmSync(home, { recursive: true, force: true });
});

it('keeps one unbroken chain through kill -9 at random instants, and never signs a sent place anew', async () => {
  home = mkdtempSync(join(tmpdir(), 'sealwatch-crash-'));
  const directory = await OutboxDirectory.create(home);
  const { privateKey } = generateP256();
  const keyFile = join(home, 'signing.key');
  writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  const publicKey = createPublicKey(privateKey);

  /** What a collector would have seen: sequence -> digest. */
  const sent = new Map<number, string>();
  const acknowledged = new Set<number>();
  const previousOf = new Map<number, string | null>();
  let killedWithSomethingWaiting = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const running = new Daemon([
      process.execPath,
      join(import.meta.dirname, '../fakes/committing-agent.mjs'),
      home,
      keyFile,
    ]);
    agent = running;
    await waitUntil('the agent has sent something', () => running.output.includes('sent report'), {
      everyMs: 1,
      explain: () => running.output,
    });
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
    await running.kill();

    for (const line of running.output.split('\n')) {
      const [, said, sequence, digest] =
        /^(sent|acknowledged) report (\d+)(?: (sha256:[0-9a-f]{64}))?$/.exec(line) ?? [];
      if (said === 'acknowledged') acknowledged.add(Number(sequence));
      if (said !== 'sent' || digest === undefined) continue;
      expect(sent.get(Number(sequence)) ?? digest, `report ${String(sequence)} was sent before`).toBe(digest);
      sent.set(Number(sequence), digest);
    }

    const outbox = await directory.open();
    const head = outbox.head();
    const reports = outbox.waiting().filter(({ kind }) => kind === 'report');
    if (reports.length > 0) killedWithSomethingWaiting++;
    // nothing that could have been sent was forgotten
    expect(head?.sequence).toBeGreaterThanOrEqual(Math.max(...sent.keys()));
    for (const [sequence, digest] of sent) {
      const here = reports.find((ref) => ref.sequence === sequence);
      if (here === undefined) expect(acknowledged.has(sequence) || sequence <= (head?.sequence ?? 0)).toBe(true);
      else expect(here.digest).toBe(digest);
    }
    for (const ref of reports) {
      const envelope = await outbox.envelope(ref);
      const report: Report = openReport(envelope!, publicKey);
      expect(report.sequence).toBe(ref.sequence);
      expect((await outbox.bodies(report.subjects.map(({ measurement }) => measurement))).length).toBe(1);
      previousOf.set(ref.sequence, report.previous);
      sent.set(ref.sequence, ref.digest);
    }
    if (head !== null) sent.set(head.sequence, head.digest);
  }

  const sequences = [...sent.keys()].sort((a, b) => a - b);
  expect(sequences).toEqual(Array.from({ length: sequences.length }, (_, i) => i + 1));
  for (const [sequence, previous] of previousOf) expect(previous).toBe(sent.get(sequence - 1) ?? null);
  expect(sequences.length).toBeGreaterThan(ROUNDS);
  expect(killedWithSomethingWaiting).toBeGreaterThan(0);
}, 120_000);
