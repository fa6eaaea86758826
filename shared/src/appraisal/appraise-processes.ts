import { filesByName, imagesByName } from '../manifest/components-of-kind.js';
import type { FileComponent } from '../manifest/manifest-component.js';
import type { VerifiedManifest } from '../manifest/open-manifest.js';
import type { FileMeasurement } from '../measurement/file-measurement.js';
import type { Measurement } from '../measurement/measurement.js';
import type { ProcessMeasurement, SeenProcess } from '../measurement/process-measurement.js';
import { subjectId } from '../subject/subject.js';
import type { AppraisalContext } from './appraisal-context.js';
import { appraiseProcess } from './appraise-process.js';
import { type Finding, finding } from './finding.js';
import type { ProcessReference } from './process-reference.js';

/** Programs of ours: their runtime compiles code while it runs. Everybody else's executable memory has a file. */
const COMPILE_AT_RUN_TIME: ReadonlySet<string> = new Set(['sealwatch-agent', 'sealwatch-collector']);

/**
 * Every process of every listed component, whoever started it and however. That a component does not run is no finding
 * here: kubeadm and runc run for moments, and what has to run as a container is asked of its images.
 */
export function appraiseProcesses(
  measurements: readonly Measurement[],
  valid: readonly VerifiedManifest[],
  { release }: Pick<AppraisalContext, 'release'>,
): Finding[] {
  const { policy } = release;
  if (!policy.require.includes('process')) return [];
  const blind = new Set<string>();
  const findings = processComponents(valid).flatMap((component) => {
    const subject = subjectId({ kind: 'process', component });
    const measurement = measurements.find((candidate): candidate is ProcessMeasurement => isOf(candidate, component));
    if (measurement === undefined) return [finding('evidence.missing', subject, 'a measurement', 'none')];
    const reference = {
      ...referenceOf(component, valid, policy.libraryKeys),
      installed: installedFiles(component, measurements, valid),
    };
    for (const reason of measurement.observed.blind) blind.add(reason);
    return measurement.observed.processes.flatMap((seen) => appraiseSeen(subject, seen, reference));
  });
  // what can't be looked into is nobody's in particular
  const unseen = [...blind].sort().map((reason) => finding('process.unseen', 'host', 'every process visible', reason));
  return [...findings, ...unseen];
}

/** The components whose processes are looked for: all that a manifest lists, whatever the role. */
export function processComponents(manifests: readonly VerifiedManifest[]): string[] {
  return [...new Set([...filesByName(manifests).keys(), ...imagesByName(manifests).keys()])].sort();
}

function appraiseSeen(subject: string, seen: SeenProcess, reference: ProcessReference): Finding[] {
  if (seen.state === 'unreadable') return [finding('process.unreadable', subject, 'a readable process', seen.reason)];
  return appraiseProcess(subject, seen, reference);
}

function referenceOf(
  component: string,
  valid: readonly VerifiedManifest[],
  libraryKeys: readonly string[],
): Omit<ProcessReference, 'installed'> {
  const images = imagesByName(valid).get(component) ?? [];
  const ofImages = images.flatMap(({ executables }) => executables);
  return {
    programs: signedPrograms(component, valid),
    libraries: new Set([...listedFiles(valid), ...ofImages].map(({ digest }) => digest)),
    variables: new Set(images.flatMap(({ variables }) => variables)),
    libraryKeys: new Set(libraryKeys),
    compilesAtRunTime: COMPILE_AT_RUN_TIME.has(component),
  };
}

/** A component's files, as the same report has them, that are the signed ones for their paths. */
function installedFiles(
  component: string,
  measurements: readonly Measurement[],
  valid: readonly VerifiedManifest[],
): ProcessReference['installed'] {
  const listed = filesByName(valid).get(component) ?? [];
  return measurements.filter(isFile).flatMap(({ subject, observed }) => {
    if (subject.component !== component || observed.state !== 'present') return [];
    const { path } = subject;
    const isSigned = listed.some(({ digest, paths }) => digest === observed.digest && paths.includes(path));
    return isSigned ? [{ path, digest: observed.digest }] : [];
  });
}

/** Every signed file may be a library of another component. */
function listedFiles(valid: readonly VerifiedManifest[]): FileComponent[] {
  return [...filesByName(valid).values()].flat();
}

/** Digests of a component's signed files and of every executable of its signed images. */
export function signedPrograms(component: string, valid: readonly VerifiedManifest[]): ReadonlySet<string> {
  const files = filesByName(valid).get(component) ?? [];
  const images = imagesByName(valid).get(component) ?? [];
  return new Set([...files, ...images.flatMap(({ executables }) => executables)].map(({ digest }) => digest));
}

function isFile(measurement: Measurement): measurement is FileMeasurement {
  return measurement.subject.kind === 'file';
}

function isOf({ subject }: Measurement, component: string): boolean {
  return subject.kind === 'process' && subject.component === component;
}
