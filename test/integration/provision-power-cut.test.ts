import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { sealwatchProgram } from '@sealwatch/collector/cli/program.js';
import { operatorDirectory } from '@sealwatch/collector/config/operator-directory.js';
import { readFirst } from '@sealwatch/collector/provisioning/ensure-certificate.js';
import { readIssuedCertificates } from '@sealwatch/collector/provisioning/issued-certificates.js';
import { readIssuedTokens } from '@sealwatch/collector/provisioning/issued-tokens.js';
import { runProgram } from '@sealwatch/shared/cli/run-program.js';
import type * as DurableFile from '@sealwatch/shared/runtime/durable-file.js';
import { parseBundle } from '@sealwatch/shared/trust/enrollment-bundle.js';
import { tokenHash } from '@sealwatch/shared/trust/enrollment-token.js';
import { describe, expect, it, vi } from 'vitest';
import { capturedIo } from '../fakes/captured-io.js';

/** Each write is whole or not at all (durable-file.test.ts), so between two writes is the only place to be cut off. */
const power = vi.hoisted(() => ({ writesLeft: Number.POSITIVE_INFINITY }));
vi.mock('@sealwatch/shared/runtime/durable-file.js', async (original) => {
  const real = await original<typeof DurableFile>();
  const writeDurably: typeof real.writeDurably = async (...args) => {
    if (power.writesLeft-- <= 0) throw new Error('the power is gone');
    await real.writeDurably(...args);
  };
  return { ...real, writeDurably };
});

async function provision(cwd: string): Promise<number> {
  const io = capturedIo({ cwd });
  return runProgram(sealwatchProgram(io), ['provision', '--mode', 'fips'], io);
}

function keysBelow(cwd: string): Map<string, string> {
  const entries = readdirSync(cwd, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    paths
      .filter((path) => path.endsWith('.key') || path.endsWith('inception.dsse.json'))
      .map((path) => [relative(cwd, path), readFileSync(path, 'utf8')]),
  );
}

async function expectWhole(cwd: string): Promise<void> {
  const directory = operatorDirectory(cwd);
  const recorded = await readIssuedCertificates(directory.collector.certificates);
  for (const file of [directory.collector.tlsChain, join(directory.operators, 'admin.pem')]) {
    const { serial } = await readFirst(file);
    expect(recorded.map((entry) => entry.serial)).toContain(serial);
  }
  const hashes = (await readIssuedTokens(directory.collector.tokens)).map(({ hash }) => hash);
  for (const name of readdirSync(directory.bundles)) {
    const file = join(directory.bundles, name);
    expect(hashes).toContain(tokenHash(parseBundle(readFileSync(file), file).token));
  }
  expect(readFileSync(directory.collector.inception)).toEqual(readFileSync(directory.inception));
}

describe('a provision that is cut off', () => {
  it('after any of its writes is finished by the next run, with the keys of the first', async () => {
    let cuts = 0;
    for (let status = 1; status !== 0; cuts += 1) {
      const cwd = mkdtempSync(join(tmpdir(), 'sealwatch-cut-'));
      const io = capturedIo({ cwd });
      expect(await runProgram(sealwatchProgram(io), ['init', '--mode', 'fips', '--host', 'a', '--host', 'b'], io)).toBe(
        0,
      );
      power.writesLeft = cuts;
      status = await provision(cwd);
      power.writesLeft = Number.POSITIVE_INFINITY;
      const before = keysBelow(cwd);
      expect(await provision(cwd)).toBe(0);
      const after = keysBelow(cwd);
      for (const [path, text] of before) expect([path, after.get(path)]).toEqual([path, text]);
      expect(after.size).toBe(7);
      await expectWhole(cwd);
      rmSync(cwd, { recursive: true });
    }
    // seven keys and records, four certificates in five files, two registers and their growth, settings, bundles
    expect(cuts).toBeGreaterThan(15);
  });
});
