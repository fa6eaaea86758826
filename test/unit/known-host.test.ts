import { afterRecheck, afterWholeLook, byId, type KnownHost } from '@sealwatch/agent/cycle/known-host.js';
import type { Look } from '@sealwatch/agent/measure/measure-host.js';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import { decodeMeasurement } from '@sealwatch/shared/measurement/measurement-body.js';
import { describe, expect, it } from 'vitest';
import { kubelet } from '../fakes/agent-chain.js';

const RELEASE: Digest = `sha256:${'2'.repeat(64)}`;
const look = (content: string, beganAt: number): Look => ({
  measurement: decodeMeasurement(kubelet(content).bytes),
  beganAt,
});
const known = (content: string, beganAt: number, releaseDigest = RELEASE): KnownHost => ({
  releaseDigest,
  whole: { startedAt: beganAt, startedMonotonic: beganAt },
  looks: byId([look(content, beganAt)]),
});
const ID = 'file:kubelet:/usr/bin/kubelet';

describe('of the host is known', () => {
  it('what was looked at again, and from when the rest is', () => {
    const after = afterRecheck(known('good', 10), [look('bad', 20)]);
    expect(after).toEqual({ ...known('good', 10), looks: byId([look('bad', 20)]) });
  });

  it('of two looks that overlapped the one that began later, whichever ended last', () => {
    const again = afterRecheck(known('good', 10), [look('bad', 20)]);
    expect(afterWholeLook(again, known('good', 15)).looks.get(ID)).toEqual(look('bad', 20));
    expect(afterWholeLook(again, known('good', 25)).looks.get(ID)).toEqual(look('good', 25));
    expect(afterRecheck(known('good', 30), [look('bad', 20)]).looks.get(ID)).toEqual(look('good', 30));
    expect(afterWholeLook(again, known('good', 15)).whole.startedAt).toBe(15);
  });

  it('nothing that was measured under another release', () => {
    const other = known('bad', 20, `sha256:${'3'.repeat(64)}`);
    expect(afterWholeLook(other, known('good', 10))).toEqual(known('good', 10));
    expect(afterWholeLook(undefined, known('good', 10))).toEqual(known('good', 10));
  });

  it('no subject that the whole look has no more', () => {
    const none = { ...known('good', 10), looks: byId([]) };
    expect(afterWholeLook(known('bad', 20), none).looks.size).toBe(0);
  });
});
