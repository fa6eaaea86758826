// `npm run bundle:agent [-- DIRECTORY]`: the agent as one file, dist/bundle/sealwatch-agent.cjs, that needs Node 16 or
// later and nothing beside it.
import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleAgent } from './bundles.mjs';

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const directory = resolve(process.argv[2] ?? join(project, 'dist', 'bundle'));
await bundleAgent(project, directory);
const outfile = join(directory, 'sealwatch-agent.cjs');
process.stdout.write(`${outfile}: ${String(Math.round(statSync(outfile).size / 1024))} KiB\n`);
