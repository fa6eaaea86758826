import { digestSchema } from '@sealwatch/shared/measurement/field-schemas.js';
import type { Head } from '@sealwatch/shared/statement/report.js';
import * as z from 'zod/mini';

export const headSchema: z.ZodMiniType<Head> = z.strictObject({
  epoch: z.int().check(z.positive()),
  sequence: z.int().check(z.positive()),
  digest: digestSchema,
});
