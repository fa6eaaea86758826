import { listFilesBelow } from '@sealwatch/shared/hashing/list-files-below.js';
import { readSmallFile } from '../host/read-small-file.js';
import { MAX_SETTINGS_BYTES, type SettingsFile } from './read-settings-file.js';

/** More than anybody has. */
const MAX_FILES = 64;
const SUFFIX = Buffer.from('.conf');

/**
 * The files of the kubelet's `--config-dir` in the order they go over its settings file: those in `.conf`, by name. It
 * would walk into directories, too; one that is there makes all of it unreadable. Never throws.
 * @param root of the file system the kubelet sees
 */
export async function readDropIns(root: string, directory: string): Promise<SettingsFile[]> {
  const listed = await listFilesBelow(root, Buffer.from(directory), MAX_FILES);
  if (listed.state === 'absent') return [{ state: 'absent' }];
  if (listed.state === 'unreadable') return [listed];
  if (listed.state === 'no-directory') return [{ state: 'unreadable', reason: 'its drop-ins are no directory' }];
  if (listed.directories > 0) return [{ state: 'unreadable', reason: 'a directory among its drop-ins' }];
  const files: SettingsFile[] = [];
  for (const name of listed.names) {
    if (!name.subarray(-SUFFIX.length).equals(SUFFIX)) continue;
    files.push(await readSmallFile(root, Buffer.concat([Buffer.from(`${directory}/`), name]), MAX_SETTINGS_BYTES));
  }
  return files;
}
