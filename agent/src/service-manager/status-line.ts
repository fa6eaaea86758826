import { printable } from '@sealwatch/shared/runtime/printable.js';
import type { CycleSummary } from '../cycle/cycle.js';

export interface ServiceState {
  readonly host: string;
  readonly connected: boolean;
  /** Statements that the collector has not acknowledged. */
  readonly waiting: number;
  readonly lastCycle: CycleSummary | null;
}

/** What `systemctl status` shows. No times: the line is sent anew only when it says something else. */
export function statusLine({ host, connected, waiting, lastCycle }: ServiceState): string {
  const connection = connected ? 'connected to the collector' : 'not connected to the collector';
  const backlog = waiting === 0 ? '' : `, ${String(waiting)} statements wait`;
  return printable(`${host}: ${connection}${backlog}; ${cycleText(lastCycle)}`);
}

function cycleText(cycle: CycleSummary | null): string {
  if (cycle === null) return 'no scan yet';
  const { outcome, findings, error } = cycle;
  if (outcome === 'failed') return `last scan failed: ${error}`;
  return `last scan ${outcome}, findings: ${String(findings)}`;
}
