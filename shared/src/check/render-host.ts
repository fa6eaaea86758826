import { printable } from '../runtime/printable.js';
import type { EvidenceKind } from '../subject/component.js';
import type { HostResult, SubjectResult } from './check-result.js';
import { hostWindowNote } from './render-change-window.js';
import { renderFindings, renderOwnLines } from './render-findings.js';
import { renderPlatform } from './render-platform.js';
import { renderService } from './render-service.js';
import { renderSubjectLine } from './render-subject-line.js';

/** The `=` after a host's name reach to this column. */
const HEADING_COLUMNS = 84;

/** One host: its heading, what is wrong with the host itself, its components, its services, its platform. */
export function renderHost(host: HostResult, options: { color: boolean; cached: boolean }): string[] {
  const { color, cached } = options;
  const of = (...kinds: EvidenceKind[]): SubjectResult[] => host.subjects.filter(({ kind }) => kinds.includes(kind));
  const lines = [hostHeading(host.name), ''];
  const notes = [...evidenceNote(host, cached), ...foldedNote(host), ...hostWindowNote(host)];
  lines.push(...block([...notes, ...renderOwnLines(host.findings, color)]));
  lines.push(...block(renderSubjects(of('file', 'image', 'process', 'module'), color)));
  for (const service of of('service')) lines.push(...block(renderService(service, color)));
  lines.push(...block(renderSubjects(of('host'), color), 'Platform:'));
  return lines;
}

export function hostHeading(name: string): string {
  const text = `Host: ${printable(name)} `;
  return text + '='.repeat(Math.max(HEADING_COLUMNS - Array.from(text).length, 3));
}

/** Evidence that does not answer this very check says how old it is. */
function evidenceNote({ answered, evidenceAt }: HostResult, cached: boolean): string[] {
  if (answered && !cached) return [];
  if (evidenceAt === null) return ['No signed evidence of this host exists'];
  return [`Last signed evidence: ${printable(evidenceAt)}`];
}

/** The host had no room for a report of each change: what was between is not known. */
function foldedNote({ folded }: HostResult): string[] {
  if (folded === undefined) return [];
  const { changes, since } = folded;
  const what = changes === 1 ? '1 change' : `${String(changes)} changes`;
  return [`The newest report sums up ${what} since ${printable(since)}: the outbox of the host was full`];
}

function renderSubjects(subjects: readonly SubjectResult[], color: boolean): string[] {
  return subjects.flatMap(({ label, statement, status, findings, platform, notes = [] }) => [
    ...(platform === undefined
      ? [renderSubjectLine(label, statement, status, color), ...renderFindings(findings)]
      : renderPlatform({ status, findings }, platform, color)),
    ...notes.map((note) => `    note:     ${printable(note)}`),
  ]);
}

/** Lines and an empty one after them; nothing at all if there are no lines. */
function block(lines: readonly string[], title?: string): string[] {
  if (lines.length === 0) return [];
  return [...(title === undefined ? [] : [title]), ...lines, ''];
}
