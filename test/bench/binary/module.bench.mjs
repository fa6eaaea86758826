/**
 * How long it takes to say which module a program has: by symbols, by the hash of a known build, by what its self-test
 * refers to; then everything about the large programs of a cluster, beside hashing the same file, which the agent does
 * anyway. Medians of RUNS (9), warm cache. After a build:
 *   node test/bench/binary/module.bench.mjs
 * Needs golang-1.19-go. Programs that are not installed are left out by name.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, fstatSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { analyzeBinary } from '@sealwatch/shared/binary/analyze-binary.js';
import { descriptorSource } from '@sealwatch/shared/binary/elf/descriptor-source.js';
import { readElf } from '@sealwatch/shared/binary/elf/elf-file.js';
import { imageOfFile } from '@sealwatch/shared/binary/elf/program-image.js';
import { symbolValues } from '@sealwatch/shared/binary/elf/symbol-values.js';
import { KNOWN_BORING_MODULES } from '@sealwatch/shared/binary/module/known-boring-modules.js';
import { locateBoringModule, MODULE_SYMBOLS } from '@sealwatch/shared/binary/module/locate-boring-module.js';
import { scanCode } from '@sealwatch/shared/binary/module/scan-code.js';
import { hashOpenFile } from '@sealwatch/shared/hashing/hash-file.js';

const RUNS = Number(process.env.RUNS ?? 9);
const GO = '/usr/lib/go-1.19/bin/go';
const MAIN = 'package main\n\nimport "net/http"\n\nfunc main() { panic(http.ListenAndServeTLS(":0", "", "", nil)) }\n';
const work = mkdtempSync(join(tmpdir(), 'sealwatch-module-bench-'));

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const say = (what, value) => console.log(`${what.padEnd(52)} ${value}`);
const ms = (value) => `${value.toFixed(1).padStart(7)} ms`;

function build() {
  const source = join(work, 'source');
  mkdirSync(source);
  writeFileSync(join(source, 'main.go'), MAIN);
  const made = spawnSync(GO, ['build', '-o', join(work, 'boring'), '.'], {
    cwd: source,
    env: {
      ...process.env,
      HOME: work,
      GO111MODULE: 'off',
      GOPROXY: 'off',
      GOCACHE: join(tmpdir(), 'sealwatch-go-cache'),
      GOEXPERIMENT: 'boringcrypto',
      CGO_ENABLED: '1',
    },
  });
  if (made.status !== 0) throw new Error(`go build: ${String(made.stderr)}`);
  return join(work, 'boring');
}

async function timed(run) {
  const times = [];
  for (let i = 0; i <= RUNS; i++) {
    const started = performance.now();
    await run();
    // the first one warms up
    if (i > 0) times.push(performance.now() - started);
  }
  return median(times);
}

async function opened(path, use) {
  const fd = openSync(path, 'r');
  try {
    return await use(descriptorSource(fd, fstatSync(fd).size), fd);
  } finally {
    closeSync(fd);
  }
}

const NO_SYMBOLS = new Map();
const NOTHING_KNOWN = { signatures: new Set(), knownHashes: [] };

/** Each way alone, from an open file to the place and the recomputed hash. */
async function locations(path) {
  await opened(path, async (source) => {
    const ways = {
      symbols: async (elf) => ({ symbols: await symbolValues(source, elf, MODULE_SYMBOLS), scan: NOTHING_KNOWN }),
      'known-hash': async (elf) => ({
        symbols: NO_SYMBOLS,
        scan: await scanCode(imageOfFile(source, elf), KNOWN_BORING_MODULES),
      }),
      'self-test': () => Promise.resolve({ symbols: NO_SYMBOLS, scan: NOTHING_KNOWN }),
    };
    for (const [by, evidence] of Object.entries(ways)) {
      const run = async () => {
        const elf = await readElf(source);
        const found = await locateBoringModule(imageOfFile(source, elf), await evidence(elf));
        if (found.state !== 'found' || found.by !== by) throw new Error(`${by}: ${JSON.stringify(found)}`);
      };
      say(`module of a ${(source.size / 1e6).toFixed(1)} MB program, by ${by}`, ms(await timed(run)));
    }
  });
}

async function whole(path) {
  if (!existsSync(path)) {
    say(path, 'not installed: left out');
    return;
  }
  await opened(path, async (source, fd) => {
    const analysis = await timed(() => analyzeBinary(source));
    const hashing = await timed(() => hashOpenFile(fd));
    const title = `everything about ${path} (${(source.size / 1e6).toFixed(0)} MB)`;
    say(title, `${ms(analysis)}, hashing ${ms(hashing)}, ratio ${(analysis / hashing).toFixed(2)}`);
  });
}

try {
  console.log(`node ${process.version}, ${String(RUNS)} runs`);
  await locations(build());
  for (const path of ['/usr/bin/etcd', '/usr/bin/containerd', '/usr/bin/kubectl', process.execPath]) await whole(path);
  say('peak resident memory', `${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
