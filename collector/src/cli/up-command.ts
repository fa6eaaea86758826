import type { Io } from '@sealwatch/shared/cli/io.js';
import { systemClock } from '@sealwatch/shared/runtime/clock.js';
import { Command } from 'commander';
import { join, resolve } from 'node:path';
import type { ClusterConfig } from '../config/cluster-config.js';
import type { OperatorDirectory } from '../config/operator-directory.js';
import { deploy } from '../deployment/deploy.js';
import { loadClusterTrust } from '../provisioning/cluster-trust.js';
import { provision } from '../provisioning/provision.js';
import { clusterConfig, clusterDirectory, type ClusterOptions, thisHost, withModeOption } from './cluster-options.js';
import { asking } from './connect.js';
import { deploymentText } from './deployment-text.js';
import { hostName } from './option-values.js';
import type { OperatorConnection } from '../operator/operator-connection.js';
import { provisioningText } from './provisioning-text.js';
import { awaitReady } from './up/await-ready.js';
import { ChildProgram } from './up/child-program.js';
import { declaredName, enrollThisHost } from './up/enroll-this-host.js';
import { untilStopped, whileRunning } from './up/run-until-stopped.js';
import { agentProgram, collectorProgram } from './up/sibling-programs.js';

type UpOptions = ClusterOptions & { readonly withAgent?: string | true; readonly agentRoot?: string };

const READY_MS = 30_000;

/** `sealwatch up --mode fips` */
export function upCommand(io: Io): Command {
  const command = new Command('up')
    .description('init, provision and deploy as far as need be, and run the collector here until stopped')
    .option('--directory <dir>', 'the cluster directory; made if need be (default: here)')
    .option('--with-agent [host]', "enrol this machine too and run its agent (default: this machine's name)", hostName)
    .option('--agent-root <dir>', "the agent's host root, if it is not this machine's own");
  return withModeOption(command)
    .addHelpText('after', HELP)
    .action((options: UpOptions) => up(io, options));
}

const HELP = `
Stays in the foreground; Ctrl-C stops everything cleanly. If a program it runs ends, up ends with exit status 1, or
2 if the program could not begin (a port in use, say). A required component that is in no manifest yet is only named
here, where deploy would refuse: its hosts fail the check.

Examples:
  $ sealwatch up --mode fips
  $ sealwatch up --mode fips --with-agent`;

async function up(io: Io, options: UpOptions): Promise<void> {
  const directory = clusterDirectory(io, options);
  const { withAgent } = options;
  // before anything is made
  const collector = collectorProgram(io);
  const own = withAgent === undefined ? undefined : withAgent === true ? thisHost() : withAgent;
  const config = await clusterConfig(io, options, own === undefined ? [] : [{ name: own, role: 'control-plane' }]);
  const agent = withAgent === undefined ? undefined : agentCommand(io, { directory, config, options, withAgent });
  const provisioned = await provision({ directory, config, now: systemClock.wall() });
  io.out.write(provisioningText(provisioned, io.cwd));

  const serve = [...collector, 'serve', '--state-dir', directory.collector.path];
  const started = new ChildProgram('sealwatch-collector', serve, io);
  const programs = [started];
  const ending = new AbortController();
  const signal = AbortSignal.any([io.signal, ending.signal]);
  try {
    const address = await whileRunning(programs, bringUp({ ...io, signal }, { directory, config, agent, started }));
    if (agent !== undefined) programs.push(new ChildProgram('sealwatch-agent', agent.run, io));
    io.out.write(`The collector answers at ${address}; Ctrl-C stops it\n`);
    await untilStopped(programs, io.signal);
  } catch (error) {
    // stopped while it was coming up
    if (!io.signal.aborted) throw error;
  } finally {
    // a collector that is gone is waited for no longer
    ending.abort();
    // the agent first: it has a last word to tell the collector
    for (const program of programs.reverse()) await program.stop();
  }
  io.out.write('Stopped\n');
}

interface AgentCommand {
  readonly host: string;
  readonly program: readonly string[];
  readonly stateDir: string;
  readonly run: readonly string[];
}

/** Known before anything is started: a machine that is no host, or has no agent, is told at once. */
function agentCommand(
  io: Io,
  input: { directory: OperatorDirectory; config: ClusterConfig; options: UpOptions; withAgent: string | true },
): AgentCommand {
  const { directory, config, options, withAgent } = input;
  const program = agentProgram(io);
  const stateDir = join(directory.state, 'agent');
  const root = options.agentRoot === undefined ? [] : ['--host-root', resolve(io.cwd, options.agentRoot)];
  const host = declaredName(config, withAgent, thisHost());
  return { host, program, stateDir, run: [...program, 'run', '--state-dir', stateDir, ...root] };
}

/** From a collector that was just started to a release in force and an enrolled agent. Returns where it answers. */
async function bringUp(
  io: Io,
  input: {
    directory: OperatorDirectory;
    config: ClusterConfig;
    agent: AgentCommand | undefined;
    started: ChildProgram;
  },
): Promise<string> {
  const { directory, config, agent, started } = input;
  const ready = { readyFile: directory.collector.ready, timeoutMs: READY_MS, signal: io.signal };
  const collector = await awaitReady(started, ready);
  const operator = config.operators.find(({ role }) => role === 'admin')?.name ?? '';
  await asking(io, { directory: directory.root, operator, collector }, async (connection) => {
    io.out.write(await deployed(connection, directory, config));
    if (agent !== undefined) await enrollThisHost(io, connection, { directory, ...agent });
  });
  return collector;
}

async function deployed(
  connection: OperatorConnection,
  directory: OperatorDirectory,
  config: ClusterConfig,
): Promise<string> {
  const trust = await loadClusterTrust(directory, config);
  const input = { directory, config, trust, now: systemClock.wall(), windowMs: undefined };
  return deploymentText(await deploy(connection, { ...input, dryRun: false, allowUnlisted: true }));
}
