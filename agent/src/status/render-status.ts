import { printable } from '@sealwatch/shared/runtime/printable.js';
import type { AgentStatus } from './agent-status.js';

/** For people; the order is the order one asks in when something is wrong. */
export function renderStatus(status: AgentStatus): string {
  const { enrollment, head, outbox, rejected, certificates, running, problems } = status;
  const cycle = running?.lastCycle;
  const lines: [string, string][] = [
    ['Host', `${enrollment.host} (cluster ${enrollment.clusterId}, epoch ${String(enrollment.epoch)})`],
    ['Collector', `${enrollment.address}, renewing at ${enrollment.enrollAddress}`],
    ['Agent', running === null ? 'not running' : `running, process ${String(running.pid)}, since ${running.startedAt}`],
    ['Connected', running === null ? 'no' : `${running.connected ? 'yes' : 'no'}, as of ${running.at}`],
    ['Release', status.releaseVersion === 0 ? 'none yet' : String(status.releaseVersion)],
    ['Head', head === null ? 'no report yet' : `report ${String(head.sequence)}, ${head.digest}`],
    [
      'Outbox',
      `${String(outbox.reports)} reports and ${String(outbox.seals)} seals wait, ${String(outbox.bytes)} bytes`,
    ],
    ['Rejected', String(rejected.length)],
    ...rejected.map(({ kind, sequence, code, message, at }): [string, string] => [
      '',
      `${at} ${kind} ${String(sequence)}: ${code}, ${message}`,
    ]),
    ...certificates.map(({ purpose, notAfter, expired }): [string, string] => [
      `${purpose === 'tls' ? 'TLS' : 'Signing'} cert`,
      `${expired ? 'EXPIRED' : 'valid until'} ${notAfter}`,
    ]),
    ['Last scan', cycle === null || cycle === undefined ? 'none by a running agent' : cycleText(cycle)],
    ...problems.map((problem): [string, string] => ['Problem', problem]),
  ];
  return lines.map(([name, text]) => `${name.padEnd(14)}${printable(text)}\n`).join('');
}

function cycleText(cycle: NonNullable<NonNullable<AgentStatus['running']>['lastCycle']>): string {
  const { at, outcome, findings, accounting, error } = cycle;
  if (outcome === 'failed') return `${at} failed: ${error}`;
  const cost =
    accounting === null
      ? ''
      : `, ${String(accounting.cycleMs)} ms, ${String(accounting.bytesRead)} bytes read, ${String(accounting.connections)} connections to TLS services, ${String(accounting.rssBytes)} bytes of memory`;
  return `${at} ${outcome}, ${String(findings)} findings${cost}`;
}
