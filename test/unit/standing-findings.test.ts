import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import { type HostState, newHostState } from '@sealwatch/collector/compliance/host-state.js';
import { standingFindings } from '@sealwatch/collector/compliance/standing-findings.js';
import type { Policy } from '@sealwatch/shared/trust/policy.js';
import { describe, expect, it } from 'vitest';

const policy = {
  heartbeatIntervalMs: 30_000,
  staleAfterMs: 90_000,
  scanIntervalMs: 900_000,
  evidenceMaxAgeMs: 1_800_000,
} as Policy;
const digest = (letter: string): Digest => `sha256:${letter.repeat(64)}`;

function reporting(change: Partial<HostState> = {}): HostState {
  const evidence = {
    head: { epoch: 1, sequence: 1, digest: digest('f') },
    signedAt: Date.parse('2026-11-23T10:00:00.000Z'),
    freshAt: 0,
    measurements: [],
  } as unknown as HostState['evidence'];
  return {
    ...newHostState('a'),
    enrollment: { epoch: 1, revoked: false },
    evidence,
    heardAt: 0,
    heardAtWall: 0,
    ...change,
  };
}

const codes = (state: HostState, at: number): string[] => standingFindings(state, policy, at).map(({ code }) => code);

describe('a host is held against the clock:', () => {
  it('heard and fresh, there is nothing to say', () => {
    expect(codes(reporting(), 90_000)).toEqual([]);
  });

  it('silent for longer than three heartbeats', () => {
    expect(codes(reporting(), 90_001)).toEqual(['host.silent']);
  });

  it('a host that announced a quicker heartbeat is missed sooner', () => {
    const quick = reporting({
      announced: { heartbeatIntervalMs: 1000, scanIntervalMs: 900_000, scanIntervalSince: null },
    });
    expect(codes(quick, 3001)).toEqual(['host.silent']);
  });

  it('a host that announced a slower heartbeat gets no more than the policy allows', () => {
    const slow = reporting({
      announced: { heartbeatIntervalMs: 3_600_000, scanIntervalMs: 86_400_000, scanIntervalSince: null },
    });
    expect(codes(slow, 90_001)).toEqual(['host.silent']);
    expect(codes({ ...slow, heardAt: 1_800_001 }, 1_800_001)).toEqual(['host.evidence-stale']);
  });

  it('heartbeats do not keep old evidence alive', () => {
    expect(codes(reporting({ heardAt: 1_800_001 }), 1_800_001)).toEqual(['host.evidence-stale']);
  });

  it('an interval that was shortened counts from then, within what the policy allows', () => {
    const announced = { heartbeatIntervalMs: 30_000, scanIntervalMs: 60_000 };
    const stale = (scanIntervalSince: number | null, at: number): boolean =>
      codes(reporting({ heardAt: at, announced: { ...announced, scanIntervalSince } }), at).includes(
        'host.evidence-stale',
      );
    expect([stale(null, 120_000), stale(null, 120_001)]).toEqual([false, true]);
    expect([stale(600_000, 720_000), stale(600_000, 720_001)]).toEqual([false, true]);
    expect([stale(1_799_000, 1_800_000), stale(1_799_000, 1_800_001)]).toEqual([false, true]);
  });

  it('evidence that was never fresh is stale from the start', () => {
    const state = reporting();
    const backlog = { ...state, evidence: state.evidence && { ...state.evidence, freshAt: null } };
    expect(codes(backlog, 0)).toEqual(['host.evidence-stale']);
  });

  it('a clock more than a minute off is named', () => {
    expect(codes(reporting({ skewMs: -60_001 }), 0)).toEqual(['host.clock-skew']);
    expect(codes(reporting({ skewMs: 60_000 }), 0)).toEqual([]);
    const observed = (skewMs: number) => standingFindings(reporting({ skewMs }), policy, 0)[0]?.observed;
    expect([observed(90_000), observed(-90_000)]).toEqual(['90s behind the collector', '90s ahead of the collector']);
  });

  it('without an agent, without a report, revoked: each says so', () => {
    expect(codes(newHostState('a'), 0)).toEqual(['host.not-enrolled']);
    expect(codes(reporting({ evidence: null }), 0)).toEqual(['host.never-reported']);
    expect(codes(reporting({ enrollment: { epoch: 2, revoked: false } }), 0)).toEqual(['host.never-reported']);
    expect(codes(reporting({ enrollment: { epoch: 1, revoked: true } }), 0)).toEqual(['host.revoked']);
  });

  it('an authority that changed taints the cluster for ever, also when the first one comes back', () => {
    const authorities = [
      { aspect: 'kubernetes-ca' as const, digest: digest('a') },
      { aspect: 'etcd-ca' as const, digest: digest('c') },
      { aspect: 'kubernetes-ca' as const, digest: digest('b') },
    ];
    expect(codes(reporting({ authorities }), 0)).toEqual(['cluster.tainted']);
    expect(codes(reporting({ authorities: authorities.slice(0, 2) }), 0)).toEqual([]);
  });

  it('an authority that is not there any more leaves open what could be seen on it', () => {
    const authorities = [{ aspect: 'kubernetes-ca' as const, digest: digest('a') }];
    const state = reporting({ authorities });
    const measurement = { subject: { kind: 'host', aspect: 'kubernetes-ca' }, observed: { state: 'absent' } } as const;
    const hidden = { ...state, evidence: state.evidence && { ...state.evidence, measurements: [measurement] } };
    expect(codes(hidden, 0)).toEqual(['cluster.taint-unknown']);
    expect(codes({ ...hidden, authorities: [] }, 0)).toEqual([]);
  });
});
