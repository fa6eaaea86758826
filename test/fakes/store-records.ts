import { createHash } from 'node:crypto';
import { type Envelope, PAYLOAD_TYPES } from '@sealwatch/shared/envelope/envelope.js';
import { type Digest, sha256 } from '@sealwatch/shared/hashing/digest.js';
import type { Measurement } from '@sealwatch/shared/measurement/measurement.js';
import { encodeMeasurement } from '@sealwatch/shared/measurement/measurement-body.js';
import { timestamp, type Timestamp, wallTime } from '@sealwatch/shared/runtime/timestamp.js';
import type { Head, Report } from '@sealwatch/shared/statement/report.js';
import type { Seal } from '@sealwatch/shared/statement/seal.js';
import { subjectId } from '@sealwatch/shared/subject/subject.js';
import type { NewCertificate } from '@sealwatch/collector/store/enrollment-store.js';
import type { ReportRecord, SealRecord } from '@sealwatch/collector/store/report-store.js';

/** Records as they reach the store: real statements in envelopes. The signatures are filler: no store looks at them. */
const CLUSTER_ID = 'c0ffee'.padEnd(32, '0');
const T0 = wallTime('2026-11-23T10:00:00.000Z');

/** `minutes` after the tests' beginning of time. */
export function moment(minutes: number): Timestamp {
  return timestamp(T0 + Math.round(minutes * 60_000));
}

/** The same bytes for the same words. */
export function filler(words: string, bytes: number): Buffer {
  const parts: Buffer[] = [];
  for (let n = 0; n * 32 < bytes; n++) {
    parts.push(
      createHash('sha256')
        .update(`${words} ${String(n)}`)
        .digest(),
    );
  }
  return Buffer.concat(parts).subarray(0, bytes);
}

export function anyEnvelope(payloadType: string, payload: Buffer | string): Envelope {
  const bytes = Buffer.from(payload);
  const keyid = filler(`key of ${payloadType}`, 32).toString('hex');
  return { payloadType, payload: bytes, signatures: [{ keyid, sig: filler(sha256(bytes), 71) }] };
}

export interface ReportWish extends Partial<Omit<ReportRecord, 'head' | 'envelope'>> {
  readonly epoch?: number;
  readonly sequence?: number;
  readonly previous?: Digest | null;
  /** Anything that makes the statement another one. */
  readonly twist?: string;
  /** Instead of a kubelet. */
  readonly measurements?: readonly Measurement[];
  readonly folded?: Report['folded'];
}

export function reportRecord(wish: ReportWish = {}): ReportRecord {
  const { epoch = 1, sequence = 1, previous = null, twist = '', folded = null, measurements, ...given } = wish;
  const host = given.host ?? 'node-1';
  const signedAt = given.signedAt ?? moment(sequence);
  const measured = measurements ?? [kubelet(twist)];
  const bodies = measured.map(encodeMeasurement);
  const report: Report = {
    schema: 'sealwatch/report/v1',
    clusterId: CLUSTER_ID,
    host,
    epoch,
    sequence,
    previous,
    inception: sha256(Buffer.from('inception')),
    release: { version: 1, digest: sha256(Buffer.from('release')) },
    ruleset: 1,
    reason: 'change',
    nonce: null,
    bootId: '5b8d0c1e-8a53-4f0b-9a9e-1f6f0c7e2b11',
    instance: filler(`${host} ${twist}`, 16).toString('hex'),
    agentVersion: '0.1.0',
    hostRoot: '/proc/1/root',
    at: signedAt,
    monotonicMs: 1_000_000 + sequence,
    subjects: measured.map(({ subject }, i) => ({ id: subjectId(subject), measurement: bodies[i]!.digest })),
    findings: [],
    notMeasured: ['image', 'process', 'module', 'service'],
    folded,
    accounting: { cycleMs: 120, cpuMs: 4000, rssBytes: 50_000_000, bytesRead: 120_000_000, connections: 2 },
  };
  const envelope = anyEnvelope(PAYLOAD_TYPES.report, JSON.stringify(report));
  return {
    host,
    head: { epoch, sequence, digest: sha256(envelope.payload) },
    envelope,
    signedAt,
    receivedAt: moment(sequence + 0.01),
    verdict: 'compliant',
    findings: [],
    bodies,
    authorities: [],
    gapFrom: null,
    unprovenSince: null,
    isFolded: folded !== null,
    ...given,
  };
}

function kubelet(twist: string): Measurement {
  return {
    subject: { kind: 'file', component: 'kubelet', path: '/usr/bin/kubelet' },
    observed: {
      state: 'present',
      realPath: '/usr/bin/kubelet',
      size: '120000000',
      digest: sha256(Buffer.from(`kubelet ${twist}`)),
      mode: '0755',
      uid: 0,
      gid: 0,
    },
  };
}

/** Reports 1 to `length` of one host, each naming the one before. */
export function reportChain(host: string, length: number, wish: ReportWish = {}): ReportRecord[] {
  const chain: ReportRecord[] = [];
  for (let sequence = 1; sequence <= length; sequence++) {
    chain.push(reportRecord({ ...wish, host, sequence, previous: chain.at(-1)?.head.digest ?? wish.previous ?? null }));
  }
  return chain;
}

/** A seal of that report from its signing until `until`. */
export function sealRecord(report: Pick<ReportRecord, 'host' | 'head' | 'signedAt'>, until: Timestamp): SealRecord {
  const { host, head, signedAt } = report;
  const seal: Seal = {
    schema: 'sealwatch/seal/v1',
    clusterId: CLUSTER_ID,
    host,
    epoch: head.epoch,
    sequence: head.sequence,
    reportDigest: head.digest,
    since: signedAt,
    until,
    observations: 4,
    longestGapMs: 900_000,
    deepestCheckAt: signedAt,
    nonce: null,
    bootId: '5b8d0c1e-8a53-4f0b-9a9e-1f6f0c7e2b11',
    instance: filler(host, 16).toString('hex'),
  };
  const envelope = anyEnvelope(PAYLOAD_TYPES.seal, JSON.stringify(seal));
  const digest = sha256(envelope.payload);
  return { host, head, digest, envelope, since: signedAt, until, receivedAt: timestamp(wallTime(until) + 500) };
}

export function newCertificate(name: string, purpose: NewCertificate['purpose'], serial: string): NewCertificate {
  return {
    serial,
    purpose,
    name,
    keyid: filler(`${purpose} ${name} ${serial}`, 32).toString('hex'),
    notBefore: moment(0),
    notAfter: moment(60 * 24 * 7),
    der: filler(`certificate ${serial}`, 500),
  };
}

export const FORKED: Head = { epoch: 1, sequence: 1, digest: sha256(Buffer.from('another history')) };
