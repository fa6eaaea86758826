import { moduleMeasurementOf } from '../appraisal/appraise-modules.js';
import { processComponents } from '../appraisal/appraise-processes.js';
import { moduleReference } from '../appraisal/module-reference.js';
import type { Backend, ModuleState } from '../binary/module-conclusion.js';
import { calendarDate } from '../cmvp/calendar-date.js';
import type { VerifiedManifest } from '../manifest/open-manifest.js';
import { wallTime } from '../runtime/timestamp.js';
import { subjectId } from '../subject/subject.js';
import type { SubjectResult, SubjectStatus } from './check-result.js';
import { type HostEvidence, statusOf } from './group-findings.js';
import { type ModuleSummary, moduleSummary } from './module-summary.js';

/** One line per component that has a program of machine code on the host, or of whose module something was found. */
export function* moduleResults(
  { context, measurements, findings }: HostEvidence,
  valid: readonly VerifiedManifest[],
): Iterable<[string, SubjectResult]> {
  const { release, at } = context;
  if (!release.policy.require.includes('module')) return;
  for (const component of processComponents(valid)) {
    const id = subjectId({ kind: 'module', component });
    const found = findings.get(id) ?? [];
    const measurement = moduleMeasurementOf(measurements, component);
    const reference = moduleReference(component, valid);
    const judging = { reference, cmvp: release.cmvp, on: calendarDate(wallTime(at)) };
    const programs = (measurement?.observed.programs ?? []).map((program) => moduleSummary(program, judging));
    if (programs.every(({ state }) => state === 'not-elf') && found.length === 0) continue;
    const [statement, unjudged] =
      measurement === undefined ? (['Not Measured', 'unknown'] as const) : statementOf(programs);
    yield [
      component,
      {
        id,
        kind: 'module',
        label: `${component} [module]`,
        statement,
        status: statusOf(found, unjudged),
        observed: observedText(programs),
        findings: found,
        ...(programs.length === 0 ? {} : { module: programs }),
      },
    ];
  }
}

/** Of all programs the one that weighs most: a good file does not make up for a process. */
function statementOf(programs: readonly ModuleSummary[]): readonly [string, SubjectStatus] {
  const weights = programs.map(weightOf);
  const [gravest] = [...weights].sort((a, b) => WEIGHTS.indexOf(a) - WEIGHTS.indexOf(b));
  if (gravest === undefined) return ['Not Seen', 'not-checked'];
  const of = programs[weights.indexOf(gravest)];
  return [textOf(gravest, of?.facts?.backend ?? 'not-known'), STATUSES[gravest]];
}

type Weight = ModuleState['state'] | 'unreadable' | 'no-program';

/** The gravest first. */
const WEIGHTS: readonly Weight[] = [
  'corrupt',
  'absent-although-claimed',
  'unreadable',
  'undetermined',
  'unknown-build',
  'declared',
  'known',
  'elsewhere',
  'none',
  'no-program',
];

function weightOf({ state, facts }: ModuleSummary): Weight {
  switch (state) {
    case 'program':
      return facts?.identity.state ?? 'unreadable';
    case 'not-elf':
      return 'no-program';
    case 'malformed':
    case 'unreadable':
      return 'unreadable';
  }
}

/** Without a finding. A module that nobody knows has one, and what has no module is no deviation. */
const STATUSES: Readonly<Record<Weight, SubjectStatus>> = {
  corrupt: 'unknown',
  'absent-although-claimed': 'unknown',
  unreadable: 'unknown',
  undetermined: 'unknown',
  'unknown-build': 'unknown',
  declared: 'ok',
  known: 'ok',
  elsewhere: 'not-checked',
  none: 'not-checked',
  'no-program': 'not-checked',
};

function textOf(weight: Weight, backend: Backend): string {
  const name = backend === 'boringcrypto' ? 'BoringCrypto' : 'Go Cryptographic Module';
  switch (weight) {
    case 'corrupt':
      return `${name}, Corrupt`;
    case 'absent-although-claimed':
      return 'No Module Although Claimed';
    case 'unreadable':
      return 'Unreadable';
    case 'undetermined':
      return 'Undetermined';
    case 'unknown-build':
      return `${name}, Self-Consistent, Unknown Build`;
    case 'declared':
      return `${name}, Declared Build`;
    case 'known':
      // its bytes differ in each program: the version is what the program says
      return backend === 'boringcrypto' ? `${name}, Known Build` : `${name}, Self-Consistent, Known By Name`;
    case 'elsewhere':
      return 'OpenSSL Of The System, Not Examined';
    case 'none':
      return 'No Module';
    case 'no-program':
      return 'No Module';
  }
}

function observedText(programs: readonly ModuleSummary[]): string | null {
  const hashes = programs.flatMap(({ facts }) => facts?.identity.hash ?? []);
  return hashes.length === 0 ? null : [...new Set(hashes)].sort().join(', ');
}
