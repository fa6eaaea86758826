import type { ServiceMeasurement } from '../measurement/service-measurement.js';
import { type ServiceFact, serviceFacets, type ServiceFacets, type ServiceList } from './service-facets.js';

export type ServiceChange = ListChange | FactChange;

/** What came into a list and what went out of it, in the service's order. */
export interface ListChange extends Pick<ServiceList, 'what' | 'version'> {
  readonly kind: 'list';
  readonly came: readonly string[];
  readonly went: readonly string[];
  /** The whole list as it is now, if those that stayed stand in another order; else null. */
  readonly order: readonly string[] | null;
}

export interface FactChange extends Pick<ServiceFact, 'what' | 'version'> {
  readonly kind: 'fact';
  readonly before: string | null;
  readonly after: string | null;
}

const NOTHING: ServiceFacets = { lists: [], facts: [] };

/**
 * What became different between two measurements of one service; beside nothing, all of it. Of a service that stopped
 * answering nothing is said to have gone: what it would accept is not known. When it answers again, all it accepts came.
 */
export function serviceDifference(before: ServiceMeasurement | null, after: ServiceMeasurement): ServiceChange[] {
  const old = before === null ? NOTHING : serviceFacets(before);
  const now = serviceFacets(after);
  const known = after.observed.tls.state === 'served';
  return [
    ...paired(old.facts, now.facts, known).flatMap(([was, is]) => factChange(was, is)),
    ...paired(old.lists, now.lists, known).flatMap(([was, is]) => listChange(was, is)),
  ];
}

interface Named {
  readonly what: string;
  readonly version: string | null;
}

/**
 * Each as it was and as it is, in today's order, then those that are no more.
 * @param known false if what is no longer there may only be out of sight
 */
function paired<T extends Named>(
  old: readonly T[],
  now: readonly T[],
  known: boolean,
): [T | undefined, T | undefined][] {
  const before = new Map(old.map((each) => [keyOf(each), each]));
  const after = new Set(now.map(keyOf));
  const gone = known ? old.filter((each) => !after.has(keyOf(each))) : [];
  return [
    ...now.map((each): [T | undefined, T] => [before.get(keyOf(each)), each]),
    ...gone.map((each): [T, undefined] => [each, undefined]),
  ];
}

function keyOf({ what, version }: Named): string {
  return `${what} ${version ?? ''}`;
}

function factChange(was: ServiceFact | undefined, is: ServiceFact | undefined): FactChange[] {
  const named = is ?? was;
  const before = was?.value ?? null;
  const after = is?.value ?? null;
  if (named === undefined || before === after) return [];
  return [{ kind: 'fact', what: named.what, version: named.version, before, after }];
}

function listChange(was: ServiceList | undefined, is: ServiceList | undefined): ListChange[] {
  const named = is ?? was;
  const before = was?.items ?? [];
  const after = is?.items ?? [];
  const [old, now] = [new Set(before), new Set(after)];
  const came = after.filter((item) => !old.has(item));
  const went = before.filter((item) => !now.has(item));
  const stayed = before.filter((item) => now.has(item));
  const inOrder = after.filter((item) => old.has(item)).every((item, index) => item === stayed[index]);
  if (named === undefined || (came.length === 0 && went.length === 0 && inOrder)) return [];
  return [{ kind: 'list', what: named.what, version: named.version, came, went, order: inOrder ? null : after }];
}
