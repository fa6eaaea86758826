import { boundedObservation } from '@sealwatch/shared/probe/bounded-observation.js';
import { tlsObservationSchema } from '@sealwatch/shared/probe/tls-observation-schema.js';
import { describe, expect, it } from 'vitest';
import { served } from '../fakes/service-measurements.js';

const [certificate] = served().certificates;
if (certificate === undefined) throw new Error('no certificate');

describe('a server that says too much', () => {
  it('still gives an observation that a report can hold', () => {
    const subjectAltName = Array.from({ length: 500 }, (_, i) => `DNS:host-${String(i)}.example.com`).join(', ');
    const long = { ...certificate, subject: 'x'.repeat(10_000), subjectAltName };
    const observation = served({
      alpn: 'p'.repeat(255),
      certificates: Array.from({ length: 50 }, () => long),
      unanswered: Array.from({ length: 500 }, () => 'y'.repeat(5000)),
    });
    expect(tlsObservationSchema.safeParse(observation).success).toBe(false);
    expect(tlsObservationSchema.safeParse(boundedObservation(observation)).success).toBe(true);
  });

  it('is said to have more certificates than are shown', () => {
    const observation = served({ certificates: Array.from({ length: 9 }, () => certificate) });
    expect(boundedObservation(observation)).toMatchObject({ unanswered: ['more than 8 certificates'] });
  });
});

describe('an ordinary server', () => {
  it('is not changed', () => {
    expect(boundedObservation(served())).toEqual(served());
    const gone = { state: 'unreachable', reason: 'connection refused' } as const;
    expect(boundedObservation(gone)).toEqual(gone);
  });
});
