import { sameReference } from '../appraisal/same-reference.js';
import { someOf } from '../appraisal/some-of.js';
import type { JudgedFinding } from '../appraisal/evaluate.js';
import type { ImageComponent } from '../manifest/manifest-component.js';
import type { ImageMeasurement, RunningContainer, SeenImages } from '../measurement/image-measurement.js';
import { subjectId } from '../subject/subject.js';
import type { SubjectResult, SubjectStatus } from './check-result.js';
import { statusOf } from './group-findings.js';

export interface ImageResultInput {
  readonly component: string;
  readonly measurement: ImageMeasurement | undefined;
  readonly findings: readonly JudgedFinding[];
  /** The images that valid manifests list for the component. */
  readonly listed: readonly ImageComponent[];
  readonly required: boolean;
}

/**
 * The line of one image component. `Signature Validated` is said of containers that run from listed images with the
 * listed files, or of a listed image that is stored unharmed, and of nothing else. Undefined: there is nothing to say.
 */
export function imageResult(input: ImageResultInput): SubjectResult | undefined {
  const { component, measurement, findings, listed, required } = input;
  const { statement, unjudged } = statementOf(measurement, listed);
  const seen = measurement?.observed.state === 'seen' ? measurement.observed : undefined;
  const isHere = seen !== undefined && (seen.stored.length > 0 || seen.containers.length > 0 || seen.pods.length > 0);
  if (!required && !isHere && findings.length === 0) return undefined;
  const notes = seen === undefined ? [] : notesOf(seen, listed);
  return {
    id: subjectId({ kind: 'image', component }),
    kind: 'image',
    label: `${component} [image]`,
    statement,
    status: statusOf(findings, required || isHere ? unjudged : 'not-checked'),
    observed: seen === undefined ? null : observedText(seen),
    findings,
    ...(notes.length === 0 ? {} : { notes }),
  };
}

/** What the line says, and its status should the appraisal have found nothing. */
function statementOf(
  measurement: ImageMeasurement | undefined,
  listed: readonly ImageComponent[],
): { statement: string; unjudged: SubjectStatus } {
  if (measurement === undefined) return { statement: 'Not Measured', unjudged: 'unknown' };
  const { observed } = measurement;
  switch (observed.state) {
    case 'absent':
      return { statement: 'No containerd', unjudged: 'unknown' };
    case 'unreadable':
      return { statement: 'Unreadable', unjudged: 'unknown' };
    case 'seen':
      if (observed.containers.length === 0 && observed.stored.length === 0)
        return { statement: 'Missing', unjudged: 'unknown' };
      return isSigned(observed, listed)
        ? { statement: 'Signature Validated', unjudged: 'ok' }
        : { statement: 'Signature Invalid', unjudged: 'unknown' };
  }
}

function isSigned({ containers, stored }: SeenImages, listed: readonly ImageComponent[]): boolean {
  if (containers.length > 0) return containers.every((container) => isSignedContainer(container, listed));
  return stored.some(({ config, faults }) => faults.length === 0 && listed.some(({ digest }) => digest === config));
}

function isSignedContainer({ config, unpacked }: RunningContainer, listed: readonly ImageComponent[]): boolean {
  const entry = listed.find(({ digest }) => digest === config);
  if (entry === undefined || unpacked === null || !('length' in unpacked)) return false;
  const signed = new Set<string>(entry.executables.map(({ digest }) => digest));
  const good = unpacked.flatMap((file) => ('digest' in file && signed.has(file.digest) ? [file.path] : []));
  return entry.executables.every(({ path }) => good.includes(path));
}

function observedText({ containers, stored }: SeenImages): string | null {
  const configs = new Set([...containers, ...stored].flatMap(({ config }) => config ?? []));
  return configs.size === 0 ? null : [...configs].sort().join(', ');
}

function notesOf({ stored, containers }: SeenImages, listed: readonly ImageComponent[]): string[] {
  const references = listed.flatMap((entry) => entry.references);
  return stored.flatMap(({ names, target, config, layersNotStored }) => {
    const entry = listed.find(({ digest }) => digest === config);
    const what = someOf(names.length === 0 ? [target] : names);
    if (entry === undefined) {
      const isUsed = containers.some((container) => container.config === config);
      const isNamed = names.some((name) => references.some((reference) => sameReference(reference, name)));
      return isUsed || isNamed ? [] : [`${what} is no signed image, and not in use`];
    }
    return layersNotStored === 0
      ? []
      : [`${String(layersNotStored)} layers of ${what} are not stored: containerd discards what it has unpacked`];
  });
}
