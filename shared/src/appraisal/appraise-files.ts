import type { FileComponent } from '../manifest/manifest-component.js';
import { filesByName } from '../manifest/components-of-kind.js';
import type { VerifiedManifest } from '../manifest/open-manifest.js';
import type { FileMeasurement } from '../measurement/file-measurement.js';
import type { Measurement } from '../measurement/measurement.js';
import { subjectId } from '../subject/subject.js';
import type { AppraisalContext } from './appraisal-context.js';
import { appraiseFileAccess } from './appraise-file-access.js';
import { type Finding, finding } from './finding.js';

/**
 * Each path any valid manifest names must have been measured; what is there must be signed for that path; and each
 * component the role requires must be listed and present somewhere.
 */
export function appraiseFiles(
  measurements: readonly Measurement[],
  valid: readonly VerifiedManifest[],
  { release, role }: Pick<AppraisalContext, 'release' | 'role'>,
): Finding[] {
  const required = requiredFiles(release, role);
  const measured = new Map<string, FileMeasurement>();
  for (const measurement of measurements) {
    if (isFile(measurement)) measured.set(subjectId(measurement.subject), measurement);
  }
  const owners = [...measured.values()].flatMap(({ observed }) => (observed.state === 'present' ? [observed] : []));
  const entries = filesByName(valid);
  const findings: Finding[] = [];
  for (const name of required) {
    if (!entries.has(name))
      findings.push(finding('component.unlisted', `component:${name}`, 'an entry in a manifest in force', 'none'));
  }
  for (const [name, listed] of entries) {
    findings.push(...appraiseComponent(name, listed, { measured, owners, required: required.has(name) }));
  }
  return ofHostIfOfAll(findings, owners.length);
}

/** What could not be asked of any file for one reason, as where there is no getcap, is said once, of the host. */
function ofHostIfOfAll(findings: readonly Finding[], files: number): Finding[] {
  const unasked = findings.filter(({ code }) => code === 'file.capabilities-unknown');
  const [first] = unasked;
  if (first === undefined || unasked.length < files || unasked.some(({ observed }) => observed !== first.observed)) {
    return [...findings];
  }
  return [{ ...first, subject: 'host' }, ...findings.filter((one) => !unasked.includes(one))];
}

/** Components of kind file that the release wants on this role, if it wants file evidence at all. */
export function requiredFiles(
  release: AppraisalContext['release'],
  role: AppraisalContext['role'],
): ReadonlySet<string> {
  if (!release.policy.require.includes('file')) return new Set();
  const components = Object.entries(release.policy.components[role] ?? {});
  return new Set(components.filter(([, kind]) => kind === 'file').map(([name]) => name));
}

interface OnHost {
  /** By subject. */
  readonly measured: ReadonlyMap<string, FileMeasurement>;
  /** Of all component files that are there. */
  readonly owners: readonly { readonly uid: number }[];
  readonly required: boolean;
}

function appraiseComponent(
  name: string,
  listed: readonly FileComponent[],
  { measured, owners, required }: OnHost,
): Finding[] {
  const paths = [...new Set(listed.flatMap((entry) => entry.paths))];
  const findings: Finding[] = [];
  let absent = 0;
  for (const path of paths) {
    const subject = subjectId({ kind: 'file', component: name, path });
    const measurement = measured.get(subject);
    if (measurement === undefined) findings.push(finding('evidence.missing', subject, 'a measurement', 'none'));
    else if (measurement.observed.state === 'absent') absent += 1;
    else findings.push(...appraiseFile(subject, measurement, listed, owners));
  }
  if (required && absent === paths.length) {
    const subject = subjectId({ kind: 'file', component: name, path: paths[0] ?? '' });
    findings.push(finding('file.missing', subject, someOf(paths), 'absent'));
  }
  return findings;
}

function appraiseFile(
  subject: string,
  { subject: { path }, observed }: FileMeasurement,
  listed: readonly FileComponent[],
  owners: readonly { readonly uid: number }[],
): Finding[] {
  switch (observed.state) {
    case 'absent':
      return [];
    case 'unreadable':
      return [finding('file.unreadable', subject, 'a readable file', observed.reason)];
    case 'not-regular':
      return [finding('file.not-regular', subject, 'a regular file', observed.fileType)];
    case 'present': {
      const digests = [...new Set(listed.filter((entry) => entry.paths.includes(path)).map((entry) => entry.digest))];
      const findings: Finding[] = [];
      if (!digests.includes(observed.digest)) {
        findings.push(finding('file.digest-mismatch', subject, digests.join(' or '), observed.digest));
      }
      if (observed.realPath !== path) findings.push(finding('file.redirected', subject, path, observed.realPath));
      findings.push(...appraiseFileAccess(subject, observed, owners));
      return findings;
    }
  }
}

function isFile(measurement: Measurement): measurement is FileMeasurement {
  return measurement.subject.kind === 'file';
}

/** Paths may be long and many; a finding names enough of them to know what is meant. */
function someOf(paths: readonly string[]): string {
  const shown = paths.slice(0, 4).map((path) => (path.length > 1000 ? `${path.slice(0, 1000)}…` : path));
  return [...shown, ...(paths.length > 4 ? [`${String(paths.length - 4)} more`] : [])].join(' or ');
}
