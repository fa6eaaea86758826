import * as z from 'zod/mini';
import { processFactsSchema } from '../proc/process-facts-schema.js';
import { componentNameSchema, reasonSchema } from './field-schemas.js';
import { FOUND_AS, MAX_PROCESSES, type ProcessMeasurement } from './process-measurement.js';

export const processMeasurementSchema: z.ZodMiniType<ProcessMeasurement> = z.strictObject({
  subject: z.strictObject({ kind: z.literal('process'), component: componentNameSchema }),
  observed: z.strictObject({
    state: z.literal('seen'),
    processes: z
      .array(
        z.union([
          z.strictObject({ state: z.literal('running'), by: z.enum(FOUND_AS), facts: processFactsSchema }),
          z.strictObject({ state: z.literal('unreadable'), by: z.enum(FOUND_AS), reason: reasonSchema }),
        ]),
      )
      .check(z.maxLength(MAX_PROCESSES)),
    blind: z.array(reasonSchema).check(z.maxLength(20)),
  }),
});
