import type { Fact } from '@sealwatch/shared/platform/fact.js';
import { mountsSeen } from '@sealwatch/shared/platform/mounts-seen.js';
import {
  MAX_MOUNTS_SEEN,
  type MountObservation,
  type MountSeen,
} from '@sealwatch/shared/platform/platform-observation.js';
import { parseMountInfo } from '@sealwatch/shared/proc/mount-info.js';
import { readSmallFile } from '../host/read-small-file.js';
import type { PlatformReading } from './platform-reading.js';

/** Of init, whose view of the files is measured. */
const MOUNT_TABLE = '/proc/1/mountinfo';
/** A host with thousands of containers has a megabyte or two. */
const MAX_BYTES = 16 * 1024 * 1024;

/** What is mounted over anything that was asked for: to be called last. Never throws. */
export async function observeMounts(reading: PlatformReading): Promise<MountObservation> {
  return {
    over: await observeOver(reading),
    fipsEnabledOn: await reading.fileSystemOf(reading.hostRoot, '/proc/sys/crypto/fips_enabled'),
    commandLineOn: await reading.fileSystemOf(reading.hostRoot, '/proc/cmdline'),
  };
}

async function observeOver({ hostRoot, asked }: PlatformReading): Promise<Fact<MountSeen[]>> {
  const table = await readSmallFile(hostRoot, MOUNT_TABLE, MAX_BYTES);
  if (table.state !== 'read') return table;
  const mounts = parseMountInfo(table.bytes);
  if (mounts === undefined) return { state: 'unreadable', reason: 'no mount table' };
  const over = mountsSeen(mounts, asked.list());
  if (over.length > MAX_MOUNTS_SEEN)
    return { state: 'unreadable', reason: `more than ${String(MAX_MOUNTS_SEEN)} mounts` };
  return { state: 'value', value: over };
}
