import type { Io } from '@sealwatch/shared/cli/io.js';
import { systemClock } from '@sealwatch/shared/runtime/clock.js';
import { jsonText } from '@sealwatch/shared/runtime/json-text.js';
import { Command } from 'commander';
import { deploy } from '../deployment/deploy.js';
import { loadClusterTrust } from '../provisioning/cluster-trust.js';
import { clusterConfig, clusterDirectory, type ClusterOptions, withModeOption } from './cluster-options.js';
import { asking, type ConnectOptions, withConnectOptions } from './connect.js';
import { deploymentText } from './deployment-text.js';
import { durationBetween } from './option-values.js';
import { type OutputOptions, withOutputOption } from './output-option.js';

type DeployOptions = ClusterOptions &
  ConnectOptions &
  OutputOptions & { readonly window?: number; readonly dryRun: boolean; readonly allowUnlisted: boolean };

const MAX_WINDOW_MS = 30 * 86_400_000;

/** `sealwatch deploy` */
export function deployCommand(io: Io): Command {
  const command = new Command('deploy')
    .description('sign what cluster.yaml says as the next release and put it in force; role admin, and the cluster key')
    .option(
      '--window <duration>',
      'how long manifests that are not listed any more stay in force beside the new ones',
      durationBetween(0, MAX_WINDOW_MS, 'from 0s to 30d'),
    )
    .option('--dry-run', 'only say what would change', false)
    .option('--allow-unlisted', 'deploy although a required component is in no manifest: its hosts fail', false);
  return withModeOption(withConnectOptions(withOutputOption(command)))
    .addHelpText('after', HELP)
    .action((options: DeployOptions) => deployRelease(io, options));
}

const HELP = `
Manifests and publisher keys are read from the files cluster.yaml lists and verified before anything is signed. Without
--window a manifest that is not listed any more ends now, unless an earlier window still holds it; --window 0s ends all.
If cluster.yaml says what is in force already, nothing is signed.

Examples:
  $ sealwatch deploy --dry-run
  $ sealwatch deploy --window 4h`;

async function deployRelease(io: Io, options: DeployOptions): Promise<void> {
  const config = await clusterConfig(io, options);
  const directory = clusterDirectory(io, options);
  const trust = await loadClusterTrust(directory, config);
  const { window: windowMs, dryRun, allowUnlisted } = options;
  const deployment = await asking(io, options, (connection) =>
    deploy(connection, { directory, config, trust, now: systemClock.wall(), windowMs, dryRun, allowUnlisted }),
  );
  if (options.output === 'json') io.out.write(jsonText({ schema: 'sealwatch/deploy/v1', ...deployment }));
  else io.out.write(deploymentText(deployment));
}
