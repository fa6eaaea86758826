import { statusMetrics } from '@sealwatch/agent/status/status-metrics.js';
import { describe, expect, it } from 'vitest';
import { FULL_STATUS, watching } from './shown-status.js';

const samples = (text: string): string[] => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

describe('the status as metrics', () => {
  const text = statusMetrics(FULL_STATUS);

  it('has a sample for what an alert asks', () => {
    expect(samples(text)).toEqual(
      expect.arrayContaining([
        'sealwatch_agent_healthy 0',
        'sealwatch_agent_problems{code="collector.disconnected"} 1',
        'sealwatch_agent_connected 0',
        'sealwatch_agent_last_scan_timestamp_seconds 1795434900',
        'sealwatch_agent_last_scan_good 1',
        'sealwatch_agent_last_scan_cpu_seconds 0.85',
        'sealwatch_agent_outbox_oldest_timestamp_seconds 1795431600',
        'sealwatch_agent_certificate_not_after_timestamp_seconds{purpose="tls"} 1795996800',
        'sealwatch_agent_budget_cpu_ratio 0.1',
        'sealwatch_agent_watch_overflows_total 2',
        'sealwatch_agent_component_processes 8',
        'sealwatch_agent_processes_blind 0',
      ]),
    );
  });

  it('gives each metric one HELP, one TYPE and no sample twice', () => {
    const helps = text.match(/^# HELP \S+/gm) ?? [];
    expect(new Set(helps).size).toBe(helps.length);
    const types = text.match(/^# TYPE \S+ (gauge|counter)$/gm) ?? [];
    expect(types).toHaveLength(helps.length);
    for (const type of types) expect(type.endsWith(' counter')).toBe(type.includes('_total '));
    const names = samples(text).map((line) => line.replace(/ .*/, ''));
    expect(new Set(names).size).toBe(names.length);
    for (const line of samples(text)) expect(line).toMatch(/^[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [\d.]+$/);
  });

  it('leaves out what is not known, and counts problems of one code together', () => {
    const problem = { code: 'file.unreadable', text: '' } as const;
    const silent = statusMetrics({ ...FULL_STATUS, running: null, problems: [problem, problem] });
    expect(silent).not.toMatch(/last_scan|budget|_watch|processes/);
    expect(samples(silent)).toContain('sealwatch_agent_running 0');
    expect(samples(silent)).toContain('sealwatch_agent_problems{code="file.unreadable"} 2');
    expect(statusMetrics({ ...FULL_STATUS, problems: [] })).not.toContain('sealwatch_agent_problems');
  });

  it('says 1 where new processes are not seen', () => {
    const blind = statusMetrics(watching({ processes: { running: 0, blind: 'why' } }));
    expect(samples(blind)).toContain('sealwatch_agent_processes_blind 1');
  });

  it('keeps a label a label, whatever its value is', () => {
    const enrollment = { ...FULL_STATUS.enrollment, host: 'a"b\\c\nd' };
    expect(statusMetrics({ ...FULL_STATUS, enrollment })).toContain('host="a\\"b\\\\c\\nd"');
  });
});
