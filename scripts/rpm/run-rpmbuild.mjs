// From laid-out files to an RPM, signed if asked for.
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';

/** glibc of the releases of Enterprise Linux. */
const GLIBC = { 7: [2, 17], 8: [2, 28], 9: [2, 34] };

/**
 * @param input `{ specs, name, stage, scratch, out, define, el, epoch }`: `define` are macros, `epoch` in seconds
 * @returns the path of the package
 */
export function runRpmbuild({ specs, name, stage, scratch, out, define, el, epoch }) {
  const rpms = join(scratch, 'rpms');
  const macros = { ...define, _specs: specs, _stage: stage, _topdir: scratch, _rpmdir: rpms, _rpmfilename: RPM_FILE };
  if (el !== undefined) macros.dist = `.el${el}`;
  const defines = Object.entries(macros).flatMap(([macro, value]) => ['--define', `${macro} ${value}`]);
  const env = { ...process.env, SOURCE_DATE_EPOCH: String(epoch), LC_ALL: 'C', TZ: 'UTC' };
  const argv = ['-bb', '--quiet', ...defines, join(specs, `${name}.spec`)];
  const { status, stderr, error } = spawnSync('rpmbuild', argv, { env, encoding: 'utf8' });
  if (error !== undefined) throw new Error(`rpmbuild can't be run: ${error.message}`);
  if (status !== 0) throw new Error(`rpmbuild: exit ${String(status)}\n${stderr}`);
  const [file] = readdirSync(rpms);
  if (el !== undefined) requireGlibc(join(rpms, file), el);
  mkdirSync(out, { recursive: true });
  copyFileSync(join(rpms, file), join(out, file));
  return join(out, file);
}

const RPM_FILE = '%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}.rpm';

/** The package says itself what it needs; better here than at its installation. */
function requireGlibc(rpm, el) {
  const needs = execFileSync('rpm', ['-qp', '--nosignature', '--requires', rpm], { encoding: 'utf8' });
  const [major, minor] = GLIBC[el];
  for (const [, found, a, b] of needs.matchAll(/\((GLIBC_(\d+)\.(\d+))[.\d]*\)/g)) {
    if (Number(a) > major || (Number(a) === major && Number(b) > minor)) {
      throw new Error(`${basename(rpm)} needs ${found}, and RHEL ${el} has ${String(major)}.${String(minor)}`);
    }
  }
}

/** @param signing `{ key, gpgHome }` */
export function signRpms(rpms, { key, gpgHome }, el) {
  const env = gpgHome === undefined ? process.env : { ...process.env, GNUPGHOME: gpgHome };
  const define = ['--define', `_gpg_name ${key}`, '--define', '__gpg /usr/bin/gpg'];
  // rpm before 4.14 checks contents by a signature over them, not by their digest in the signed header
  const old = el === '7' ? ['--rpmv3'] : [];
  execFileSync('rpmsign', [...define, ...old, '--addsign', ...rpms], { env, stdio: ['ignore', 'ignore', 'inherit'] });
}
