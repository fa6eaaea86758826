import * as z from 'zod/mini';
import { moduleFactsSchema } from '../binary/module-facts-schema.js';
import type { RelevantVariable } from '../proc/process-facts.js';
import { componentNameSchema, digestSchema, reasonSchema } from './field-schemas.js';
import { MAX_BLIND, MAX_PROGRAMS, type ModuleMeasurement, type SeenProgram } from './module-measurement.js';
import { unreadableSchema } from './unseen.js';

const variable: z.ZodMiniType<RelevantVariable> = z.strictObject({
  name: z.string().check(z.maxLength(64)),
  value: z.string().check(z.maxLength(400)),
});

const place = {
  where: z.enum(['file', 'process']),
  path: z.string().check(z.maxLength(4 * 4200)),
};

const program: z.ZodMiniType<SeenProgram> = z.union([
  z.strictObject({
    ...place,
    state: z.literal('program'),
    digest: digestSchema,
    facts: moduleFactsSchema,
    variables: z.nullable(
      z.union([
        z.strictObject({ state: z.literal('known'), value: z.array(variable).check(z.maxLength(8)) }),
        unreadableSchema,
      ]),
    ),
  }),
  z.strictObject({ ...place, state: z.literal('not-elf'), begins: z.enum(['empty', 'script', 'other']) }),
  z.strictObject({ ...place, state: z.enum(['malformed', 'unreadable']), reason: reasonSchema }),
]);

export const moduleMeasurementSchema: z.ZodMiniType<ModuleMeasurement> = z.strictObject({
  subject: z.strictObject({ kind: z.literal('module'), component: componentNameSchema }),
  observed: z.strictObject({
    state: z.literal('seen'),
    programs: z.array(program).check(z.maxLength(MAX_PROGRAMS)),
    morePrograms: z.boolean(),
    blind: z.array(reasonSchema).check(z.maxLength(MAX_BLIND)),
  }),
});
