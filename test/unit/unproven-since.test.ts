import { newHostState, type HostState } from '@sealwatch/collector/compliance/host-state.js';
import { unprovenSince } from '@sealwatch/collector/compliance/unproven-since.js';
import { timestamp, wallTime } from '@sealwatch/shared/runtime/timestamp.js';
import type { Report } from '@sealwatch/shared/statement/report.js';
import { describe, expect, it } from 'vitest';
import { policy } from '../fakes/appraisal-world.js';
import { plainDigest } from '../fakes/check-results.js';

const MINUTE = 60_000;
const NOON = wallTime('2026-11-23T12:00:00.000Z');

const at = (minutes: number): string => timestamp(NOON + minutes * MINUTE);

/** A host that reported at noon. @param sealed minutes for which a seal says it held */
function reported(changes: { sealed?: number; carried?: number; announcedMs?: number } = {}): HostState {
  const { sealed = 0, carried, announcedMs = 15 * MINUTE } = changes;
  const report = { at: at(0), ...(carried === undefined ? {} : { carriedFrom: at(carried) }) } as Report;
  return {
    ...newHostState('host-a'),
    announced: { heartbeatIntervalMs: 1000, scanIntervalMs: announcedMs, scanIntervalSince: null },
    evidence: {
      head: { epoch: 1, sequence: 1, digest: plainDigest('a') },
      report,
      measurements: [],
      reportFindings: [],
      signedAt: NOON + sealed * MINUTE,
      freshAt: null,
    },
  };
}

const next = (minutes: number, carriedFrom?: number) => ({
  at: at(minutes),
  ...(carriedFrom === undefined ? {} : { carriedFrom: at(carriedFrom) }),
});

describe('the time before a report is', () => {
  it('proven if no more than two scan intervals passed', () => {
    expect(unprovenSince(reported(), next(30), policy())).toBeNull();
    expect(unprovenSince(reported(), next(31), policy())).toBe(at(0));
  });

  it('proven as far as the last seal reaches', () => {
    expect(unprovenSince(reported({ sealed: 600 }), next(630), policy())).toBeNull();
    expect(unprovenSince(reported({ sealed: 600 }), next(631), policy())).toBe(at(600));
  });

  it('measured by what the agent announced, and never by more than the policy allows', () => {
    expect(unprovenSince(reported({ announcedMs: 1000 }), next(1), policy())).toBe(at(0));
    expect(unprovenSince(reported({ announcedMs: 600 * MINUTE }), next(31), policy())).toBe(at(0));
  });

  it('judged by looks at the whole host: what a part of it was found to be proves nothing of the rest', () => {
    expect(unprovenSince(reported(), next(40, 5), policy())).toBeNull();
    expect(unprovenSince(reported({ carried: -20 }), next(11), policy())).toBe(at(-20));
  });

  it('nobody’s before the first report, and none for a clock that was set back', () => {
    expect(unprovenSince(newHostState('host-a'), next(900), policy())).toBeNull();
    expect(unprovenSince(reported(), next(-900), policy())).toBeNull();
  });
});
