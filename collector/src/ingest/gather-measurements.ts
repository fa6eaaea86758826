import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import type { Measurement } from '@sealwatch/shared/measurement/measurement.js';
import { decodeMeasurement } from '@sealwatch/shared/measurement/measurement-body.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import type { Report } from '@sealwatch/shared/statement/report.js';
import { subjectId } from '@sealwatch/shared/subject/subject.js';
import type { ReportReader } from '../store/report-store.js';
import type { DecodedMeasurement, MeasurementCache } from './measurement-cache.js';

export type Gathered =
  | {
      readonly kind: 'complete';
      readonly measurements: Measurement[];
      /** Those the cache did not have. */
      readonly decoded: DecodedMeasurement[];
    }
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
  const known = new Map<Digest, Measurement>();
  const unseen = new Set<Digest>();
  for (const { measurement: digest } of report.subjects) {
    const cached = deps.cache.get(digest);
    if (cached === undefined) unseen.add(digest);
    else known.set(digest, cached);
  }
  const toRead = [...unseen].filter((digest) => !brought.has(digest));
  const stored = toRead.length === 0 ? new Map<Digest, Buffer>() : await deps.store.bodies(toRead);
  const missing = toRead.filter((digest) => !stored.has(digest));
  if (missing.length > 0) return { kind: 'missing', digests: missing };
  const decoded: DecodedMeasurement[] = [];
  const names = new Set<string>();
  const measurements = report.subjects.map(({ id, measurement: digest }) => {
    let measurement = known.get(digest);
    if (measurement === undefined) {
      const one = decode(brought.get(digest) ?? stored.get(digest), digest);
      decoded.push(one);
      known.set(digest, (measurement = one.measurement));
    }
    if (subjectId(measurement.subject) !== id)
      throw new CodedError('statement.malformed', 'the report lists a measurement under another subject');
    if (names.has(id)) throw new CodedError('statement.malformed', 'the report lists a subject twice');
    names.add(id);
    return measurement;
  });
  return { kind: 'complete', measurements, decoded };
}

function decode(body: Buffer | undefined, digest: Digest): DecodedMeasurement {
  if (body === undefined) throw new CodedError('internal', `measurement ${digest} vanished`);
  return { digest, measurement: decodeMeasurement(body), bytes: body.length };
}
