import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import { type BlobFault, faultText } from '@sealwatch/shared/image/closure/blob-state.js';
import type { BlobFaultObserved } from '@sealwatch/shared/measurement/image-measurement.js';
import { cutText } from '../cut-text.js';

const MAX_FOUND_BYTES = 400;

/** A fault as it is reported. */
export function blobFault(blob: BlobFaultObserved['blob'], digest: Digest, fault: BlobFault): BlobFaultObserved {
  const found = cutText(faultText(fault), MAX_FOUND_BYTES);
  switch (fault.state) {
    case 'missing':
    case 'inflates-too-far':
    case 'unreadable':
      return { blob, digest, fault: fault.state, found };
    case 'size-mismatch':
      return { blob, digest, fault: 'size', found };
    case 'digest-mismatch':
      return { blob, digest, fault: 'digest', found };
    case 'diff-id-mismatch':
      return { blob, digest, fault: 'diff-id', found };
  }
}

export function unreadableBlob(blob: BlobFaultObserved['blob'], digest: Digest, reason: string): BlobFaultObserved {
  return blobFault(blob, digest, { state: 'unreadable', reason });
}
