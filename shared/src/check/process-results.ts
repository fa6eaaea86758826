import { processComponents, signedPrograms } from '../appraisal/appraise-processes.js';
import type { VerifiedManifest } from '../manifest/open-manifest.js';
import type { ProcessMeasurement, SeenProcess } from '../measurement/process-measurement.js';
import { subjectId } from '../subject/subject.js';
import type { SubjectResult } from './check-result.js';
import { type HostEvidence, statusOf } from './group-findings.js';

/** One line per component that runs, or of whose processes something was found. What does not run has none. */
export function* processResults(
  { context, measurements, findings }: HostEvidence,
  valid: readonly VerifiedManifest[],
): Iterable<[string, SubjectResult]> {
  if (!context.release.policy.require.includes('process')) return;
  for (const component of processComponents(valid)) {
    const id = subjectId({ kind: 'process', component });
    const found = findings.get(id) ?? [];
    const measurement = measurements.find(
      (candidate): candidate is ProcessMeasurement => subjectId(candidate.subject) === id,
    );
    const processes = measurement?.observed.processes ?? [];
    if (processes.length === 0 && found.length === 0) continue;
    const signed = signedPrograms(component, valid);
    const good = processes.length > 0 && processes.every((seen) => isValidated(seen, signed));
    const statement = measurement === undefined ? 'Not Measured' : statementOf(processes, good);
    yield [
      component,
      {
        id,
        kind: 'process',
        label: `${component} [process]`,
        statement,
        status: statusOf(found, good ? 'ok' : 'unknown'),
        observed: observedText(processes),
        findings: found,
      },
    ];
  }
}

function statementOf(processes: readonly SeenProcess[], good: boolean): string {
  if (processes.length === 0) return 'Not Seen';
  return good ? 'Signature Validated In Memory' : 'Signature Not Validated In Memory';
}

/** A signed program whose code in memory is its file's; nothing else is called so, whatever findings there are or not. */
function isValidated(seen: SeenProcess, signed: ReadonlySet<string>): boolean {
  if (seen.state !== 'running') return false;
  const { executable, files } = seen.facts;
  const program = files.find(({ role }) => role === 'executable');
  return executable.digest.state === 'known' && signed.has(executable.digest.value) && program?.text.state === 'equal';
}

function observedText(processes: readonly SeenProcess[]): string | null {
  const digests = processes.flatMap((seen) =>
    seen.state === 'running' && seen.facts.executable.digest.state === 'known'
      ? [seen.facts.executable.digest.value]
      : [],
  );
  return digests.length === 0 ? null : [...new Set(digests)].sort().join(', ');
}
