import type {
  ListenerObservation,
  ListeningProgram,
  TlsConfiguration,
  TlsSettings,
} from '@sealwatch/shared/measurement/service-measurement.js';
import type { Unreadable } from '@sealwatch/shared/measurement/unseen.js';
import { throwIfStopped } from '../throw-if-stopped.js';
import { findListeners, type FoundListener, type ListenerSearch } from './find-listeners.js';
import type { HashOnce } from './hash-memory.js';
import { listenerExecutable } from './listener-executable.js';
import type { ProcessIdentity } from '../process/identify-process.js';
import { processTls } from './process-tls.js';
import { type StaticPodContainer, staticPodContainers } from '../pod/static-pod-containers.js';
import { staticPodTls } from './static-pod-tls.js';

export interface ListenerFactsInput extends ListenerSearch {
  readonly services: readonly ListeningService[];
  readonly hostRoot: string;
  readonly hashOnce: HashOnce;
}

export interface ListeningService {
  /** `host:port`, seen from the host itself. */
  readonly address: string;
  readonly component: string;
}

/** Deterministic, but for `processes`: an unchanged host gives the same values in the same order. */
export interface ListenerFacts {
  readonly listener: ListenerObservation;
  readonly configured: readonly TlsConfiguration[];
  /** All that hold the socket, by pid: another list means that what was seen before was seen of others. */
  readonly processes: readonly ProcessIdentity[];
}

/** With those of the settings, what keeps a measurement below the size of a body however a host is set up. */
const MAX_PROGRAMS = 4;

/**
 * Whose each service is and what it was told to accept, in the order of the services. Whatever can't be seen is part of
 * the answer.
 * @throws CodedError('request.cancelled')
 */
export async function readListenerFacts(input: ListenerFactsInput): Promise<ListenerFacts[]> {
  const { services, hostRoot, signal } = input;
  const listeners = await findListeners(
    services.map(({ address }) => address),
    input,
  );
  const containers = await staticPodContainers(hostRoot);
  const facts: ListenerFacts[] = [];
  for (const [i, { component }] of services.entries()) {
    throwIfStopped(signal);
    const found = listeners[i] ?? { state: 'none' };
    facts.push(await factsOf(component, found, containers, input));
  }
  return facts;
}

async function factsOf(
  component: string,
  found: FoundListener,
  containers: readonly StaticPodContainer[],
  input: ListenerFactsInput,
): Promise<ListenerFacts> {
  const pods = staticPodTls(component, containers);
  if (found.state !== 'found') return { listener: found, configured: pods, processes: [] };
  const programs: ListeningProgram[] = [];
  const settings: (TlsSettings | Unreadable)[] = [];
  for (const process of found.processes) {
    const program = await listenerExecutable(process, input);
    const running = await processTls(component, process, input.procPath);
    if (program !== undefined) programs.push(program);
    // the answer is known by now, and each may be large
    if (distinctValues(programs).length > MAX_PROGRAMS) break;
    if (running !== undefined) settings.push(running);
  }
  return {
    listener: observed(programs, found),
    configured: [...running(settings), ...pods],
    processes: found.processes,
  };
}

function observed(
  programs: readonly ListeningProgram[],
  { unseen }: Extract<FoundListener, { state: 'found' }>,
): ListenerObservation {
  const distinct = distinctValues(programs);
  if (distinct.length === 0) return { state: 'unreadable', reason: 'the process ended while it was looked at' };
  if (distinct.length > MAX_PROGRAMS) {
    return { state: 'unreadable', reason: `more than ${String(MAX_PROGRAMS)} programs hold the socket` };
  }
  return { state: 'found', programs: distinct, unseen };
}

/** One entry for all processes: who of them answers a connection is chance. */
function running(settings: readonly (TlsSettings | Unreadable)[]): TlsConfiguration[] {
  const distinct = distinctValues(settings);
  const [only] = distinct;
  if (only === undefined) return [];
  if (distinct.length === 1) return [{ source: 'process', settings: only }];
  const reason = 'the processes that hold the socket were started with different settings';
  return [{ source: 'process', settings: { state: 'unreadable', reason } }];
}

/** In an order that depends on nothing but the values. */
function distinctValues<T>(values: readonly T[]): T[] {
  const byText = new Map(values.map((value) => [JSON.stringify(value), value]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}
