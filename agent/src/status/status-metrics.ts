import { wallTime } from '@sealwatch/shared/runtime/timestamp.js';
import type { AgentStatus } from './agent-status.js';

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/**
 * The status in the text format of Prometheus, version 0.0.4, for node_exporter's textfile collector. Times are in
 * seconds since the epoch; what is not known is left out.
 */
export function statusMetrics(status: AgentStatus): string {
  const { healthy, problems, outbox, certificates, running, rejected, releaseVersion, head } = status;
  const cycle = running?.lastCycle ?? undefined;
  const accounting = cycle?.accounting ?? undefined;
  const spent = accounting?.scan;
  const watching = running?.watching;
  const { host, clusterId } = status.enrollment;
  return [
    metric('info', 'The enrolled host.', [[{ host, cluster: clusterId, version: status.agentVersion }, 1]]),
    metric('healthy', 'Whether there is no problem.', one(Number(healthy))),
    metric(
      'problems',
      'Problems by code.',
      [...count(problems.map(({ code }) => code))].map(([code, times]) => [{ code }, times]),
    ),
    metric('running', 'Whether the agent runs.', one(Number(running !== null))),
    metric('connected', 'Whether it is connected to the collector.', one(Number(running?.connected === true))),
    metric('release_version', 'The release in force, 0 for none.', one(releaseVersion)),
    metric('report_sequence', 'The newest report, 0 for none.', one(head?.sequence ?? 0)),
    metric('outbox_reports', 'Reports that wait.', one(outbox.reports)),
    metric('outbox_seals', 'Seals that wait.', one(outbox.seals)),
    metric('outbox_bytes', 'What waits, as files.', one(outbox.bytes)),
    metric('outbox_max_reports', 'Reports that may wait.', one(outbox.maxEntries)),
    metric('outbox_max_bytes', 'What may wait, as files.', one(outbox.maxBytes)),
    metric('outbox_oldest_timestamp_seconds', 'Since when something waits.', time(outbox.oldestAt)),
    metric('rejected_statements', 'The newest that the collector refused, ten at most.', one(rejected.length)),
    metric(
      'certificate_not_after_timestamp_seconds',
      'When a certificate expires.',
      certificates.map(({ purpose, notAfter }) => [{ purpose }, wallTime(notAfter) / 1000]),
    ),
    metric('start_timestamp_seconds', 'When the agent was started.', time(running?.startedAt)),
    metric('last_scan_timestamp_seconds', 'When the last scan ended.', time(cycle?.at)),
    metric('last_scan_good', 'Whether it was signed.', good(cycle?.outcome)),
    metric('last_scan_findings', 'What it found wrong on the host.', one(cycle?.findings)),
    metric('last_scan_seconds', 'How long it took.', seconds(accounting?.cycleMs)),
    metric('last_scan_read_bytes', 'What it read.', one(accounting?.bytesRead)),
    metric('last_scan_cpu_seconds', 'Processor time while it lasted.', seconds(spent?.cpuMs)),
    metric('last_scan_paused_seconds', 'Its rests.', seconds(spent?.pausedMs)),
    metric('last_scan_worst_turn_seconds', 'Its longest hold of the loop.', seconds(spent?.worstTurnMs)),
    metric('last_scan_rss_bytes', 'Resident memory at its end.', one(accounting?.rssBytes)),
    metric('budget_cpu_ratio', 'The share of a core for background scans.', one(running?.budget?.cpuShare)),
    metric('budget_read_bytes_per_second', 'Its rate of reading.', one(running?.budget?.bytesPerSecond)),
    metric('cpu_ratio', 'The share of a core used since the start.', one(running?.budget?.cpuShareSoFar)),
    metric('watched_paths', 'Paths that are watched.', one(watching?.paths)),
    metric('unwatched_paths', 'Paths that could not be.', one(watching?.unwatched.length)),
    metric('watch_events_total', 'Events of files since the start.', one(watching?.events), 'counter'),
    metric('watch_overflows_total', 'How often there were too many at once.', one(watching?.overflows), 'counter'),
    metric('component_processes', 'Processes of components.', one(watching?.processes.running)),
    metric(
      'processes_blind',
      'Whether new processes are not seen.',
      yes(watching && watching.processes.blind !== null),
    ),
  ].join('');
}

function metric(name: string, help: string, samples: readonly Sample[], type: 'counter' | 'gauge' = 'gauge'): string {
  if (samples.length === 0) return '';
  const full = `sealwatch_agent_${name}`;
  const lines = samples.map(([labels, value]) => `${full}${labelText(labels)} ${String(value)}\n`);
  return `# HELP ${full} ${help}\n# TYPE ${full} ${type}\n${lines.join('')}`;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

function escaped(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}

function one(value: number | null | undefined): Sample[] {
  return value === null || value === undefined ? [] : [[{}, value]];
}

function time(at: string | null | undefined): Sample[] {
  return at === null || at === undefined ? [] : one(wallTime(at) / 1000);
}

function seconds(milliseconds: number | undefined): Sample[] {
  return milliseconds === undefined ? [] : one(milliseconds / 1000);
}

function yes(is: boolean | undefined): Sample[] {
  return is === undefined ? [] : one(Number(is));
}

function good(outcome: string | undefined): Sample[] {
  return yes(outcome === undefined ? undefined : !['failed', 'deferred', 'unsealed'].includes(outcome));
}

function count(codes: readonly string[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const code of codes) times.set(code, (times.get(code) ?? 0) + 1);
  return times;
}
