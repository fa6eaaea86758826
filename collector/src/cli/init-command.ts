import type { Io } from '@sealwatch/shared/cli/io.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { jsonText } from '@sealwatch/shared/runtime/json-text.js';
import { HOST_NAME, type Role, ROLES } from '@sealwatch/shared/subject/component.js';
import { type Mode, MODES } from '@sealwatch/shared/trust/inception.js';
import type { DeclaredHost } from '@sealwatch/shared/trust/release.js';
import { Command, InvalidArgumentError, Option } from 'commander';
import { CLUSTER_NAME } from '../config/parse-cluster-yaml.js';
import { writeClusterYaml } from '../provisioning/write-cluster-yaml.js';
import { clusterDirectory, type ClusterOptions, defaultClusterName, thisHost } from './cluster-options.js';
import { hostName } from './option-values.js';
import { type OutputOptions, withOutputOption } from './output-option.js';

type InitOptions = ClusterOptions &
  OutputOptions & {
    readonly mode: Mode;
    readonly name?: string;
    readonly host: readonly DeclaredHost[];
    readonly address?: string;
    readonly adopt: boolean;
    readonly reason?: string;
  };

/** `sealwatch init --mode fips` */
export function initCommand(io: Io): Command {
  const command = new Command('init')
    .description('write cluster.yaml, with every setting and what it does; changes nothing else')
    .addOption(
      new Option('--mode <mode>', 'fixed for ever once the cluster is provisioned')
        .choices(MODES)
        .makeOptionMandatory(),
    )
    .option('--name <name>', "the cluster's name (default: the directory's)", clusterName)
    .option('--host <name[=role]>', `a host, once for each; its role is ${ROLES.join(' or ')}`, declaredHosts, [])
    .option('--address <host>', 'where hosts reach the collector (default: this machine)', hostName)
    .option('--adopt', 'vouch for a Kubernetes cluster that exists already; printed with every check, for ever', false)
    .option('--reason <text>', 'why it can be vouched for; goes with --adopt')
    .option('--directory <dir>', 'the cluster directory; made if need be (default: here)');
  return withOutputOption(command)
    .addHelpText('after', HELP)
    .action((options: InitOptions) => init(io, options));
}

const HELP = `
A --host without role is a ${ROLES[0]} host. An existing cluster.yaml is never overwritten.

Examples:
  $ sealwatch init --mode fips
  $ sealwatch init --mode fips --name prod --host 10.0.0.1 --host 10.0.0.2=worker
  $ sealwatch init --mode fips --adopt --reason 'bootstrapped by Konvoy 1.7 in FIPS mode, change 4711'`;

async function init(io: Io, options: InitOptions): Promise<void> {
  const { mode, host: hosts, output } = options;
  const directory = clusterDirectory(io, options);
  const name = options.name ?? defaultClusterName(directory.root);
  const adopt = adoption(options);
  await writeClusterYaml(directory, { name, mode, adopt, collectorHost: options.address ?? thisHost(), hosts });
  const answer = { schema: 'sealwatch/init/v1', file: directory.clusterYaml, name, mode, adopt, hosts };
  io.out.write(output === 'json' ? jsonText(answer) : initText(directory.clusterYaml, options));
}

function initText(file: string, { mode, host: hosts }: InitOptions): string {
  const steps = [
    ...(hosts.length === 0 ? ['declare its hosts in it'] : []),
    'list manifests and publisherKeys in it',
    'sealwatch provision',
    'sealwatch up, or sealwatch-collector serve and sealwatch deploy',
  ];
  const standard =
    mode === 'standard' ? 'A standard cluster can never become a FIPS cluster; its check always fails.\n' : '';
  return `${file} written, mode ${mode}.\n${standard}Next:\n${steps.map((step) => `  - ${step}\n`).join('')}`;
}

function adoption({ adopt, reason }: InitOptions): { reason: string } | null {
  if (!adopt && reason === undefined) return null;
  if (adopt && reason !== undefined && reason.trim() !== '' && reason.length <= 500) return { reason };
  const problem = !adopt
    ? '--reason goes with --adopt'
    : '--adopt takes --reason TEXT, 1 to 500 characters: why the cluster can be vouched for';
  throw new CodedError('usage.invalid', problem);
}

function clusterName(text: string): string {
  if (CLUSTER_NAME.test(text)) return text;
  throw new InvalidArgumentError('Write at most 63 letters, digits, spaces, . _ and -, no space or sign at the ends.');
}

function declaredHosts(text: string, earlier: readonly DeclaredHost[]): readonly DeclaredHost[] {
  const [name = '', roleText = ROLES[0], ...rest] = text.split('=');
  const role = ROLES.find((known: Role) => known === roleText);
  if (!HOST_NAME.test(name) || role === undefined || rest.length > 0) {
    throw new InvalidArgumentError(`Write NAME or NAME=ROLE, lower case, with the role ${ROLES.join(' or ')}.`);
  }
  if (earlier.some((host) => host.name === name)) throw new InvalidArgumentError(`${name} is named twice.`);
  return [...earlier, { name, role }];
}
