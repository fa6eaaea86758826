import { rememberedAppraisal } from '@sealwatch/collector/compliance/remembered-appraisal.js';
import type { AppraisalContext } from '@sealwatch/shared/appraisal/appraisal-context.js';
import { appraise } from '@sealwatch/shared/appraisal/appraise.js';
import type { Measurement } from '@sealwatch/shared/measurement/measurement.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { goodMeasurements, manifest, policy, service, world } from '../fakes/appraisal-world.js';
import { plainDigest } from '../fakes/check-results.js';

let measurements: readonly Measurement[];
const components = { 'control-plane': { kubelet: 'file' }, worker: { etcd: 'file' } } as const;
const context = world({ policy: { components } });

beforeEach(() => {
  measurements = goodMeasurements();
  expect(rememberedAppraisal(measurements, context)).toEqual([]);
});

describe('an appraisal that was remembered', () => {
  it.each<[string, AppraisalContext]>([
    ['another inception', { ...context, inception: { ...context.inception, createdAt: '2026-11-22T00:00:00.000Z' } }],
    ['another policy', { ...context, release: { ...context.release, policy: policy({ require: ['image'] }) } }],
    ['a role with other components', { ...context, role: 'worker' }],
    [
      'another manifest in the same place',
      { ...context, manifests: [{ ...manifest('1', { components: [] }), digest: context.manifests[0]!.digest }] },
    ],
    ['no manifest', { ...context, manifests: [] }],
    ['a moment after the manifest expired', { ...context, at: '2027-02-01T00:00:00.000Z' }],
    [
      'a service that has to be probed',
      { ...context, release: { ...context.release, policy: policy({ require: ['service'], services: [service()] }) } },
    ],
  ])('never stands in for one with %s', (_, changed) => {
    const anew = appraise(measurements, changed);
    expect(anew).not.toEqual([]);
    expect(rememberedAppraisal(measurements, changed)).toEqual(anew);
    // and back again
    expect(rememberedAppraisal(measurements, context)).toEqual([]);
    expect(rememberedAppraisal(measurements, changed)).toEqual(anew);
  });

  it('never stands in for other measurements', () => {
    const changed = measurements.map((measurement): Measurement => {
      if (measurement.subject.kind !== 'file' || measurement.observed.state !== 'present') return measurement;
      return { ...measurement, observed: { ...measurement.observed, digest: plainDigest('f') } } as Measurement;
    });
    expect(rememberedAppraisal(changed, context)).toEqual(appraise(changed, context));
    expect(rememberedAppraisal(changed, context).map(({ code }) => code)).toContain('file.digest-mismatch');
  });

  it('is a list of its own for everybody who asks', () => {
    const [first, second] = [rememberedAppraisal([], context), rememberedAppraisal([], context)];
    expect(first.length).toBeGreaterThan(0);
    first.length = 0;
    expect(second).toEqual(appraise([], context));
    expect(rememberedAppraisal([], context)).toEqual(second);
  });
});
