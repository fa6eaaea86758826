import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceMeasurement } from '@sealwatch/shared/measurement/service-measurement.js';
import { parseEndpoint } from '@sealwatch/shared/probe/endpoint.js';
import { sameGreeting } from '@sealwatch/shared/probe/greeting.js';
import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import { Serial } from '@sealwatch/shared/runtime/serial.js';
import type { ServicePolicy } from '@sealwatch/shared/trust/policy.js';
import { throwIfStopped } from '../throw-if-stopped.js';
import type { HashOnce } from './hash-memory.js';
import { type ListenerFacts, readListenerFacts } from './read-listener-facts.js';
import { readServiceAuthority, type ServiceAuthority } from './service-authority.js';
import { type FullProbe, greetService, probeService } from './service-prober.js';

/** Between two full probes of a service that answers as before, milliseconds. */
const FULL_EVERY_MS = 60 * 60_000;
/** Between two greetings: a little less than the watch's minute, so that a timer that is early skips none. */
const GREETING_EVERY_MS = 55_000;

/** A service that had a listener is looked for so often before it is said that it has none. */
const RESTART_LOOKS = 4;
const RESTART_WAIT_MS = 1500;

export interface SurveyRequest {
  readonly services: readonly ServicePolicy[];
  readonly hostRoot: string;
  /** Every service is probed in full, whatever is known. */
  readonly fresh: boolean;
  /** Of the programs that listen. */
  readonly hashOnce: HashOnce;
  readonly pause: () => Promise<void>;
  readonly signal: AbortSignal;
}

/** The last full probe of a service, and under which circumstances it was made. */
interface Known {
  readonly service: ServicePolicy;
  readonly authority: ServiceAuthority;
  readonly circumstances: string;
  readonly full: FullProbe;
  /** Monotonic. */
  readonly probedAt: number;
  greetedAt: number;
  /** Since the full probe. */
  greetings: number;
  /** It answered a greeting otherwise. */
  doubtful: boolean;
}

/**
 * What the host's TLS services accept, asked as seldom as that allows: in full when somebody wants to know now, when the
 * process, its settings, the authority or the answer to a hello is another than before, and every hour; else by one
 * hello a minute, of each kind in turn.
 */
export class ServiceSurvey {
  readonly #clock: Clock;
  readonly #serial = new Serial();
  readonly #known = new Map<string, Known>();
  /** Names of the services that had a listener at the last look. */
  #listening: ReadonlySet<string> = new Set();

  constructor(deps: { clock: Clock }) {
    this.#clock = deps.clock;
  }

  /**
   * In the order of their names. What goes wrong is part of the measurement. One survey after the other.
   * @throws CodedError('request.cancelled')
   */
  measure(request: SurveyRequest): Promise<{ measurements: ServiceMeasurement[]; connections: number }> {
    return this.#serial.run(() => this.#measure(request));
  }

  async #measure(request: SurveyRequest): Promise<{ measurements: ServiceMeasurement[]; connections: number }> {
    const { hostRoot, hashOnce, pause, signal } = request;
    const services = [...request.services].sort((a, b) => (a.name < b.name ? -1 : 1));
    this.#forget(services);
    if (services.length === 0) return { measurements: [], connections: 0 };
    const facts = await this.#settled(services, request, () =>
      readListenerFacts({ services, hostRoot, hashOnce, pause, signal, ...OWN_VIEW }),
    );
    const measurements: ServiceMeasurement[] = [];
    let connections = 0;
    for (const [i, service] of services.entries()) {
      const listening = facts[i];
      if (listening === undefined) continue;
      // a service that keeps the prober waiting is a step all the same
      await pause();
      const authority = await readServiceAuthority(hostRoot, service.ca);
      const seen = await this.#see(service, authority, listening, request);
      // an interrupted probe saw less than there is
      throwIfStopped(signal);
      connections += seen.connections;
      measurements.push({
        subject: { kind: 'service', name: service.name, address: service.address },
        observed: {
          state: 'probed',
          tls: seen.full.tls,
          authority: authority.use,
          listener: listening.listener,
          configured: listening.configured,
        },
      });
    }
    return { measurements, connections };
  }

  /** Greets each service that was probed before; names those whose answer is another than then. */
  async changed(signal: AbortSignal): Promise<string[]> {
    const names: string[] = [];
    for (const [name, known] of this.#known) {
      if (known.doubtful || signal.aborted) continue;
      const { same } = await this.#greet(known, signal);
      // it may have been probed meanwhile
      if (!same && this.#known.get(name) === known) names.push(name);
    }
    return names;
  }

  /**
   * A service that is being restarted has no listener for some seconds: where there was one at the last look, one is waited
   * for a little.
   */
  async #settled(
    services: readonly ServicePolicy[],
    { pause, signal }: SurveyRequest,
    read: () => Promise<ListenerFacts[]>,
  ): Promise<ListenerFacts[]> {
    let facts = await read();
    const listens = (name: string): boolean =>
      facts[services.findIndex((service) => service.name === name)]?.listener.state === 'found';
    const wanted = services.map(({ name }) => name).filter((name) => this.#listening.has(name));
    for (let look = 1; look < RESTART_LOOKS && !wanted.every(listens); look++) {
      await pause();
      await sleep(RESTART_WAIT_MS, undefined, { signal }).catch(() => undefined);
      throwIfStopped(signal);
      facts = await read();
    }
    this.#listening = new Set(services.map(({ name }) => name).filter(listens));
    return facts;
  }

  async #see(
    service: ServicePolicy,
    authority: ServiceAuthority,
    listening: ListenerFacts,
    { fresh, signal }: SurveyRequest,
  ): Promise<{ full: FullProbe; connections: number }> {
    const clock = this.#clock;
    const circumstances = circumstancesOf(service, authority, listening);
    const known = this.#known.get(service.name);
    if (!fresh && known !== undefined && this.#holds(known, circumstances)) {
      const { same, connections } = await this.#greet(known, signal);
      if (same) return { full: known.full, connections };
    }
    const full = await probeService({ service, authorities: authority.certificates, clock, signal });
    const now = clock.monotonic();
    this.#known.set(service.name, {
      service,
      authority,
      circumstances,
      full,
      probedAt: now,
      greetedAt: now,
      greetings: 0,
      doubtful: false,
    });
    return { full, connections: full.connections };
  }

  #holds(known: Known, circumstances: string): boolean {
    const age = this.#clock.monotonic() - known.probedAt;
    return !known.doubtful && known.circumstances === circumstances && age < FULL_EVERY_MS;
  }

  /** At most one a minute, whoever asks. */
  async #greet(known: Known, signal: AbortSignal): Promise<{ same: boolean; connections: number }> {
    const clock = this.#clock;
    if (clock.monotonic() - known.greetedAt < GREETING_EVERY_MS) return UNASKED;
    known.greetedAt = clock.monotonic();
    const { service, authority, full } = known;
    const endpoint = parseEndpoint(service.address);
    const before = full.greetings[known.greetings++ % full.greetings.length];
    if (endpoint === null || before === undefined) return UNASKED;
    const probing = { service, authorities: authority.certificates, clock, signal };
    const asking = { manner: before.manner, observation: full.tls };
    const { greeting, connections } = await greetService(probing, endpoint, asking);
    const same = signal.aborted || sameGreeting(before.greeting, greeting);
    known.doubtful = !same;
    return { same, connections };
  }

  /** A service that is in the policy no more is asked no more. */
  #forget(services: readonly ServicePolicy[]): void {
    for (const name of this.#known.keys()) {
      if (!services.some((service) => service.name === name)) this.#known.delete(name);
    }
  }
}

const UNASKED = { same: true, connections: 0 };

/** Sockets of the network namespace from which the services are dialled, processes as this program sees them. */
const OWN_VIEW = { procPath: '/proc', netPath: '/proc/self/net' };

function circumstancesOf(service: ServicePolicy, { use }: ServiceAuthority, listening: ListenerFacts): string {
  return JSON.stringify([service, use, listening]);
}
