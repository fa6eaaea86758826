import { measureFile } from '@sealwatch/shared/hashing/measure-file.js';
import type { FileMeasurement, HostMeasurement, Measurement } from '@sealwatch/shared/measurement/measurement.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import type { FileSubject } from '@sealwatch/shared/subject/subject.js';
import { measureAuthority } from './measure-authority.js';
import { measureFips } from './measure-fips.js';
import type { StandardModeMemory } from './standard-mode-memory.js';

export interface HostMeasuring {
  /** Where the host's file system is seen from here: `/proc/1/root`. */
  readonly hostRoot: string;
  readonly subjects: readonly FileSubject[];
  readonly standardMemory: StandardModeMemory;
  /** Waits between two slices of hashing; a background scan sleeps here. Default: one turn of the event loop. */
  readonly pause?: () => Promise<void>;
  /** Ends the scan before the next file. */
  readonly signal?: AbortSignal;
}

/**
 * One scan of the whole host, file after file. Everything that can be seen is seen: what can't be read is a measurement
 * that says so, and never ends the scan. Unchanged hosts give equal measurements in equal order: that of their ids,
 * if the subjects are.
 * @throws CodedError('request.cancelled') once `signal` is aborted, nothing else
 */
export async function measureHost(input: HostMeasuring): Promise<{ measurements: Measurement[]; bytesRead: number }> {
  const { hostRoot, subjects, standardMemory, pause, signal } = input;
  let bytesRead = 0;
  const options = {
    ...(pause === undefined ? {} : { pause }),
    onBytes: (bytes: number) => {
      bytesRead += bytes;
    },
  };
  const files: FileMeasurement[] = [];
  for (const subject of subjects) {
    if (signal?.aborted === true) throw new CodedError('request.cancelled', 'stopped before the scan was complete');
    files.push(await measureFile(hostRoot, subject, options));
  }
  const host: HostMeasurement[] = [
    await measureAuthority(hostRoot, 'etcd-ca', standardMemory),
    await measureFips(hostRoot),
    await measureAuthority(hostRoot, 'kubernetes-ca', standardMemory),
  ];
  return { measurements: [...files, ...host], bytesRead };
}
