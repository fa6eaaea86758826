import { jsonText } from '@sealwatch/shared/runtime/json-text.js';
import type { ServiceHistoryEntry } from './service-history.js';

/** `sealwatch/service-history/v1`, keys in the order the documentation has them. */
export function serviceHistoryJson(host: string, service: string, entries: readonly ServiceHistoryEntry[]): string {
  return jsonText({
    schema: 'sealwatch/service-history/v1',
    host,
    service,
    entries: entries.map(({ place, digest, state, before, changes }) => ({
      signedAt: place.signedAt,
      receivedAt: place.receivedAt,
      epoch: place.epoch,
      sequence: place.sequence,
      digest,
      state: state.kind,
      problem: state.kind === 'unreadable' ? state.problem : null,
      before,
      missingReports: place.missingReports,
      foldedChanges: place.foldedChanges,
      changes,
      measurement: state.kind === 'measured' ? state.measurement : null,
    })),
  });
}
