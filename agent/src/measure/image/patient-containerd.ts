import { type Answer, unavailable } from '@sealwatch/shared/containerd/answer.js';
import { NO_ANSWER } from '@sealwatch/shared/containerd/call-failure.js';
import type { Containerd } from '@sealwatch/shared/containerd/containerd.js';
import { CodedError, isCoded } from '@sealwatch/shared/runtime/coded-error.js';

/** What one scan asks of containerd, thing by thing. */
export type ScannedContainerd = Pick<
  Containerd,
  'contentRoot' | 'blobSize' | 'readBlob' | 'snapshot' | 'mounts' | 'task'
>;

/**
 * containerd for one scan. A kind of question that it did not answer in time is not asked again: a host has hundreds of
 * containers, and waiting for each would take hours.
 */
export function patientContainerd(containerd: ScannedContainerd): ScannedContainerd {
  const readBlob = patientReading(containerd);
  return {
    contentRoot: patient(() => containerd.contentRoot()),
    blobSize: patient((digest) => containerd.blobSize(digest)),
    readBlob,
    snapshot: patient((snapshotter, key) => containerd.snapshot(snapshotter, key)),
    mounts: patient((snapshotter, key) => containerd.mounts(snapshotter, key)),
    task: patient((containerId) => containerd.task(containerId)),
  };
}

function patient<Asked extends readonly unknown[], Value>(
  ask: (...asked: Asked) => Promise<Answer<Value>>,
): (...asked: Asked) => Promise<Answer<Value>> {
  let isLate = false;
  return async (...asked) => {
    if (isLate) return unavailable(NO_ANSWER);
    const answer = await ask(...asked);
    isLate = answer.state === 'unavailable' && answer.reason === NO_ANSWER;
    return answer;
  };
}

function patientReading(containerd: Pick<Containerd, 'readBlob'>): Containerd['readBlob'] {
  let isLate = false;
  return async function* (digest, options) {
    if (isLate) throw new CodedError('file.unreadable', NO_ANSWER);
    try {
      yield* containerd.readBlob(digest, options);
    } catch (error) {
      if (isCoded(error, 'file.unreadable') && error.message.endsWith(NO_ANSWER)) isLate = true;
      throw error;
    }
  };
}
