import { isIP } from 'node:net';
import { resolve } from 'node:path';
import type { Io } from '@sealwatch/shared/cli/io.js';
import { ExitStatus } from '@sealwatch/shared/cli/run-program.js';
import { useColor } from '@sealwatch/shared/cli/use-color.js';
import { completeHandshake } from '@sealwatch/shared/probe/complete-handshake.js';
import { dialTcp } from '@sealwatch/shared/probe/dial-tcp.js';
import { type Endpoint, parseEndpoint, serverNameOf } from '@sealwatch/shared/probe/endpoint.js';
import { DEFAULT_PROBE_LIMITS } from '@sealwatch/shared/probe/interview.js';
import { judgeObservation, observationPasses } from '@sealwatch/shared/probe/judge-observation.js';
import { probeTls } from '@sealwatch/shared/probe/probe-tls.js';
import {
  DEFAULT_TLS_PROFILE,
  TLS_PROFILE_NAMES,
  TLS_PROFILES,
  type TlsProfileName,
} from '@sealwatch/shared/probe/profiles/tls-profiles.js';
import { probeJson } from '@sealwatch/shared/probe/probe-json.js';
import { renderProbe } from '@sealwatch/shared/probe/render-probe.js';
import { systemClock } from '@sealwatch/shared/runtime/clock.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { parseDuration } from '@sealwatch/shared/runtime/duration.js';
import { EXIT } from '@sealwatch/shared/runtime/exit-code.js';
import { readInput } from '@sealwatch/shared/runtime/read-input.js';
import { certificatePem, certificatesFromPem } from '@sealwatch/shared/x509/pem.js';
import { Command, Option } from 'commander';

interface ProbeCommandOptions {
  readonly profile: TlsProfileName;
  readonly ca?: string;
  readonly serverName?: string;
  readonly timeout: string;
  readonly output: 'text' | 'json';
}

const EXAMPLE = `
Examples:
  sealwatch-agent probe localhost:6443
  sealwatch-agent probe 10.0.0.7:2379 --ca /etc/kubernetes/pki/etcd/ca.crt --profile sp800-52r2 --output json

The server logs one failed handshake for each connection (their number is printed).

Exit status: 0 the service passes the profile, 1 it does not or can't be known, 2 wrong usage or unreadable input.`;

export function probeCommand(io: Io): Command {
  return new Command('probe')
    .description('Find out what a TLS service really accepts, and judge it by a profile')
    .argument('<address>', 'HOST:PORT, [IPV6]:PORT')
    .addOption(
      new Option('--profile <name>', 'what it may accept').choices(TLS_PROFILE_NAMES).default(DEFAULT_TLS_PROFILE),
    )
    .option('--ca <file>', 'the authorities (PEM) its certificate must lead to, and be for the name probed')
    .option('--server-name <name>', "the name to ask for (default: the address's host)")
    .option('--timeout <duration>', 'for one connection: 500ms, 4s', '4s')
    .addOption(new Option('--output <format>', 'how to print the result').choices(['text', 'json']).default('text'))
    .addHelpText('after', EXAMPLE)
    .action((address: string, options: ProbeCommandOptions) => probe(address, options, io));
}

async function probe(address: string, options: ProbeCommandOptions, io: Io): Promise<void> {
  const endpoint = endpointOf(address);
  const authorities = options.ca === undefined ? [] : await readAuthorities(resolve(io.cwd, options.ca));
  const serverName = requestedName(options.serverName) ?? serverNameOf(endpoint);
  const at = systemClock.wall();
  const { observation, connections } = await probeTls({
    dial: dialTcp(endpoint),
    handshake: completeHandshake(endpoint),
    certificates: {
      // without an authority a name says little: anyone can write it into a certificate
      name: authorities.length === 0 && options.serverName === undefined ? null : (options.serverName ?? endpoint.host),
      authorities,
      at,
    },
    authorities: authorities.map(certificatePem),
    serverName,
    limits: { timeoutMs: timeoutOf(options.timeout) },
    monotonic: () => systemClock.monotonic(),
    signal: io.signal,
  });
  const profile = TLS_PROFILES[options.profile];
  const findings = judgeObservation(observation, profile, at);
  const result = { address, observation, connections, profile, findings };
  io.out.write(options.output === 'json' ? probeJson(result) : renderProbe(result, { color: useColor(io) }));
  if (!observationPasses(findings)) throw new ExitStatus(EXIT.no);
}

function endpointOf(address: string): Endpoint {
  const endpoint = parseEndpoint(address);
  if (endpoint === null) throw new CodedError('usage.invalid', `${address}: no address like localhost:6443`);
  return endpoint;
}

/** An IP address is for the certificate to match, never a name to send (RFC 6066 §3). */
function requestedName(name: string | undefined): string | undefined {
  if (name === undefined || isIP(name) !== 0) return undefined;
  if (!/^[A-Za-z0-9_.-]{1,253}$/.test(name))
    throw new CodedError('usage.invalid', `--server-name ${name}: no DNS name`);
  return name;
}

function timeoutOf(text: string): number {
  const timeoutMs = parseDuration(text);
  if (timeoutMs === undefined || timeoutMs < 1 || timeoutMs > DEFAULT_PROBE_LIMITS.totalMs) {
    throw new CodedError('usage.invalid', `--timeout ${text}: give 1ms to 60s`);
  }
  return timeoutMs;
}

const MAX_CA_BYTES = 1024 * 1024;

async function readAuthorities(file: string): Promise<Buffer[]> {
  const pem = await readInput(file, MAX_CA_BYTES);
  return certificatesFromPem(pem.toString('latin1'), file);
}
