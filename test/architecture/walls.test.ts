import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, type SourceFile, sourceFiles } from './source-files.js';

const files = sourceFiles(['shared/src', 'agent/src', 'collector/src']);

/** Every import from `from` to `to`, as `file -> import`. */
function crossings(from: RegExp, to: RegExp, except: RegExp = /(?!)/): string[] {
  return files
    .filter(({ path }) => from.test(path) && !except.test(path))
    .flatMap(({ path, imports }) =>
      imports.filter((target) => to.test(target)).map((target) => `${path} -> ${target}`),
    );
}

describe('the walls stand:', () => {
  it('there is something to look at', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(files.flatMap(({ imports }) => imports).length).toBeGreaterThan(300);
  });

  it('agent and collector know shared, never each other', () => {
    expect(crossings(/^agent\//, /^collector\//)).toEqual([]);
    expect(crossings(/^collector\//, /^agent\//)).toEqual([]);
    expect(crossings(/^shared\//, /^(agent|collector)\//)).toEqual([]);
  });

  it('nobody imports a test', () => {
    expect(crossings(/./, /^test\//)).toEqual([]);
  });

  it('only the SQLite adapter speaks to SQLite', () => {
    expect(crossings(/./, /^better-sqlite3/, /^collector\/src\/store\/sqlite\//)).toEqual([]);
  });

  it('only x509 speaks DER with node-forge, and only as a codec', () => {
    expect(crossings(/./, /^node-forge/, /^shared\/src\/x509\//)).toEqual([]);
    expect(crossings(/^shared\/src\/x509\//, /^node-forge(?!\/lib\/(asn1|oids)(\.[jt]s)?$)/)).toEqual([]);
  });

  it('the rules are free of I/O', () => {
    const io = /^node:(fs|net|tls|http2?|https|child_process|dgram|dns|worker_threads|readline)/;
    expect(crossings(/^shared\/src\/(subject|manifest|measurement|appraisal|statement|trust|check)\//, io)).toEqual([]);
    expect(crossings(/^collector\/src\/compliance\//, io)).toEqual([]);
  });

  it('the rules know no adapter', () => {
    const adapters = /^(shared\/src\/(wire|cli|hashing\/(hash|walk|read|open))|@grpc|pino|commander)/;
    expect(crossings(/^shared\/src\/(subject|measurement|appraisal|statement|trust)\//, adapters)).toEqual([]);
  });

  it('the store is reached through its ports', () => {
    const composition = /^collector\/src\/(compose-collector|store\/sqlite\/.*|cli\/store.*)\.ts$/;
    expect(crossings(/^collector\//, /^collector\/src\/store\/sqlite\//, composition)).toEqual([]);
  });

  it('no program that listens reads the cluster key', () => {
    const readers = files
      .filter(({ path }) => readFileSync(join(ROOT, path), 'utf8').includes('cluster.key'))
      .map(({ path }) => path);
    expect(readers.filter((path) => !/^collector\/src\/(cli|config)\//.test(path))).toEqual([]);
    expect(
      crossings(
        /^collector\/src\/(main|compose-collector|api\/.*|ingest\/.*|compliance\/.*)\.ts$/,
        /operator-directory/,
      ),
    ).toEqual([]);
  });

  it('no module imports itself by a detour', () => {
    expect(cycles(files)).toEqual([]);
  });
});

describe('the agent stays light:', () => {
  it('it depends on nothing native and on no database', () => {
    const manifests = ['agent', 'shared'].map(
      (workspace) =>
        JSON.parse(readFileSync(join(ROOT, workspace, 'package.json'), 'utf8')) as {
          dependencies: Record<string, string>;
        },
    );
    const dependencies = manifests
      .flatMap((manifest) => Object.keys(manifest.dependencies))
      .filter((name) => !name.startsWith('@sealwatch/'));
    const allowed = [
      '@grpc/grpc-js',
      '@grpc/proto-loader',
      'commander',
      'node-forge',
      'pino',
      'protobufjs',
      'yaml',
      'zod',
    ];
    expect([...new Set(dependencies)].filter((name) => !allowed.includes(name))).toEqual([]);
  });

  it('it and shared use the small zod', () => {
    expect(crossings(/^(agent|shared)\//, /^zod$/)).toEqual([]);
  });

  it('it and shared call nothing that Node 16 lacks', () => {
    const tooNew =
      /import\.meta\.dirname|structuredClone\(|\.findLast\(|AbortSignal\.(timeout|any)\(|Promise\.withResolvers|\bfetch\(|Array\.fromAsync|\.toSorted\(|readline\/promises/;
    const found = files
      .filter(({ path }) => /^(agent|shared)\//.test(path))
      .filter(({ path }) => tooNew.test(readFileSync(join(ROOT, path), 'utf8')));
    expect(found.map(({ path }) => path)).toEqual([]);
  });
});

/** Import cycles through modules that exist at run time or not alike, each as its path. */
function cycles(sources: readonly SourceFile[]): string[] {
  const graph = new Map(sources.map(({ path, imports }) => [path, imports]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start !== -1) {
      found.push([...trail.slice(start), path].join(' -> '));
      return;
    }
    if (done.has(path)) return;
    for (const target of graph.get(path) ?? []) if (!target.includes('/generated/')) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const { path } of sources) if (!path.includes('/generated/')) visit(path, []);
  return found;
}
