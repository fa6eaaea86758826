import * as z from 'zod/mini';
import { type FileMeasurement, fileMeasurementSchema } from './file-measurement.js';
import { type HostMeasurement, hostMeasurementSchema } from './host-measurement.js';
import { type ImageMeasurement, imageMeasurementSchema } from './image-measurement.js';
import type { ModuleMeasurement } from './module-measurement.js';
import { moduleMeasurementSchema } from './module-measurement-schema.js';
import type { ProcessMeasurement } from './process-measurement.js';
import { processMeasurementSchema } from './process-measurement-schema.js';
import { type ServiceMeasurement, serviceMeasurementSchema } from './service-measurement.js';

/**
 * What was seen for one subject (RFC 9334 §2: Evidence), no judgement in it. Deterministic: the same state gives the
 * same bytes, so a changed digest of these bytes is a change of the host.
 */
export type Measurement =
  FileMeasurement | HostMeasurement | ImageMeasurement | ProcessMeasurement | ModuleMeasurement | ServiceMeasurement;

export const measurementSchema: z.ZodMiniType<Measurement> = z.union([
  fileMeasurementSchema,
  hostMeasurementSchema,
  imageMeasurementSchema,
  processMeasurementSchema,
  moduleMeasurementSchema,
  serviceMeasurementSchema,
]);
