import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorConnection } from '@sealwatch/collector/operator/operator-connection.js';
import { readOperatorFiles } from '@sealwatch/collector/operator/operator-files.js';
import { isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import { channelOptions, clientCredentials } from '@sealwatch/shared/wire/channel.js';
import type { ListHostsResponse } from '@sealwatch/shared/wire/generated/sealwatch/v1/ListHostsResponse.js';
import { loadProtos } from '@sealwatch/shared/wire/load-protos.js';
import { waitUntil } from '../fakes/wait-until.js';

/** What the collector said of one host at one moment. */
export interface Sighting {
  /** When it was heard; monotonic, milliseconds. */
  readonly at: number;
  /** The same clock: it was true then or later. */
  readonly from: number;
  readonly host: string;
  readonly verdict: string;
  /** As the collector writes them: finding code, space, subject. */
  readonly reasons: readonly string[];
}

/** Well below the rate that a collector grants one operator. */
const ASK_EVERY_MS = 100;

/**
 * Everything a collector says of its hosts from now on, as an operator hears it: its stream tells each change of a
 * verdict at its moment, and what it answers in between tells the reasons that come later.
 */
export class PostureRecord {
  readonly #connection: OperatorConnection;
  readonly #stopping: AbortController;
  readonly #sightings: Sighting[] = [];
  #listening: Promise<unknown> = Promise.resolve();

  private constructor(connection: OperatorConnection, stopping: AbortController) {
    this.#connection = connection;
    this.#stopping = stopping;
  }

  /**
   * @param directory of the cluster
   * @param way to the collector, `host:port`; default: everybody's
   */
  static async open(directory: string, way?: string): Promise<PostureRecord> {
    const { config, root, clusterId, key, chain } = await readOperatorFiles({ directory });
    const address = way ?? config.collector.address;
    const credentials = clientCredentials({ root, clusterId, identity: { key, chain } });
    const client = new (loadProtos().QueryService)(address, credentials, channelOptions());
    const stopping = new AbortController();
    const record = new PostureRecord(new OperatorConnection({ client, address, signal: stopping.signal }), stopping);
    record.#listening = Promise.all([record.#again(() => record.#watch()), record.#again(() => record.#ask())]);
    return record;
  }

  /** In the order they came. @param since monotonic */
  since(since: number, host: string): Sighting[] {
    return this.#sightings.filter((sighting) => sighting.host === host && sighting.from >= since);
  }

  /** The first sighting that is as it should be; fails with all that was seen instead. */
  async first(
    since: number,
    host: string,
    what: string,
    condition: (sighting: Sighting) => boolean,
    timeoutMs: number,
  ): Promise<Sighting> {
    return waitUntil(what, () => this.since(since, host).find(condition), {
      timeoutMs,
      everyMs: 5,
      explain: () => JSON.stringify(withoutRepeats(this.since(since, host)), null, 1),
    });
  }

  /** Waits until the collector was asked anew and says that the host is compliant. */
  async compliant(host: string, timeoutMs: number): Promise<Sighting> {
    return this.first(
      performance.now(),
      host,
      `${host} is compliant`,
      ({ verdict }) => verdict === 'compliant',
      timeoutMs,
    );
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#listening;
    this.#connection.close();
  }

  async #watch(): Promise<void> {
    for await (const { host, verdict, reasons } of this.#connection.watch()) this.#note(host, verdict, reasons);
  }

  async #ask(): Promise<void> {
    const asked = performance.now();
    const { hosts } = await this.#connection.ask<ListHostsResponse>((client, call, done) =>
      client.listHosts({}, call, done),
    );
    for (const { name, verdict, reasons } of hosts) this.#note(name, verdict, reasons, asked);
  }

  #note(host: string, verdict: string, reasons: readonly string[], asked?: number): void {
    const at = performance.now();
    this.#sightings.push({ at, from: asked ?? at, host, verdict, reasons });
  }

  /** Also while the collector is away. */
  async #again(listen: () => Promise<void>): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await listen().catch((error: unknown) => {
        if (!isCoded(error)) throw error;
      });
      await sleep(ASK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

export function withoutRepeats(sightings: readonly Sighting[]): Sighting[] {
  return sightings.filter((sighting, i) => !isSame(sighting, sightings[i - 1]));
}

function isSame(a: Sighting, b: Sighting | undefined): boolean {
  return a.verdict === b?.verdict && a.reasons.join() === b.reasons.join();
}
