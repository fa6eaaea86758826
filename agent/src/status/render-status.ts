import { printable } from '@sealwatch/shared/runtime/printable.js';
import type { HostPressure } from '@sealwatch/shared/statement/scan-spending.js';
import type { CycleSummary } from '../cycle/cycle.js';
import type { AgentStatus } from './agent-status.js';
import type { Watching } from './watching.js';

type Line = readonly [name: string, text: string];

/** For people; the order is the order one asks in when something is wrong. */
export function renderStatus(status: AgentStatus): string {
  const { enrollment, head, rejected, certificates, running, problems, healthy } = status;
  const cycle = running?.lastCycle ?? null;
  const lines: Line[] = [
    ['Host', `${enrollment.host} (cluster ${enrollment.clusterId}, epoch ${String(enrollment.epoch)})`],
    ['Health', healthy ? 'well' : `not well (${String(problems.length)})`],
    ...problems.map(({ code, text }): Line => ['Problem', `${code}: ${text}`]),
    ['Collector', `${enrollment.address}, renewing at ${enrollment.enrollAddress}`],
    ['Agent', running === null ? 'not running' : `running, process ${String(running.pid)}, since ${running.startedAt}`],
    ['Connected', running === null ? 'no' : `${running.connected ? 'yes' : 'no'}, as of ${running.at}`],
    ['Release', status.releaseVersion === 0 ? 'none yet' : String(status.releaseVersion)],
    ['Head', head === null ? 'no report yet' : `report ${String(head.sequence)}, ${head.digest}`],
    ['Outbox', outboxText(status.outbox)],
    ['Rejected', String(rejected.length)],
    ...rejected.map(({ kind, sequence, code, message, at }): Line => [
      '',
      `${at} ${kind} ${String(sequence)}: ${code}, ${message}`,
    ]),
    ...certificates.map(({ purpose, notAfter, expired }): Line => [
      `${purpose === 'tls' ? 'TLS' : 'Signing'} cert`,
      `${expired ? 'EXPIRED' : 'valid until'} ${notAfter}`,
    ]),
    ['Last scan', cycle === null ? 'none by a running agent' : cycleText(cycle)],
    ...(running === null ? [] : ([['Next scan', running.nextScanAt]] as const)),
    ...budgetLines(status),
    ...watchingLines(running?.watching),
  ];
  return lines.map(([name, text]) => `${name.padEnd(14)}${printable(text)}\n`).join('');
}

function outboxText({ reports, seals, bytes, maxEntries, maxBytes, oldestAt }: AgentStatus['outbox']): string {
  const waiting = `${String(reports)} reports and ${String(seals)} seals wait, ${String(bytes)} bytes`;
  const since = oldestAt === null ? '' : `, the oldest since ${oldestAt}`;
  return `${waiting}${since} (at most ${String(maxEntries)} reports, ${String(maxBytes)} bytes)`;
}

function cycleText({ at, outcome, findings, accounting, error }: CycleSummary): string {
  if (outcome === 'failed') return `${at} failed: ${error}`;
  const cost =
    accounting === null
      ? ''
      : `, ${String(accounting.cycleMs)} ms, ${String(accounting.bytesRead)} bytes read, ${String(accounting.connections)} connections to TLS services, ${String(accounting.rssBytes)} bytes of memory`;
  return `${at} ${outcome}, ${String(findings)} findings${cost}`;
}

const WHY_OUTSIDE = {
  urgent: 'outside the budget: somebody waited for it',
  first: 'outside the budget: the first since the start',
  deadline: 'outside the budget: it would have been late',
} as const;

function budgetLines({ running, pressure }: AgentStatus): Line[] {
  const lines: Line[] = [];
  if (running?.budget !== undefined) {
    const { cpuShare, bytesPerSecond, cpuShareSoFar } = running.budget;
    lines.push([
      'Budget',
      `${percent(cpuShare)} of a core, ${mebibytes(bytesPerSecond)} MiB a second; used since the start: ${percent(cpuShareSoFar)} of a core`,
    ]);
  }
  const spent = running?.lastCycle?.accounting?.scan;
  if (spent !== undefined) {
    const held = spent.outsideBudget === null ? 'within the budget' : WHY_OUTSIDE[spent.outsideBudget];
    const seen = spent.pressure === null ? '' : `; pressure up to ${pressureText(spent.pressure)}`;
    lines.push([
      'Spent',
      `${String(spent.cpuMs)} ms of processor time, ${String(spent.pausedMs)} ms at rest, longest turn ${String(spent.worstTurnMs)} ms; ${held}${seen}`,
    ]);
  }
  lines.push(['Pressure', `${pressureText(pressure)} now`]);
  return lines;
}

function pressureText({ source, cpu, io, memory }: HostPressure): string {
  if (source === 'unknown') return 'unknown';
  const parts = Object.entries({ cpu, io, memory }).map(
    ([name, value]) => `${name} ${value === null ? 'unknown' : `${String(value)}%`}`,
  );
  return `${parts.join(', ')} (by ${source})`;
}

function watchingLines(watching: Watching | undefined): Line[] {
  if (watching === undefined) return [];
  const { paths, watches, unwatched, events, overflows, processes, mounts, containerd } = watching;
  const { running, blind } = processes;
  return [
    [
      'Watching',
      `${String(paths)} paths by ${String(watches)} watches; mounts ${mounts}; containerd ${containerd}; ${String(unwatched.length)} not watched`,
    ],
    ...unwatched.map(({ path, reason }): Line => ['', `${path}: ${reason}`]),
    ['Heard', `${String(events)} events of files; ${String(overflows)} times too many, each answered by a full scan`],
    [
      'Processes',
      `${String(running)} of components; new ones ${blind === null ? 'are seen' : `are not seen: ${blind}`}`,
    ],
  ];
}

function percent(share: number): string {
  return `${String(Math.round(share * 10_000) / 100)}%`;
}

function mebibytes(bytes: number): string {
  return String(Math.round((bytes / 1024 ** 2) * 100) / 100);
}
