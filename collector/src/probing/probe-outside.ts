import { isIP } from 'node:net';
import { completeHandshake } from '@sealwatch/shared/probe/complete-handshake.js';
import { dialTcp } from '@sealwatch/shared/probe/dial-tcp.js';
import { parseEndpoint } from '@sealwatch/shared/probe/endpoint.js';
import { probeTls } from '@sealwatch/shared/probe/probe-tls.js';
import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import type { ProbeOutside } from '../compliance/outside-watch.js';

const LIMITS = { timeoutMs: 4000, totalMs: 30_000 };

/** The prober of the agents, from where the collector is. Which authority a certificate leads to, the host has judged. */
export function probeOutside({ clock }: { clock: Clock }): ProbeOutside {
  return async ({ address, serverName }, signal) => {
    const endpoint = parseEndpoint(address);
    if (endpoint === null) return { state: 'unreachable', reason: `${address} is no address` };
    const { observation } = await probeTls({
      dial: dialTcp(endpoint),
      handshake: completeHandshake(endpoint),
      certificates: { name: null, authorities: [], at: clock.wall() },
      authorities: [],
      serverName: serverName === null || isIP(serverName) !== 0 || serverName === 'localhost' ? undefined : serverName,
      limits: LIMITS,
      monotonic: () => clock.monotonic(),
      signal,
    });
    return observation;
  };
}
