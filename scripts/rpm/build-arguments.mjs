// The command line of scripts/build-rpms.mjs, checked.
import { parseArgs } from 'node:util';

export const HELP = `Usage: npm run build:rpms -- [options] [agent] [collector] [cli]

Builds the RPMs sealwatch-agent, sealwatch-collector and sealwatch (cli); without a name, all of them.

  --node 24|22|20|16      the official Node of this major version, pinned in packaging/node-runtimes.json (default: 24).
                          The collector takes 24 or 22, cli 24, 22 or 20
  --node distribution     no Node inside: the system's nodejs, which follows the system's FIPS-mode OpenSSL
  --node-tarball FILE     a Node of your own, in the layout of nodejs.org: a glibc-2.17 build of a living version, say
  --el 7|8|9              for this release of Enterprise Linux: its dist tag and drop-ins, and an error if something in
                          the package needs a newer glibc. Default: one package for all, all drop-ins, no tag
  --sqlite-module FILE    for the collector: a better_sqlite3.node (13.2.0) compiled elsewhere, for RHEL 8 say. The
                          published one needs the glibc of RHEL 9
  --release N             default: 1
  --sign KEYID            sign with this key of GnuPG
  --gpg-home DIR          where that key is (default: GnuPG's own)
  --out DIR               default: dist/rpms

Needs rpmbuild (and rpmsign), on x86_64 or with --node-tarball. SOURCE_DATE_EPOCH is the packages' time; without it,
that of the last commit. The paths of the packages are printed, one a line.
`;

const PACKAGES = ['agent', 'collector', 'cli'];
const NODES = ['24', '22', '20', '16', 'distribution'];

export class UsageError extends Error {}

/** @returns what HELP says, with defaults; null if help was asked for. @throws UsageError */
export function buildArguments(args) {
  const { values, positionals } = parsed(args);
  if (values.help) return null;
  const { el, sign, release, out, node, 'node-tarball': tarball, 'sqlite-module': sqliteModule } = values;
  for (const name of positionals) oneOf('a package', name, PACKAGES);
  if (node !== undefined) oneOf('--node', node, NODES);
  if (el !== undefined) oneOf('--el', el, ['7', '8', '9']);
  if (node !== undefined && tarball !== undefined) throw new UsageError('--node and --node-tarball exclude each other');
  if (!/^[1-9]\d{0,5}$/.test(release)) throw new UsageError(`--release ${release} is no number above 0`);
  const gpgHome = values['gpg-home'];
  if (gpgHome !== undefined && sign === undefined) throw new UsageError('--gpg-home is for --sign');
  return {
    packages: positionals.length === 0 ? PACKAGES : PACKAGES.filter((name) => positionals.includes(name)),
    node: node ?? '24',
    tarball,
    el,
    sqliteModule,
    release,
    signing: sign === undefined ? undefined : { key: sign, gpgHome },
    out,
  };
}

function parsed(args) {
  try {
    const text = { type: 'string' };
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        node: text,
        'node-tarball': text,
        el: text,
        'sqlite-module': text,
        release: { type: 'string', default: '1' },
        sign: text,
        'gpg-home': text,
        out: { type: 'string', default: 'dist/rpms' },
      },
    });
  } catch (error) {
    throw new UsageError(error.message);
  }
}

function oneOf(what, value, allowed) {
  if (!allowed.includes(value)) throw new UsageError(`${what}: ${value} is none of ${allowed.join(', ')}`);
}
