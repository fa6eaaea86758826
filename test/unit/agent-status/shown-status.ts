import type { AgentStatus } from '@sealwatch/agent/status/agent-status.js';
import type { Watching } from '@sealwatch/agent/status/watching.js';
import { sha256 } from '@sealwatch/shared/hashing/digest.js';

/** A status with something in every place. */
export const FULL_STATUS: AgentStatus = {
  schema: 'sealwatch/agent-status/v1',
  agentVersion: '0.1.0',
  healthy: false,
  problems: [{ code: 'collector.disconnected', text: 'not connected' }],
  enrollment: {
    schema: 'sealwatch/agent-enrollment/v1',
    host: 'host-a',
    clusterId: '00112233445566778899aabbccddeeff',
    epoch: 2,
    address: '10.0.0.5:7443',
    enrollAddress: '10.0.0.5:7444',
    previousHead: null,
    enrolledAt: '2026-11-01T00:00:00.000Z',
  },
  releaseVersion: 4,
  head: { epoch: 2, sequence: 17, digest: sha256(Buffer.of(1)) },
  outbox: {
    reports: 3,
    seals: 1,
    bytes: 4096,
    maxEntries: 1000,
    maxBytes: 67_108_864,
    oldestAt: '2026-11-23T11:00:00.000Z',
  },
  rejected: [],
  certificates: [{ purpose: 'tls', serial: '01', notAfter: '2026-11-30T00:00:00.000Z', expired: false }],
  running: {
    at: '2026-11-23T12:00:00.000Z',
    pid: 4711,
    startedAt: '2026-11-23T10:00:00.000Z',
    connected: false,
    nextScanAt: '2026-11-23T12:10:00.000Z',
    scanIntervalMs: 900_000,
    lastCycle: {
      at: '2026-11-23T11:55:00.000Z',
      outcome: 'reported',
      findings: 2,
      accounting: {
        cycleMs: 9000,
        cpuMs: 4000,
        rssBytes: 60_000_000,
        bytesRead: 200_000_000,
        connections: 5,
        scan: {
          cpuMs: 850,
          pausedMs: 7900,
          outsideBudget: 'deadline',
          worstTurnMs: 6,
          pressure: { source: 'psi', cpu: 31, io: 4, memory: 0 },
        },
      },
      error: '',
    },
    budget: { cpuShare: 0.1, bytesPerSecond: 52_428_800, cpuShareSoFar: 0.0042 },
    watching: {
      paths: 12,
      watches: 30,
      unwatched: [{ path: '/opt/x', reason: 'no room for more watches' }],
      events: 5120,
      overflows: 2,
      processes: { running: 8, blind: null },
      mounts: 'polled',
      containerd: 'followed',
    },
  },
  pressure: { source: 'load', cpu: 0, io: null, memory: null },
};

/** The same, with something else watched. */
export function watching(changes: Partial<Watching>): AgentStatus {
  const { running } = FULL_STATUS;
  if (running?.watching === undefined) throw new Error('nothing is watched');
  return { ...FULL_STATUS, running: { ...running, watching: { ...running.watching, ...changes } } };
}
