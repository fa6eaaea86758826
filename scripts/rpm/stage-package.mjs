// The files of one package as they will be installed, below a directory, and what its spec file must be told.
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { bundleAgent, bundleCli, bundleCollector } from '../bundles.mjs';
import { stageSqlite } from './stage-sqlite.mjs';
import { packageFolders, thirdPartyNotices } from './third-party-notices.mjs';

/** What is different from package to package. `oldest` is the Node that its bundle is made for; scripts/bundles.mjs. */
export const PACKAGES = {
  agent: {
    name: 'sealwatch-agent',
    program: 'sealwatch-agent.cjs',
    bundle: bundleAgent,
    // what keeps memory low; docs/packaging.md
    flags: [
      '--expose-gc',
      '--max-semi-space-size=1',
      '--optimize-for-size',
      '--v8-pool-size=1',
      '--no-opt',
      '--no-sparkplug',
    ],
    // an older one refuses it and has no such compiler
    flagsSince: { 20: ['--no-maglev'] },
    oldest: '16.11',
    units: ['sealwatch-agent', 'sealwatch-agent-enroll'],
    settings: 'agent.yaml',
  },
  collector: {
    name: 'sealwatch-collector',
    program: 'sealwatch-collector.js',
    bundle: bundleCollector,
    flags: [],
    // Node-API of better-sqlite3 13
    oldest: '22.0',
    units: ['sealwatch-collector'],
    settings: 'collector.yaml',
  },
  cli: { name: 'sealwatch', program: 'sealwatch.js', bundle: bundleCli, flags: [], oldest: '20.11' },
};

/** Of the releases of Enterprise Linux. */
const SYSTEMD = { 7: 219, 8: 239, 9: 252 };

/** What needs a newer systemd than the base units; drop-ins say so in their name. An older one would complain of it. */
const SINCE = { 'sealwatch-agent-enroll.service': 252, '40-credentials.conf.example': 250 };

/**
 * @param input `{ project, which, stage, runtime, pages, el, sqliteModule }`; `stage` is an empty directory
 * @returns the licence of the whole, as SPDX writes it
 */
export async function stagePackage(input) {
  const { project, which, stage, runtime, pages } = input;
  const { name, program, bundle, units = [], settings } = PACKAGES[which];
  const home = `/usr/libexec/${name}`;
  const put = (path, contents) => {
    mkdirSync(dirname(join(stage, path)), { recursive: true });
    writeFileSync(join(stage, path), contents);
  };
  const copy = (from, path) => {
    mkdirSync(dirname(join(stage, path)), { recursive: true });
    copyFileSync(from, join(stage, path));
  };
  const licenses = `/usr/share/licenses/${name}`;

  const inputs = await bundle(project, join(stage, home));
  // the package has a launcher; rpm would require what a script's first line names
  chmodSync(join(stage, home, program), 0o644);
  const libraries = packageFolders(project, inputs);
  if (which === 'collector') libraries.push(stageSqlite(project, join(stage, home), input.sqliteModule));
  const notices = thirdPartyNotices(libraries);
  put(`${licenses}/THIRD-PARTY`, notices.text);
  copy(join(project, 'LICENSE'), `${licenses}/LICENSE`);
  let node = '/usr/bin/node';
  if (runtime.kind === 'bundled') {
    node = `${home}/node`;
    copy(runtime.binary, node);
    copy(runtime.license, `${licenses}/LICENSE.node`);
  }
  const launcher = readFileSync(join(project, 'packaging', 'launcher.sh'), 'utf8');
  const flagText = nodeFlags(which, runtime)
    .map((flag) => `${flag} `)
    .join('');
  put(
    `/usr/bin/${name}`,
    launcher.replace('@NODE@', node).replace('@FLAGS@', flagText).replace('@PROGRAM@', `${home}/${program}`),
  );
  for (const [file, contents] of pages) put(`/usr/share/man/man${/\.(\d)\.gz$/.exec(file)[1]}/${file}`, contents);
  if (settings !== undefined) copy(join(project, 'packaging', 'config', settings), `/etc/sealwatch/${settings}`);
  for (const unit of units) stageUnit(project, stage, unit, input.el);
  if (which === 'collector') {
    const users = 'sysusers.d/sealwatch-collector.conf';
    copy(join(project, 'systemd', users), `/usr/lib/${users}`);
  }
  const terms = new Set(
    ['Apache-2.0', ...notices.licenses, 'MIT'].map((term) => term.replace(/^(?=[^(]).* OR .*$/, '($&)')),
  );
  return [...terms].join(' AND ');
}

/** Of the distribution's Node it is not known here which version it will be. */
function nodeFlags(which, runtime) {
  const { flags, flagsSince = {} } = PACKAGES[which];
  const major = runtime.kind === 'bundled' ? Number(runtime.version.split('.')[0]) : 0;
  const more = Object.entries(flagsSince).filter(([since]) => major >= Number(since));
  return [...flags, ...more.flatMap(([, newer]) => newer)];
}

function stageUnit(project, stage, unit, el) {
  const from = join(project, 'systemd');
  const to = join(stage, 'usr', 'lib', 'systemd', 'system');
  const folder = `${unit}.service.d`;
  const dropIns = existsSync(join(from, folder)) ? readdirSync(join(from, folder)) : [];
  for (const file of [`${unit}.service`, ...dropIns.map((name) => join(folder, name))]) {
    const since = SINCE[basename(file)] ?? Number(/-systemd-(\d+)\.conf$/.exec(file)?.[1] ?? 0);
    if (el !== undefined && since > SYSTEMD[el]) continue;
    mkdirSync(dirname(join(to, file)), { recursive: true });
    copyFileSync(join(from, file), join(to, file));
  }
}
