import { jsonText } from '../runtime/json-text.js';
import { type Inspection, inspectionPasses } from './inspection.js';

/** Schema sealwatch/inspect/v1, additive only. Certificate status and operating environment are named, so that nobody infers them. */
export function inspectionJson(inspection: Inspection): string {
  const { subject, observation, conclusion, explained, process } = inspection;
  return jsonText({
    schema: 'sealwatch/inspect/v1',
    subject,
    passes: inspectionPasses(inspection),
    conclusion:
      conclusion === null
        ? null
        : { ...conclusion, certificateStatus: 'not-judged', operatingEnvironment: 'not-examined' },
    observation,
    explained,
    process,
  });
}
