import type { Io } from '@sealwatch/shared/cli/io.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { type Mode, MODES } from '@sealwatch/shared/trust/inception.js';
import { type Command, Option } from 'commander';
import { hostname } from 'node:os';
import { basename, resolve } from 'node:path';
import type { ClusterConfig } from '../config/cluster-config.js';
import { HOST_NAME } from '@sealwatch/shared/subject/component.js';
import type { NewCluster } from '../config/cluster-template.js';
import { loadClusterConfig } from '../config/load-cluster-config.js';
import { type OperatorDirectory, operatorDirectory } from '../config/operator-directory.js';
import { CLUSTER_NAME } from '../config/parse-cluster-yaml.js';
import { fileExists } from '../provisioning/file-exists.js';
import { writeClusterYaml } from '../provisioning/write-cluster-yaml.js';
import { inceptionIfAny, requireSameMode } from '../provisioning/cluster-trust.js';

export interface ClusterOptions {
  readonly directory?: string;
  readonly mode?: Mode;
}

/** `--mode` for commands that can start from nothing. */
export function withModeOption(command: Command): Command {
  return command.addOption(
    new Option(
      '--mode <mode>',
      'the mode of a cluster that is new here: writes cluster.yaml if there is none; never changes an existing one',
    ).choices(MODES),
  );
}

export function clusterDirectory(io: Io, { directory }: ClusterOptions): OperatorDirectory {
  return operatorDirectory(resolve(io.cwd, directory ?? '.'));
}

/**
 * `cluster.yaml`, written first if there is none and `--mode` says what it should be.
 * @throws CodedError('config.missing' | 'config.invalid' | 'cluster.mode-fixed' | 'usage.invalid')
 */
export async function clusterConfig(
  io: Io,
  options: ClusterOptions,
  hosts: NewCluster['hosts'] = [],
): Promise<ClusterConfig> {
  const directory = clusterDirectory(io, options);
  const { mode } = options;
  if (mode !== undefined && !(await fileExists(directory.clusterYaml))) {
    const name = defaultClusterName(directory.root);
    await writeClusterYaml(directory, { name, mode, adopt: null, collectorHost: thisHost(), hosts });
    io.err.write(`${directory.clusterYaml} written: ${mode} mode, all settings at their defaults\n`);
  }
  const config = await loadClusterConfig(directory);
  if (mode !== undefined) await requireModeOf(directory, config, mode);
  return config;
}

/** Before there is a record the file alone says what the mode will be, and nothing is fixed yet. */
async function requireModeOf(directory: OperatorDirectory, config: ClusterConfig, mode: Mode): Promise<void> {
  const inception = await inceptionIfAny(directory);
  if (inception !== undefined) requireSameMode(inception.mode, mode, `leave --mode ${mode} out`);
  else if (config.mode !== mode) {
    throw new CodedError(
      'usage.invalid',
      `${directory.clusterYaml} says mode: ${config.mode}, and --mode says ${mode}; the mode is fixed for ever by ` +
        'provision: first make sure which one is meant, then edit the file or leave --mode out',
    );
  }
}

/** The directory's name, if a cluster can be called so. */
export function defaultClusterName(directory: string): string {
  const name = basename(directory);
  return CLUSTER_NAME.test(name) ? name : 'cluster';
}

/** How other machines know this one, as far as it knows itself. */
export function thisHost(): string {
  const name = hostname().toLowerCase();
  return HOST_NAME.test(name) ? name : 'localhost';
}
