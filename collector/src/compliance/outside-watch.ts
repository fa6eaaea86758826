import type { TlsObservation } from '@sealwatch/shared/probe/tls-observation.js';
import type { Clock } from '@sealwatch/shared/runtime/clock.js';
import { formatHostPort, parseHostPort } from '@sealwatch/shared/runtime/host-port.js';
import type { Logger } from '@sealwatch/shared/runtime/log.js';
import type { ServicePolicy } from '@sealwatch/shared/trust/policy.js';
import type { Challenges } from './challenges.js';
import { differencesOf, insideOf, outsideServices } from './outside-findings.js';
import type { OutsideView } from './outside-view.js';
import type { PostureBoard } from './posture-board.js';

/** Asks a TLS service what it accepts. Never throws; every outcome is a value. */
export type ProbeOutside = (
  service: { readonly address: string; readonly serverName: string | null },
  signal: AbortSignal,
) => Promise<TlsObservation>;

export interface OutsideWatchDeps {
  readonly board: PostureBoard;
  readonly challenges: Pick<Challenges, 'ask'>;
  readonly probe: ProbeOutside;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Between two looks at a service that stays as it is. */
const EVERY_MS = 60 * 60_000;
/** After a look that failed or differed, and between two looks at a service that keeps changing. */
const AGAIN_MS = 60_000;
/** Hosts looked at at the same time; services of one host come one after the other. */
const AT_ONCE = 4;
const ANSWER_WITHIN_MS = 60_000;

interface Look {
  readonly host: string;
  readonly service: ServicePolicy;
}

/**
 * The collector's own look at the services that the policy wants seen from outside: soon after a host spoke of one for
 * the first time or otherwise than before, else hourly. What differs is looked at twice, with a fresh answer of the host
 * between, so that a certificate renewed this very minute is no finding.
 */
export class OutsideWatch {
  readonly #deps: OutsideWatchDeps;
  readonly #stopping = new AbortController();
  readonly #underWay = new Map<string, Promise<void>>();
  /** Monotonic moment of the last look, by host and service. */
  readonly #lookedAt = new Map<string, number>();

  constructor(deps: OutsideWatchDeps) {
    this.#deps = deps;
  }

  /** Begins the looks that are due; cheap when none is. */
  tick(): void {
    for (const look of this.#due()) {
      if (this.#underWay.size >= AT_ONCE) return;
      if (this.#underWay.has(look.host)) continue;
      this.#lookedAt.set(keyOf(look), this.#deps.clock.monotonic());
      const looking = this.#look(look)
        .catch((err: unknown) => {
          this.#deps.log.error({ err, host: look.host }, 'Service not looked at from outside');
        })
        .finally(() => this.#underWay.delete(look.host));
      this.#underWay.set(look.host, looking);
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#underWay.values());
  }

  *#due(): Iterable<Look> {
    const { board, clock } = this.#deps;
    const release = board.release?.release;
    if (release?.policy.services.some(({ outside }) => outside) !== true) return;
    const now = clock.monotonic();
    for (const { name: host, role } of release.hosts) {
      const state = board.state(host);
      // what is compared has to be there first
      if (state.evidence === null) continue;
      for (const service of outsideServices(release, role)) {
        const view = state.outside.get(service.name);
        const age = now - (this.#lookedAt.get(keyOf({ host, service })) ?? Number.NEGATIVE_INFINITY);
        const settled =
          view?.trouble === null &&
          view.differences.length === 0 &&
          view.inside === insideOf(state.evidence.measurements, service);
        const first = view === undefined && !this.#lookedAt.has(keyOf({ host, service }));
        if (first || age >= (settled ? EVERY_MS : AGAIN_MS)) yield { host, service };
      }
    }
  }

  async #look(look: Look): Promise<void> {
    const { board, challenges } = this.#deps;
    const { signal } = this.#stopping;
    let view = await this.#compare(look);
    if (view.differences.length > 0 && (await challenges.ask(look.host, ANSWER_WITHIN_MS, signal))) {
      view = await this.#compare(look);
    }
    if (signal.aborted) return;
    board.state(look.host).outside.set(look.service.name, view);
    board.rejudge(look.host);
  }

  async #compare({ host, service }: Look): Promise<OutsideView> {
    const { board, probe } = this.#deps;
    const address = outsideAddress(host, service.address);
    const tls = await probe({ address, serverName: service.serverName }, this.#stopping.signal);
    const measurements = board.state(host).evidence?.measurements ?? [];
    const inside = insideOf(measurements, service);
    const differences = differencesOf(measurements, service, tls);
    if (differences === undefined) {
      return { address, differences: [], trouble: 'the host has said nothing to compare with', inside };
    }
    if (tls.state === 'served') return { address, differences, trouble: null, inside };
    // a service that serves nobody is the same from everywhere; a firewall between is not the host's fault
    const trouble = differences.length === 0 ? null : tls.reason;
    return { address, differences: [], trouble, inside };
  }
}

/** The same port, at the host's declared name. */
function outsideAddress(host: string, address: string): string {
  return formatHostPort({ host, port: parseHostPort(address)?.port ?? 0 });
}

function keyOf({ host, service }: Look): string {
  return `${host} ${service.name}`;
}
