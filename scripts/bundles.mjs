// The three programs as packages carry them: what esbuild makes of each, with all libraries and protocols inside. Every
// function empties nothing it did not make and returns the files of node_modules that went in, for their licences.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { protosInside } from './protos-inside.mjs';
import { unusedParts } from './unused-parts.mjs';

/**
 * Node 16 is the last that runs on glibc 2.17. CommonJS, because protobufjs and grpc-js ask for built-in modules. Before
 * 16.11 each private field would have to be a WeakMap; names of functions, kept as properties, are 2 MiB of heap.
 */
export function bundleAgent(project, directory) {
  const entries = { 'sealwatch-agent': 'agent/src/main.ts' };
  return bundle(project, directory, entries, {
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    target: 'node16.11',
    keepNames: false,
    plugins: [unusedParts()],
  });
}

/**
 * Two files, since the store works in a thread of its own. better-sqlite3 stays outside: it is asked for by name at run
 * time, and its native part can't be inside a bundle.
 */
export function bundleCollector(project, directory) {
  const entries = {
    'sealwatch-collector': 'collector/src/main.ts',
    'store-worker': 'collector/src/store/sqlite/store-worker.ts',
  };
  return bundleModules(project, directory, entries);
}

export function bundleCli(project, directory) {
  return bundleModules(project, directory, { sealwatch: 'collector/src/cli/main.ts' });
}

/** Modules, because these two programs await at their top level. */
async function bundleModules(project, directory, entries) {
  const inputs = await bundle(project, directory, entries, {
    format: 'esm',
    target: 'node20.11',
    // libraries that are no modules ask for built-in ones with `require`
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
  });
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }\n');
  return inputs;
}

async function bundle(project, directory, entries, options) {
  mkdirSync(directory, { recursive: true });
  for (const name of Object.keys(entries)) {
    rmSync(join(directory, `${name}${options.outExtension?.['.js'] ?? '.js'}`), { force: true });
  }
  const { metafile } = await build({
    // log lines and stacks name classes and functions
    keepNames: true,
    ...options,
    absWorkingDir: project,
    entryPoints: Object.entries(entries).map(([out, file]) => ({ out, in: join(project, file) })),
    outdir: directory,
    bundle: true,
    platform: 'node',
    conditions: ['sealwatch-source'],
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    logLimit: 0,
    metafile: true,
    plugins: [protosInside(project), ...(options.plugins ?? [])],
  });
  return Object.keys(metafile.inputs).filter((file) => file.includes('node_modules/'));
}
