import { requiredImages } from '../appraisal/appraise-images.js';
import { filesByName, imagesByName } from '../manifest/components-of-kind.js';
import type { VerifiedManifest } from '../manifest/open-manifest.js';
import type { FileMeasurement } from '../measurement/file-measurement.js';
import type { ImageMeasurement } from '../measurement/image-measurement.js';
import { BUILT_IN_COMPONENTS } from '../subject/component.js';
import { subjectId } from '../subject/subject.js';
import type { SubjectResult } from './check-result.js';
import { fileResult } from './file-result.js';
import { type HostEvidence, statusOf } from './group-findings.js';
import { imageResult } from './image-result.js';
import { moduleResults } from './module-results.js';
import { processResults } from './process-results.js';

/** The components of one host: the seed's nine in the seed's order, then the others by name. */
export function componentResults(evidence: HostEvidence, valid: readonly VerifiedManifest[]): SubjectResult[] {
  const results: [string, SubjectResult][] = [
    ...fileResults(evidence, valid),
    ...unlistedResults(evidence),
    ...imageResults(evidence, valid),
    ...processResults(evidence, valid),
    ...moduleResults(evidence, valid),
  ];
  return results.sort(([a], [b]) => position(a) - position(b) || (a < b ? -1 : a > b ? 1 : 0)).map(([, line]) => line);
}

const SEED_ORDER = Object.keys(BUILT_IN_COMPONENTS);

function position(component: string): number {
  const index = SEED_ORDER.indexOf(component);
  return index === -1 ? SEED_ORDER.length : index;
}

/** One line per path that is there or should be; the alternatives that are absent get none. */
function* fileResults(evidence: HostEvidence, valid: readonly VerifiedManifest[]): Iterable<[string, SubjectResult]> {
  const measured = new Map(evidence.measurements.filter(isFile).map((entry) => [subjectId(entry.subject), entry]));
  const seen = new Set(measured.keys());
  for (const [id, measurement] of measured) {
    const { subject, observed } = measurement;
    const findings = evidence.findings.get(id) ?? [];
    if (observed.state !== 'absent' || findings.length > 0) {
      yield [subject.component, fileResult(measurement, findings, signedDigests(measurement, valid))];
    }
  }
  for (const [component, entries] of filesByName(valid)) {
    for (const path of entries.flatMap(({ paths }) => paths)) {
      const id = subjectId({ kind: 'file', component, path });
      const findings = evidence.findings.get(id);
      if (findings === undefined || seen.has(id)) continue;
      seen.add(id);
      yield [component, line(id, 'file', `${path} [file]`, 'Not Measured', findings)];
    }
  }
}

/** Components the role requires and no manifest lists. */
function* unlistedResults({ findings, context }: HostEvidence): Iterable<[string, SubjectResult]> {
  const images = requiredImages(context);
  for (const [subject, found] of findings) {
    if (!subject.startsWith('component:') || !found.some(({ code }) => code === 'component.unlisted')) continue;
    const component = subject.slice('component:'.length);
    const kind = images.has(component) ? 'image' : 'file';
    yield [component, line(subject, kind, `${component} [${kind}]`, 'Not In A Manifest', found)];
  }
}

/** One line per image component that the role requires, that the host has, or of which something was found. */
function* imageResults(evidence: HostEvidence, valid: readonly VerifiedManifest[]): Iterable<[string, SubjectResult]> {
  const { context, findings, hasEvidence, measurements } = evidence;
  const { release, role } = context;
  const required = requiredImages(context);
  const listed = imagesByName(valid);
  const declared = Object.entries(release.policy.components[role] ?? {}).filter(([, kind]) => kind === 'image');
  const names = new Set([...declared.map(([name]) => name), ...listed.keys()]);
  for (const component of names) {
    const id = subjectId({ kind: 'image', component });
    const found = findings.get(id) ?? [];
    if (release.policy.require.includes('image')) {
      const measurement = measurements.find(
        (candidate): candidate is ImageMeasurement => subjectId(candidate.subject) === id,
      );
      const result = imageResult({
        component,
        measurement,
        findings: found,
        listed: listed.get(component) ?? [],
        required: required.has(component),
      });
      if (result !== undefined && (hasEvidence || found.length > 0)) yield [component, result];
    } else if (hasEvidence && found.length === 0 && declared.some(([name]) => name === component)) {
      yield [component, line(id, 'image', `${component} [image]`, NOT_REQUIRED, [])];
    }
  }
}

const NOT_REQUIRED = 'Not checked: the policy requires no image evidence';

function line(
  id: string,
  kind: SubjectResult['kind'],
  label: string,
  statement: string,
  findings: SubjectResult['findings'],
): SubjectResult {
  return { id, kind, label, statement, status: statusOf(findings, 'not-checked'), observed: null, findings };
}

function signedDigests({ subject }: FileMeasurement, valid: readonly VerifiedManifest[]): ReadonlySet<string> {
  const entries = filesByName(valid).get(subject.component) ?? [];
  return new Set(entries.filter(({ paths }) => paths.includes(subject.path)).map(({ digest }) => digest));
}

function isFile(measurement: HostEvidence['measurements'][number]): measurement is FileMeasurement {
  return measurement.subject.kind === 'file';
}
