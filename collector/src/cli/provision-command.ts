import type { Io } from '@sealwatch/shared/cli/io.js';
import { systemClock } from '@sealwatch/shared/runtime/clock.js';
import { jsonText } from '@sealwatch/shared/runtime/json-text.js';
import { Command } from 'commander';
import { provision } from '../provisioning/provision.js';
import { clusterConfig, clusterDirectory, type ClusterOptions, withModeOption } from './cluster-options.js';
import { type OutputOptions, withOutputOption } from './output-option.js';
import { provisioningText } from './provisioning-text.js';

/** `sealwatch provision` */
export function provisionCommand(io: Io): Command {
  const command = new Command('provision')
    .description('make what the cluster trusts: keys, certificates, the inception record, a bundle for each host')
    .option('--directory <dir>', 'the cluster directory, with cluster.yaml in it (default: here)');
  return withModeOption(withOutputOption(command))
    .addHelpText('after', HELP)
    .action((options: ClusterOptions & OutputOptions) => provisionCluster(io, options));
}

const HELP = `
Makes only what is missing and never overwrites a key: run it again after declaring a host. Mode, name and adoption are
fixed by the first run. .sealwatch/collector is the collector's state directory, to be used here or moved to its machine;
.sealwatch/cluster.key stays with the operator: keep a copy of it in a safe place.

Examples:
  $ sealwatch provision
  $ sealwatch provision --mode fips`;

async function provisionCluster(io: Io, options: ClusterOptions & OutputOptions): Promise<void> {
  const config = await clusterConfig(io, options);
  const directory = clusterDirectory(io, options);
  const provisioned = await provision({ directory, config, now: systemClock.wall() });
  if (options.output === 'text') {
    io.out.write(provisioningText(provisioned, io.cwd));
    return;
  }
  const { inception, made, renewed, notices } = provisioned;
  const { clusterId, clusterName, mode } = inception;
  io.out.write(jsonText({ schema: 'sealwatch/provision/v1', clusterId, clusterName, mode, made, renewed, notices }));
}
