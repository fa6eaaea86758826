import type { VerifiedManifest } from '../manifest/open-manifest.js';
import type { FileMeasurement } from '../measurement/measurement.js';
import { BUILT_IN_COMPONENTS } from '../subject/component.js';
import { subjectId } from '../subject/subject.js';
import type { SubjectResult } from './check-result.js';
import { fileResult } from './file-result.js';
import { type HostEvidence, statusOf } from './group-findings.js';

export const NOT_CHECKED = 'Not checked by this version';

/** The components of one host: the seed's nine in the seed's order, then the others by name. */
export function componentResults(evidence: HostEvidence, valid: readonly VerifiedManifest[]): SubjectResult[] {
  const results: [string, SubjectResult][] = [
    ...fileResults(evidence, valid),
    ...unlistedResults(evidence),
    ...imageResults(evidence),
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
  for (const { manifest } of valid) {
    for (const { name: component, paths } of manifest.components) {
      for (const path of paths) {
        const id = subjectId({ kind: 'file', component, path });
        const findings = evidence.findings.get(id);
        if (findings === undefined || seen.has(id)) continue;
        seen.add(id);
        yield [component, line(id, 'file', `${path} [file]`, 'Not Measured', findings)];
      }
    }
  }
}

/** Components the role requires and no manifest lists. */
function* unlistedResults({ findings }: HostEvidence): Iterable<[string, SubjectResult]> {
  for (const [subject, found] of findings) {
    if (!subject.startsWith('component:') || !found.some(({ code }) => code === 'component.unlisted')) continue;
    const component = subject.slice('component:'.length);
    yield [component, line(subject, 'file', `${component} [file]`, 'Not In A Manifest', found)];
  }
}

function* imageResults({ context, findings, hasEvidence }: HostEvidence): Iterable<[string, SubjectResult]> {
  if (!hasEvidence) return;
  const { release, role } = context;
  for (const [component, kind] of Object.entries(release.policy.components[role] ?? {})) {
    const id = `component:${component}`;
    if (kind === 'image' && !findings.has(id)) {
      yield [component, line(id, 'image', `${component} [image]`, NOT_CHECKED, [])];
    }
  }
}

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
  const entries = valid.flatMap(({ manifest }) => manifest.components);
  const listed = entries.filter(({ name, paths }) => name === subject.component && paths.includes(subject.path));
  return new Set(listed.map(({ digest }) => digest));
}

function isFile(measurement: HostEvidence['measurements'][number]): measurement is FileMeasurement {
  return measurement.subject.kind === 'file';
}
