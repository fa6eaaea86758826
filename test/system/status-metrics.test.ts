import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { statusMetrics } from '@sealwatch/agent/status/status-metrics.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { unpackDebianPackages } from '../fakes/debian-packages.js';
import { FULL_STATUS } from '../unit/agent-status/shown-status.js';

const UNPACKED = join(tmpdir(), 'sealwatch-prometheus');

/** The exit status and the words of Prometheus' own checker, which also knows how metrics should be named. */
function promtool(metrics: string): readonly [status: number | null, words: string] {
  const program = join(UNPACKED, 'usr', 'bin', 'promtool');
  const { status, stdout, stderr } = spawnSync(program, ['check', 'metrics'], { input: metrics, encoding: 'utf8' });
  return [status, stdout + stderr];
}

describe('the metrics of status', () => {
  beforeAll(() => unpackDebianPackages('bookworm', ['prometheus'], UNPACKED));

  it.each([
    ['with everything in its place', FULL_STATUS],
    ['of an agent that does not run', { ...FULL_STATUS, running: null }],
    ['with values that need care', { ...FULL_STATUS, agentVersion: 'a"b\\c\nd' }],
  ])('%s are right and well named, says promtool', (_, status) => {
    expect(promtool(statusMetrics(status))).toEqual([0, '']);
  });

  it('would be refused if they were wrong', () => {
    expect(
      promtool(statusMetrics(FULL_STATUS).replace('sealwatch_agent_healthy 0', 'sealwatch_agent_healthy x'))[0],
    ).toBe(1);
  });
});
