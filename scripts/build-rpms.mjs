// `npm run build:rpms [-- --help]`: the RPMs. docs/packaging.md says what is in them; packaging/rpm has their spec files.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildArguments, HELP, UsageError } from './rpm/build-arguments.mjs';
import { manPages } from './rpm/man-pages.mjs';
import { nodeRuntime } from './rpm/node-runtime.mjs';
import { runRpmbuild, signRpms } from './rpm/run-rpmbuild.mjs';
import { PACKAGES, stagePackage } from './rpm/stage-package.mjs';

const project = dirname(dirname(fileURLToPath(import.meta.url)));
// a strict umask of who builds is not for what is installed
process.umask(0o022);
try {
  const options = buildArguments(process.argv.slice(2));
  if (options === null) process.stdout.write(HELP);
  else await buildRpms(options);
} catch (error) {
  process.stderr.write(`build:rpms: ${error.message}\n${error instanceof UsageError ? '(see --help)\n' : ''}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

async function buildRpms({ packages, node, tarball, el, sqliteModule, release, signing, out }) {
  const { version } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
  const epoch = sourceDate();
  const scratch = mkdtempSync(join(tmpdir(), 'sealwatch-rpms-'));
  try {
    const runtime = nodeRuntime(project, { node, tarball: tarball && resolve(tarball) }, scratch);
    for (const which of packages) requireNode(which, runtime);
    const pages = await manPages(project, { day: new Date(epoch * 1000).toISOString().slice(0, 10), version });
    const rpms = [];
    for (const which of packages) {
      const { name, oldest } = PACKAGES[which];
      const work = join(scratch, name);
      const stage = join(work, 'files');
      mkdirSync(stage, { recursive: true });
      const input = { project, which, stage, runtime, pages: pages[which], el, sqliteModule };
      const license = await stagePackage(input);
      const define = {
        sealwatch_version: version,
        sealwatch_release: release,
        sealwatch_license: license,
        bundled_node: runtime.kind === 'bundled' ? runtime.version : '0',
        node_floor: oldest,
      };
      const specs = join(project, 'packaging', 'rpm');
      rpms.push(runRpmbuild({ specs, name, stage, scratch: work, out: resolve(out), define, el, epoch }));
      // a Node each
      rmSync(work, { recursive: true });
    }
    if (signing !== undefined) signRpms(rpms, signing, el);
    process.stdout.write(rpms.map((rpm) => `${rpm}\n`).join(''));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function requireNode(which, runtime) {
  const { name, oldest } = PACKAGES[which];
  if (runtime.kind === 'bundled' && isOlder(runtime.version, oldest)) {
    throw new UsageError(`${name} needs Node ${oldest} or later, not ${runtime.version}`);
  }
}

/** By major and minor version. */
function isOlder(version, than) {
  const [[major, minor], [leastMajor, leastMinor]] = [version, than].map((text) => text.split('.').map(Number));
  return major === leastMajor ? minor < leastMinor : major < leastMajor;
}

/** Seconds. */
function sourceDate() {
  const given = process.env['SOURCE_DATE_EPOCH'] ?? '';
  if (/^\d+$/.test(given)) return Number(given);
  const committed = execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: project, encoding: 'utf8' });
  return Number(committed);
}
