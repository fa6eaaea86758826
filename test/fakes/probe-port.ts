import { readFileSync } from 'node:fs';
import { completeHandshake } from '@sealwatch/shared/probe/complete-handshake.js';
import { dialTcp } from '@sealwatch/shared/probe/dial-tcp.js';
import { probeTls, type ProbeOptions, type ProbeResult } from '@sealwatch/shared/probe/probe-tls.js';
import type { ServedTls } from '@sealwatch/shared/probe/tls-observation.js';
import { certificatesFromPem } from '@sealwatch/shared/x509/pem.js';

/** Probes a port of this machine the way the command does. */
export function probePort(
  port: number,
  options: Partial<ProbeOptions> & { caFile?: string; name?: string; host?: string } = {},
): Promise<ProbeResult> {
  const { caFile, name, host = '127.0.0.1', ...rest } = options;
  const endpoint = { host, port };
  const pem = caFile === undefined ? [] : [readFileSync(caFile, 'utf8')];
  const authorities = pem.flatMap((text) => certificatesFromPem(text, 'the authority'));
  return probeTls({
    dial: dialTcp(endpoint),
    handshake: completeHandshake(endpoint),
    certificates: { name: name ?? null, authorities, at: Date.now() },
    authorities: pem,
    serverName: undefined,
    monotonic: () => performance.now(),
    ...rest,
  });
}

/** What a probe saw, if it saw TLS. */
export function served({ observation }: ProbeResult): ServedTls {
  if (observation.state !== 'served') throw new Error(`${observation.state}: ${observation.reason}`);
  return observation;
}

/** The suites of one version; none if it is refused. */
export function suitesOf(result: ProbeResult, version: string): readonly string[] {
  return served(result).versions.find((entry) => entry.version === version)?.suites ?? [];
}
