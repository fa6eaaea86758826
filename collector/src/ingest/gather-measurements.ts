import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import type { Measurement } from '@sealwatch/shared/measurement/measurement.js';
import { decodeMeasurement } from '@sealwatch/shared/measurement/measurement-body.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import type { Report } from '@sealwatch/shared/statement/report.js';
import { subjectId } from '@sealwatch/shared/subject/subject.js';
import type { ReportReader } from '../store/report-store.js';
import type { MeasurementCache } from './measurement-cache.js';

export type Gathered =
  | { readonly kind: 'complete'; readonly measurements: Measurement[] }
  | { readonly kind: 'missing'; readonly digests: Digest[] };

/**
 * The measurements a report lists, from what came along, what is cached and what is stored.
 * @param brought bodies whose digests have been verified
 * @throws CodedError('statement.malformed') if a subject is listed twice or under another measurement's name
 */
export async function gatherMeasurements(
  report: Report,
  brought: ReadonlyMap<Digest, Buffer>,
  deps: { cache: MeasurementCache; store: Pick<ReportReader, 'bodies'> },
): Promise<Gathered> {
  const { cache, store } = deps;
  const unseen = report.subjects
    .map(({ measurement }) => measurement)
    .filter((digest) => cache.get(digest) === undefined && !brought.has(digest));
  const stored = unseen.length === 0 ? new Map<Digest, Buffer>() : await store.bodies([...new Set(unseen)]);
  const missing = [...new Set(unseen)].filter((digest) => !stored.has(digest));
  if (missing.length > 0) return { kind: 'missing', digests: missing };
  const names = new Set<string>();
  const measurements = report.subjects.map(({ id, measurement: digest }) => {
    const measurement = cache.get(digest) ?? decode(brought.get(digest) ?? stored.get(digest), digest);
    if (subjectId(measurement.subject) !== id)
      throw new CodedError('statement.malformed', 'the report lists a measurement under another subject');
    if (names.has(id)) throw new CodedError('statement.malformed', 'the report lists a subject twice');
    names.add(id);
    return measurement;
  });
  return { kind: 'complete', measurements };
}

function decode(body: Buffer | undefined, digest: Digest): Measurement {
  if (body === undefined) throw new CodedError('internal', `measurement ${digest} vanished`);
  return decodeMeasurement(body);
}
