import {
  type ImageMeasurement,
  imageMeasurementSchema,
  type SeenImages,
} from '@sealwatch/shared/measurement/image-measurement.js';
import type { Unreadable } from '@sealwatch/shared/measurement/unseen.js';
import { encodeMeasurement, MAX_BODY_BYTES } from '@sealwatch/shared/measurement/measurement-body.js';

const TOO_MUCH: Unreadable = { state: 'unreadable', reason: 'more than a report has room for' };
/** Different ones, of one component. */
const MAX_CONTAINERS = 50;
const MAX_FAULTS = 200;

/**
 * A measurement that a report can carry. What is too much is left out in a fixed order and says so, which is a finding:
 * first faults beyond counting, then files of containers from the last on, then everything.
 */
export function fitReport({ subject, observed }: ImageMeasurement): ImageMeasurement {
  if (observed.state !== 'seen') return { subject, observed };
  if (observed.containers.length > MAX_CONTAINERS) return { subject, observed: TOO_MUCH };
  const stored = observed.stored.map((image) => ({
    ...image,
    faults: image.faults.slice(0, MAX_FAULTS),
  }));
  const containers = [...observed.containers];
  const seen: SeenImages = { ...observed, stored, containers };
  for (let last = containers.length - 1; last >= 0 && !fits({ subject, observed: seen }); last--) {
    const container = containers[last];
    if (container === undefined || container.unpacked === null) continue;
    containers[last] = { ...container, unpacked: TOO_MUCH };
  }
  const fitting: ImageMeasurement = { subject, observed: seen };
  return fits(fitting) ? fitting : { subject, observed: TOO_MUCH };
}

function fits(measurement: ImageMeasurement): boolean {
  return (
    encodeMeasurement(measurement).bytes.length <= MAX_BODY_BYTES &&
    imageMeasurementSchema.safeParse(measurement).success
  );
}
