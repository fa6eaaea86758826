import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sealwatchProgram } from '@sealwatch/collector/cli/program.js';
import { runProgram } from '@sealwatch/shared/cli/run-program.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { builtPrograms } from '../fakes/built-programs.js';
import { capturedIo } from '../fakes/captured-io.js';

let cwd: string;
let taken: Server;
beforeAll(async () => {
  await builtPrograms();
  cwd = mkdtempSync(join(tmpdir(), 'sealwatch-up-'));
  taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
}, 180_000);
afterAll(() => {
  taken.close();
  rmSync(cwd, { recursive: true, force: true });
});

it('up exits 2 when the collector finds its port in use, and says which', async () => {
  const io = capturedIo({ cwd, env: process.env });
  await runProgram(sealwatchProgram(io), ['init', '--mode', 'fips', '--host', 'localhost'], io);
  const listen = `127.0.0.1:${String((taken.address() as AddressInfo).port)}`;
  const file = join(cwd, 'cluster.yaml');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('"0.0.0.0:7443"', `"${listen}"`).replace('"0.0.0.0:7444"', `"${listen}"`));
  expect(await runProgram(sealwatchProgram(io), ['up'], io)).toBe(2);
  expect(io.stderr).toContain(`another program listens on ${listen} already`);
  expect(io.stderr).toMatch(/sealwatch-collector ended with exit status 2; what it said is above\n$/);
});
