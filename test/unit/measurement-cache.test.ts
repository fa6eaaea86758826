import { MeasurementCache } from '@sealwatch/collector/ingest/measurement-cache.js';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import { encodeMeasurement } from '@sealwatch/shared/measurement/measurement-body.js';
import { describe, expect, it } from 'vitest';
import { file } from '../fakes/appraisal-world.js';

const BYTES = 100;

function decoded(name: string, bytes = BYTES) {
  const measurement = file(name, { state: 'absent' });
  return { digest: encodeMeasurement(measurement).digest, measurement, bytes };
}

const kept = (cache: MeasurementCache, digests: readonly Digest[]): number =>
  digests.filter((digest) => cache.get(digest) !== undefined).length;

describe('the cache of measurements', () => {
  it('gives the very measurement that was decoded, and nothing for another digest', () => {
    const cache = new MeasurementCache();
    const [one, other] = [decoded('kubelet'), decoded('containerd')];
    cache.add(one);
    expect(cache.get(one.digest)).toBe(one.measurement);
    expect(cache.get(other.digest)).toBeUndefined();
  });

  it('never holds more bytes than it may, however many come', () => {
    const cache = new MeasurementCache(10 * BYTES);
    const all = Array.from({ length: 500 }, (_, index) => decoded(`component-${String(index)}`));
    for (const one of all) cache.add(one);
    const left = kept(
      cache,
      all.map(({ digest }) => digest),
    );
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(10);
  });

  it('keeps what is asked for again and again while others come and go', () => {
    const cache = new MeasurementCache(10 * BYTES);
    const used = decoded('kubelet');
    cache.add(used);
    for (let index = 0; index < 500; index++) {
      cache.add(decoded(`component-${String(index)}`));
      expect(cache.get(used.digest)).toBe(used.measurement);
    }
  });

  it('does not let one that is too large push out the rest', () => {
    const cache = new MeasurementCache(10 * BYTES);
    const [small, large] = [decoded('kubelet'), decoded('containerd', 6 * BYTES)];
    cache.add(small);
    cache.add(large);
    expect(cache.get(large.digest)).toBeUndefined();
    expect(cache.get(small.digest)).toBe(small.measurement);
  });
});
