import type { VerifiedManifest } from '../manifest/open-manifest.js';
import type { Measurement } from '../measurement/measurement.js';
import type { ModuleMeasurement } from '../measurement/module-measurement.js';
import { subjectId } from '../subject/subject.js';
import type { AppraisalContext } from './appraisal-context.js';
import { appraiseModule } from './appraise-module.js';
import { processComponents } from './appraise-processes.js';
import { type Finding, finding } from './finding.js';
import { moduleReference } from './module-reference.js';

/**
 * The module in every program of every listed component, on disk and in memory. A program without one is no finding:
 * not every component has one to have, and its publisher signed it as it is.
 */
export function appraiseModules(
  measurements: readonly Measurement[],
  valid: readonly VerifiedManifest[],
  { release }: Pick<AppraisalContext, 'release'>,
): Finding[] {
  const { require } = release.policy;
  if (!require.includes('module')) return [];
  const blind = new Set<string>();
  const findings = processComponents(valid).flatMap((component) => {
    const subject = subjectId({ kind: 'module', component });
    const measurement = moduleMeasurementOf(measurements, component);
    if (measurement === undefined) return [finding('evidence.missing', subject, 'a measurement', 'none')];
    const { programs, morePrograms } = measurement.observed;
    for (const reason of measurement.observed.blind) blind.add(reason);
    const reference = moduleReference(component, valid);
    return [
      ...programs.flatMap((program) => appraiseModule(subject, program, programs, reference)),
      ...(morePrograms ? [finding('module.unseen', subject, 'every program examined', 'too many of them')] : []),
    ];
  });
  // what can't be looked into is nobody's in particular, and said once
  if (require.includes('process')) return findings;
  const unseen = [...blind].sort().map((reason) => finding('process.unseen', 'host', 'every process visible', reason));
  return [...findings, ...unseen];
}

export function moduleMeasurementOf(
  measurements: readonly Measurement[],
  component: string,
): ModuleMeasurement | undefined {
  return measurements.find(
    (candidate): candidate is ModuleMeasurement =>
      candidate.subject.kind === 'module' && candidate.subject.component === component,
  );
}
