import type { JudgedFinding } from '../appraisal/evaluate.js';
import { printable } from '../runtime/printable.js';
import type { SubjectResult, SubjectStatus } from './check-result.js';
import { statusOf } from './group-findings.js';
import { fipsText, systemText } from './platform-result.js';
import type { PlatformSummary } from './platform-summary.js';
import { renderFindings } from './render-findings.js';
import { renderSubjectLine } from './render-subject-line.js';

/** One host's system, its FIPS mode with those who vouch for it, and its settings, each with its findings under it. */
export function renderPlatform(
  { status, findings }: Pick<SubjectResult, 'status' | 'findings'>,
  platform: PlatformSummary,
  color: boolean,
): string[] {
  const of = (part: Part): JudgedFinding[] => findings.filter(({ code }) => partOf(code) === part);
  // what the appraisal did not look at has no mark, whatever it is
  const marked = (part: Part, good: boolean): SubjectStatus =>
    status === 'not-checked' ? status : statusOf(of(part), good ? 'ok' : 'unknown');
  const { system, fips } = platform;
  const isEnabled = fips.state === 'enabled';
  return [
    renderSubjectLine(systemText(platform), '', marked('system', system?.support === 'supported'), color),
    ...renderFindings(of('system')),
    renderSubjectLine(fipsText(platform), '', marked('fips', isEnabled), color),
    ...fips.witnesses.map(({ name, observed }) => `    ${printable(name)}: ${printable(observed)}`),
    ...renderFindings(of('fips')),
    // of a system that is not known nobody looks at more
    ...(of('settings').length > 0 || (isEnabled && (system?.generation ?? null) !== null)
      ? [renderSubjectLine(settingsText(platform), '', marked('settings', isEnabled), color)]
      : []),
    ...renderFindings(of('settings')),
  ];
}

type Part = 'system' | 'fips' | 'settings';

function partOf(code: string): Part {
  switch (code) {
    case 'host.unsupported-os':
    case 'host.recognised-os':
    case 'host.os-unreadable':
    case 'host.vendor-without-validation':
      return 'system';
    case 'host.fips-disabled':
    case 'host.fips-inconsistent':
    case 'host.fips-unreadable':
    case 'host.facts-covered':
    case 'host.mounts-unreadable':
      return 'fips';
    default:
      return 'settings';
  }
}

function settingsText({ hmacs: { checked, matching } }: PlatformSummary): string {
  return `FIPS settings, ${String(matching)} of ${String(checked)} HMACs match`;
}
