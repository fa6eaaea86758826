import { isIP } from 'node:net';
import { completeHandshake } from '@sealwatch/shared/probe/complete-handshake.js';
import { dialTcp } from '@sealwatch/shared/probe/dial-tcp.js';
import { parseEndpoint, type Endpoint } from '@sealwatch/shared/probe/endpoint.js';
import { greet, type GreetingManner, mannersOf } from '@sealwatch/shared/probe/greet.js';
import type { Greeting } from '@sealwatch/shared/probe/greeting.js';
import { probeTls } from '@sealwatch/shared/probe/probe-tls.js';
import type { TlsObservation } from '@sealwatch/shared/probe/tls-observation.js';
import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import type { ServicePolicy } from '@sealwatch/shared/trust/policy.js';
import { certificatePem } from '@sealwatch/shared/x509/pem.js';

/** A check waits for the answer: a service that hangs must not take longer than the check does. */
const LIMITS = { timeoutMs: 3000, totalMs: 15_000 };

export interface Probing {
  readonly service: Pick<ServicePolicy, 'address' | 'serverName'>;
  /** DER; empty: the chain is not checked. */
  readonly authorities: readonly Buffer[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Everything a service accepts, and how it answers each kind of hello right afterwards. */
export interface FullProbe {
  readonly tls: TlsObservation;
  /** At least one. */
  readonly greetings: readonly MannerOfGreeting[];
  readonly connections: number;
}

export interface MannerOfGreeting {
  readonly manner: GreetingManner;
  readonly greeting: Greeting;
}

export async function probeService(probing: Probing): Promise<FullProbe> {
  const { service, authorities, clock, signal } = probing;
  const endpoint = parseEndpoint(service.address);
  if (endpoint === null) return NO_ENDPOINT;
  const dial = dialTcp(endpoint);
  const handshake = completeHandshake(endpoint);
  const { observation, ...probed } = await probeTls({
    dial,
    handshake,
    certificates: { name: service.serverName, authorities, at: clock.wall() },
    authorities: authorities.map(certificatePem),
    serverName: askedName(service),
    limits: LIMITS,
    monotonic: () => clock.monotonic(),
    signal,
  });
  const greetings: MannerOfGreeting[] = [];
  let { connections } = probed;
  for (const manner of mannersOf(observation)) {
    const greeted = await greetService(probing, endpoint, { manner, observation });
    greetings.push({ manner, greeting: greeted.greeting });
    connections += greeted.connections;
  }
  return { tls: observation, greetings, connections };
}

/** One hello to a service whose last full probe is known. */
export async function greetService(
  { service, clock, signal }: Probing,
  endpoint: Endpoint,
  { manner, observation }: { readonly manner: GreetingManner; readonly observation: TlsObservation },
): Promise<{ greeting: Greeting; connections: number }> {
  return greet({
    manner,
    dial: dialTcp(endpoint),
    handshake: completeHandshake(endpoint),
    observation,
    serverName: askedName(service),
    limits: { timeoutMs: LIMITS.timeoutMs },
    monotonic: () => clock.monotonic(),
    signal,
  });
}

const UNPARSED = { state: 'unreachable', reason: 'no address like localhost:6443' } as const;
const NO_ENDPOINT: FullProbe = {
  tls: UNPARSED,
  greetings: [{ manner: 'tls12', greeting: UNPARSED }],
  connections: 0,
};

/** An IP address is for the certificate to match, never a name to send (RFC 6066 §3); `localhost` is no DNS name. */
function askedName({ serverName }: Probing['service']): string | undefined {
  return serverName === null || isIP(serverName) !== 0 || serverName === 'localhost' ? undefined : serverName;
}
