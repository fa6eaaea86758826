import { renderStatus } from '@sealwatch/agent/status/render-status.js';
import { describe, expect, it } from 'vitest';
import { FULL_STATUS, watching } from './shown-status.js';

const line = (text: string, name: string): string | undefined =>
  text
    .split('\n')
    .find((one) => one.startsWith(name))
    ?.slice(14);

describe('the status for people', () => {
  const text = renderStatus(FULL_STATUS);

  it('says first whether the agent is well, and why not', () => {
    expect(text.split('\n').slice(0, 3)).toEqual([
      'Host          host-a (cluster 00112233445566778899aabbccddeeff, epoch 2)',
      'Health        not well (1)',
      'Problem       collector.disconnected: not connected',
    ]);
    expect(line(renderStatus({ ...FULL_STATUS, healthy: true, problems: [] }), 'Health')).toBe('well');
  });

  it('says what the agent may cost, what it cost, and why that was more', () => {
    expect(line(text, 'Budget')).toBe('10% of a core, 50 MiB a second; used since the start: 0.42% of a core');
    expect(line(text, 'Spent')).toBe(
      '850 ms of processor time, 7900 ms at rest, longest turn 6 ms; outside the budget: it would have been late; ' +
        'pressure up to cpu 31%, io 4%, memory 0% (by psi)',
    );
    expect(line(text, 'Pressure')).toBe('cpu 0%, io unknown, memory unknown (by load) now');
  });

  it('says what waits, since when, and how much may', () => {
    expect(line(text, 'Outbox')).toBe(
      '3 reports and 1 seals wait, 4096 bytes, the oldest since 2026-11-23T11:00:00.000Z (at most 1000 reports, 67108864 bytes)',
    );
  });

  it('says what is watched, and names what is not', () => {
    expect(line(text, 'Watching')).toBe('12 paths by 30 watches; mounts polled; containerd followed; 1 not watched');
    expect(text).toContain('\n              /opt/x: no room for more watches\n');
  });

  it('says what was heard, how often it was too much, and whether new processes are seen', () => {
    expect(line(text, 'Heard')).toBe('5120 events of files; 2 times too many, each answered by a full scan');
    expect(line(text, 'Processes')).toBe('8 of components; new ones are seen');
    const processes = { running: 8, blind: 'the list of processes: permission denied (EACCES)' };
    expect(line(renderStatus(watching({ processes })), 'Processes')).toBe(
      '8 of components; new ones are not seen: the list of processes: permission denied (EACCES)',
    );
  });

  it('leaves out what no running agent says', () => {
    const silent = renderStatus({ ...FULL_STATUS, running: null });
    for (const name of ['Budget', 'Spent', 'Watching', 'Heard', 'Processes', 'Next scan'])
      expect(line(silent, name)).toBeUndefined();
    expect(line(silent, 'Last scan')).toBe('none by a running agent');
  });

  it('prints nothing from elsewhere that moves the cursor', () => {
    const problems = [{ code: 'scan.failed', text: 'bad \u001b[2J name' }] as const;
    expect(renderStatus({ ...FULL_STATUS, problems })).not.toContain('\u001b');
  });
});
