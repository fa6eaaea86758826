import { resolve } from 'node:path';
import type { Io } from '@sealwatch/shared/cli/io.js';
import { systemClock } from '@sealwatch/shared/runtime/clock.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { jsonText } from '@sealwatch/shared/runtime/json-text.js';
import { printable } from '@sealwatch/shared/runtime/printable.js';
import { loadProtos } from '@sealwatch/shared/wire/load-protos.js';
import { Command, Option } from 'commander';
import { loadAgentConfig } from '../config/load-agent-config.js';
import { enrollHost } from '../enrollment/enroll-host.js';
import { grpcEnrollmentClient } from '../enrollment/enrollment-client.js';
import { type EnrollmentSource, sourceFromBundle, sourceFromFlags } from '../enrollment/enrollment-source.js';
import { DEFAULT_STATE_DIR, statePaths } from '../state/state-paths.js';

interface EnrollOptions {
  readonly bundle?: string;
  readonly token?: string;
  readonly address?: string;
  readonly enrollAddress?: string;
  readonly root?: string;
  readonly replace?: true;
  readonly config?: string;
  readonly stateDir?: string;
  readonly output: 'text' | 'json';
}

const EXAMPLE = `
Examples:
  sealwatch-agent enroll --bundle node-1.json
      with the file that sealwatch provision made for this host
  sealwatch-agent enroll --token swt1.… --address 10.0.0.5:7443 --enroll-address 10.0.0.5:7444 --root root.pem
  sealwatch-agent enroll --bundle node-1.json --replace
      a new chain after the old one was lost; the token must allow it (sealwatch tokens create --replace)`;

export function enrollCommand(io: Io): Command {
  return new Command('enroll')
    .description('Make keys on this host and have the collector certify them')
    .option('--bundle <file>', 'enrolment bundle of this host')
    .option('--token <token>', 'one-use token, in place of a bundle')
    .option('--address <host:port>', "with --token: the collector's address")
    .option('--enroll-address <host:port>', "with --token: the collector's enrolment address")
    .option('--root <file>', "with --token: the cluster's root certificate (PEM)")
    .option('--replace', 'enrol anew; the old enrolment is kept in replaced/')
    .option('--config <file>', 'configuration file (default: /etc/sealwatch/agent.yaml)')
    .option('--state-dir <dir>', `the agent's state directory (default: ${DEFAULT_STATE_DIR})`)
    .addOption(new Option('--output <format>', 'how to print the result').choices(['text', 'json']).default('text'))
    .addHelpText('after', EXAMPLE)
    .action((options: EnrollOptions) => enroll(options, io));
}

async function enroll(options: EnrollOptions, io: Io): Promise<void> {
  const { stateDir } = await loadAgentConfig(options, io.cwd);
  const source = await sourceOf(options, io);
  const { enrollAddress, rootPem, token } = source;
  const client = grpcEnrollmentClient({
    protos: loadProtos(),
    enrollAddress,
    root: rootPem,
    clusterId: token.clusterId,
  });
  const record = await enrollHost(
    { source, replace: options.replace === true },
    { paths: statePaths(stateDir), client, clock: systemClock },
  );
  const { host, epoch, clusterId } = record;
  if (options.output === 'json') {
    io.out.write(jsonText({ schema: 'sealwatch/agent-enrolled/v1', host, epoch, clusterId, stateDir }));
    return;
  }
  io.out.write(`Enrolled as ${host} (epoch ${String(epoch)}) in cluster ${clusterId}\n`);
  io.out.write(`Start the agent: ${startCommand(stateDir)}\n`);
}

/** The unit of systemd/ knows the default place only. */
function startCommand(stateDir: string): string {
  if (stateDir === DEFAULT_STATE_DIR) return 'systemctl start sealwatch-agent (or sealwatch-agent run)';
  return `sealwatch-agent run --state-dir ${printable(stateDir)}`;
}

async function sourceOf(options: EnrollOptions, io: Io): Promise<EnrollmentSource> {
  const { bundle, token, address, enrollAddress, root } = options;
  const pieces = [token, address, enrollAddress, root].filter((piece) => piece !== undefined);
  if (bundle !== undefined && pieces.length === 0) return sourceFromBundle(resolve(io.cwd, bundle));
  if (bundle === undefined && token !== undefined && address && enrollAddress && root) {
    return sourceFromFlags({ token, address, enrollAddress, root: resolve(io.cwd, root) });
  }
  throw new CodedError(
    'usage.invalid',
    'give either --bundle, or all of --token, --address, --enroll-address and --root',
  );
}
