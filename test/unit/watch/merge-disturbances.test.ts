import { mergeDisturbances } from '@sealwatch/agent/watch/merge-disturbances.js';
import { describe, expect, it } from 'vitest';

describe('reasons to look, merged', () => {
  it('have each kind once, and components once and in order', () => {
    expect(
      mergeDisturbances([
        { kind: 'files', components: ['kubelet'] },
        { kind: 'host' },
        { kind: 'processes', components: ['kubelet'] },
        { kind: 'files', components: ['etcd', 'kubelet'] },
        { kind: 'host' },
      ]),
    ).toEqual([
      { kind: 'files', components: ['etcd', 'kubelet'] },
      { kind: 'host' },
      { kind: 'processes', components: ['kubelet'] },
    ]);
  });

  it.each([
    [['kubelet'], 'all'],
    ['all', ['kubelet']],
  ] as const)('are about all processes if one is: %j, %j', (first, second) => {
    expect(
      mergeDisturbances([
        { kind: 'processes', components: first },
        { kind: 'processes', components: second },
      ]),
    ).toEqual([{ kind: 'processes', components: 'all' }]);
  });

  it('are nothing beside everything', () => {
    const everything = { kind: 'everything', reason: 'too much' } as const;
    expect(mergeDisturbances([{ kind: 'images' }, everything, { kind: 'services' }])).toEqual([everything]);
  });

  it('are none if there were none', () => {
    expect(mergeDisturbances([])).toEqual([]);
  });
});
