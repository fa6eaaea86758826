import type { PackageFacts } from '@sealwatch/shared/proc/process-facts.js';

/** Tells which package a file of the host came with. */
export interface PackageDatabase {
  /**
   * @param path absolute, below the host root, as bytes
   * @throws CodedError('request.cancelled') once the scan is stopped; whatever else goes wrong is part of the answer
   */
  ownerOf(path: Buffer): Promise<PackageFacts>;
}
