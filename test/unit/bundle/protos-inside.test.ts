import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { mustRun } from '../../fakes/run-command.js';

const PROJECT = join(import.meta.dirname, '..', '..', '..');

/** Prints every service, message and enum, and one message with numbers that only 64 bits hold, encoded and decoded. */
const PRINTER = `
  import { loadProtoDefinition } from '${PROJECT}/shared/src/wire/load-protos.ts';
  import { loadContainerdProtos } from '${PROJECT}/shared/src/containerd/load-containerd-protos.ts';
  const content = loadContainerdProtos().services.content.v1.Content.service;
  const read = content.Read.requestSerialize({ digest: 'd', offset: '9007199254740993', size: '-3' });
  console.log(JSON.stringify({
    agent: loadProtoDefinition(['sealwatch/v1/agent.proto', 'sealwatch/v1/enrollment.proto', 'sealwatch/v1/query.proto']),
    containerd: Object.keys(content),
    read: [read.toString('hex'), content.Read.requestDeserialize(read)],
  }, (key, value) => (key === 'fileDescriptorProtos' ? undefined : value)));
`;

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'sealwatch-bundle-'));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

it('a bundle speaks exactly the protocol of the proto directory, with nothing beside it', async () => {
  const { protosInside } = (await import(join(PROJECT, 'scripts', 'protos-inside.mjs'))) as {
    protosInside: (project: string) => { name: string; setup: () => void };
  };
  const [alone, beside] = await Promise.all(
    [[protosInside(PROJECT)], []].map(async (plugins, index) => {
      const outfile = join(directory, `printer-${String(index)}.cjs`);
      const url = `"file://${PROJECT}/shared/src/wire/load-protos.ts"`;
      writeFileSync(join(directory, 'printer.ts'), PRINTER);
      await build({
        entryPoints: [join(directory, 'printer.ts')],
        outfile,
        bundle: true,
        platform: 'node',
        target: 'node16',
        conditions: ['sealwatch-source'],
        minify: true,
        keepNames: true,
        define: plugins.length === 0 ? { 'import.meta.url': url } : {},
        logLevel: 'error',
        plugins,
      });
      const { stdout } = await mustRun([process.execPath, outfile], { cwd: directory });
      return JSON.parse(stdout) as { agent: Record<string, unknown>; containerd: string[]; read: unknown[] };
    }),
  );
  expect(alone).toEqual(beside);
  expect(Object.keys(alone!.agent)).toContain('sealwatch.v1.AgentService');
  expect(alone!.containerd).toContain('Read');
  expect(alone!.read).toEqual([
    '0a016410818080808080801018fdffffffffffffffff01',
    { digest: 'd', offset: '9007199254740993', size: '-3' },
  ]);
});
