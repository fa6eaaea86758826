import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import { placeInChain } from '@sealwatch/collector/ingest/place-in-chain.js';
import { describe, expect, it } from 'vitest';

const a: Digest = `sha256:${'a'.repeat(64)}`;
const b: Digest = `sha256:${'b'.repeat(64)}`;
const head = { epoch: 2, sequence: 7, digest: a };

describe('a report in its chain', () => {
  it.each([
    ['continues the head', { epoch: 2, sequence: 8, previous: a }, head, { kind: 'next' }],
    ['begins the first chain of a host', { epoch: 1, sequence: 1, previous: null }, undefined, { kind: 'next' }],
    ['begins an epoch with the old head', { epoch: 3, sequence: 1, previous: a }, head, { kind: 'next' }],
    [
      'begins an epoch as if there had been nothing',
      { epoch: 3, sequence: 1, previous: null },
      head,
      { kind: 'fork', expected: a },
    ],
    ['continues another history', { epoch: 2, sequence: 8, previous: b }, head, { kind: 'fork', expected: a }],
    [
      'invents a past for a first report',
      { epoch: 1, sequence: 1, previous: b },
      undefined,
      { kind: 'fork', expected: null },
    ],
    ['leaves some out', { epoch: 2, sequence: 10, previous: b }, head, { kind: 'gap', from: 8 }],
    ['leaves out the beginning of an epoch', { epoch: 3, sequence: 2, previous: b }, head, { kind: 'gap', from: 1 }],
    ['comes again', { epoch: 2, sequence: 7, previous: b }, head, { kind: 'past' }],
    ['comes from an enrolment before', { epoch: 1, sequence: 9, previous: a }, head, { kind: 'past' }],
    ['begins an enrolment before anew', { epoch: 1, sequence: 1, previous: a }, head, { kind: 'past' }],
    ['comes from long ago', { epoch: 2, sequence: 1, previous: null }, head, { kind: 'past' }],
  ] as const)('%s', (_, report, known, place) => {
    expect(placeInChain(report, known)).toEqual(place);
  });
});
