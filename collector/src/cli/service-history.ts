import { serviceDifference, type ServiceChange } from '@sealwatch/shared/check/service-difference.js';
import type { Measurement } from '@sealwatch/shared/measurement/measurement.js';
import { decodeMeasurement } from '@sealwatch/shared/measurement/measurement-body.js';
import type { ServiceMeasurement } from '@sealwatch/shared/measurement/service-measurement.js';
import { CodedError, isCoded } from '@sealwatch/shared/runtime/coded-error.js';
import { toBodies } from '@sealwatch/shared/wire/body-wire.js';
import type { ListServiceHistoryResponse } from '@sealwatch/shared/wire/generated/sealwatch/v1/ListServiceHistoryResponse.js';
import type { ServiceHistoryEntry as WireEntry } from '@sealwatch/shared/wire/generated/sealwatch/v1/ServiceHistoryEntry.js';
import type { OperatorConnection } from '../operator/operator-connection.js';
import { allPages } from './all-pages.js';

const MAX_PAGE_SIZE = 100;

/** What the reports say of a service, from one report on. */
export type ServiceState =
  | { readonly kind: 'measured'; readonly measurement: ServiceMeasurement }
  /** The reports have no such service. */
  | { readonly kind: 'not-reported' }
  /** They have it; what was measured can't be told. */
  | { readonly kind: 'unreadable'; readonly problem: string };

export interface ServiceHistoryEntry {
  readonly place: Omit<WireEntry, 'digest' | 'body'>;
  readonly digest: string | null;
  readonly state: ServiceState;
  /** The state before; none before the first. */
  readonly before: ServiceState['kind'] | 'none';
  /** Beside the state before if that was measured, else all there is. Empty if this one is not measured. */
  readonly changes: readonly ServiceChange[];
}

/** Newest first. @throws CodedError('host.unknown' | 'service.unknown' | 'collector.*') */
export async function listServiceHistory(
  connection: OperatorConnection,
  asked: { readonly host: string; readonly service: string; readonly limit: number },
): Promise<ServiceHistoryEntry[]> {
  const { host, service, limit } = asked;
  // one more than wanted: the last one is laid beside it
  const states: { wire: WireEntry; state: ServiceState }[] = [];
  const pages = allPages(async (pageToken) => {
    const pageSize = Math.min(limit + 1 - states.length, MAX_PAGE_SIZE);
    const page = await connection.ask<ListServiceHistoryResponse>((client, call, done) =>
      client.listServiceHistory({ host, service, pageSize, pageToken }, call, done),
    );
    return { items: page.entries, nextPageToken: page.nextPageToken };
  });
  for await (const wire of pages) {
    states.push({ wire, state: stateOf(wire, service) });
    if (states.length > limit) break;
  }
  if (states.length === 0) {
    throw new CodedError('collector.protocol', `the collector tells nothing of ${service} on ${host}, and not why`);
  }
  return states.slice(0, limit).map(({ wire, state }, index) => entryOf(wire, state, states[index + 1]?.state));
}

function entryOf(wire: WireEntry, state: ServiceState, before: ServiceState | undefined): ServiceHistoryEntry {
  const { digest, epoch, sequence, signedAt, receivedAt, missingReports, foldedChanges } = wire;
  const earlier = before?.kind === 'measured' ? before.measurement : null;
  return {
    place: { epoch, sequence, signedAt, receivedAt, missingReports, foldedChanges },
    digest: digest === '' ? null : digest,
    state,
    before: before?.kind ?? 'none',
    changes: state.kind === 'measured' ? serviceDifference(earlier, state.measurement) : [],
  };
}

/** A body counts only if it has the digest the report has, and is a measurement of this very service. */
function stateOf({ digest, body }: WireEntry, service: string): ServiceState {
  if (digest === '') return { kind: 'not-reported' };
  if (body === null) {
    return unreadable(
      'the store of the collector has no measurement of this digest that can be read; a backup of it may',
    );
  }
  try {
    const [carried] = toBodies([body]);
    if (carried?.digest !== digest) return unreadable('the collector sent the measurement of another digest');
    const measurement = decodeMeasurement(carried.bytes);
    return isOf(measurement, service)
      ? { kind: 'measured', measurement }
      : unreadable('the measurement is of another subject');
  } catch (error) {
    // also what a newer agent measures: one entry more or less must not hide the others
    if (isCoded(error)) return unreadable(error.message);
    throw error;
  }
}

function isOf(measurement: Measurement, service: string): measurement is ServiceMeasurement {
  return measurement.subject.kind === 'service' && measurement.subject.name === service;
}

function unreadable(problem: string): ServiceState {
  return { kind: 'unreadable', problem };
}
