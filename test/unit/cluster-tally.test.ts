import { ClusterTally, type HostShare } from '@sealwatch/collector/compliance/cluster-tally.js';
import { VERDICTS, worst } from '@sealwatch/shared/appraisal/verdict.js';
import fc from 'fast-check';
import { expect, it } from 'vitest';

const share: fc.Arbitrary<HostShare> = fc.record({
  verdict: fc.option(fc.constantFrom(...VERDICTS)),
  isUndeclared: fc.boolean(),
});

it('says of any sequence of changes what looking at every host says', () => {
  const changes = fc.array(fc.tuple(fc.constantFrom('alpha', 'beta', 'gamma', 'delta'), share));
  fc.assert(
    fc.property(changes, (sequence) => {
      const tally = new ClusterTally();
      const all = new Map<string, HostShare>();
      for (const [name, change] of sequence) {
        tally.set(name, change);
        all.set(name, change);
        expect(tally.worst).toBe(worst([...all.values()].flatMap(({ verdict }) => verdict ?? [])));
        const undeclared = [...all].filter(([, { isUndeclared }]) => isUndeclared).map(([host]) => host);
        expect([...tally.undeclared].sort()).toEqual(undeclared.sort());
      }
    }),
  );
});

it('knows nothing of a cluster without a declared host', () => {
  const tally = new ClusterTally();
  expect(tally.worst).toBe('unknown');
  tally.set('stranger', { verdict: null, isUndeclared: true });
  expect(tally.worst).toBe('unknown');
});
