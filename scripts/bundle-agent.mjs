// `npm run bundle:agent [-- DIRECTORY]`: the agent as one file, dist/bundle/sealwatch-agent.cjs, that needs Node 16 or
// later and nothing beside it. CommonJS, because protobufjs and grpc-js ask for built-in modules with `require`.
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { protosInside } from './protos-inside.mjs';

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const directory = resolve(process.argv[2] ?? join(project, 'dist', 'bundle'));
const outfile = join(directory, 'sealwatch-agent.cjs');

mkdirSync(directory, { recursive: true });
rmSync(outfile, { force: true });
await build({
  entryPoints: [join(project, 'agent', 'src', 'main.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  // the last Node that runs on glibc 2.17
  target: 'node16',
  conditions: ['sealwatch-source'],
  minify: true,
  // log lines and stacks name classes and functions
  keepNames: true,
  legalComments: 'none',
  logLevel: 'warning',
  logLimit: 0,
  plugins: [protosInside(project)],
});
process.stdout.write(`${outfile}: ${String(Math.round(statSync(outfile).size / 1024))} KiB\n`);
