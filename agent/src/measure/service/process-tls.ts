import type { TlsSettings } from '@sealwatch/shared/measurement/service-measurement.js';
import type { Unreadable } from '@sealwatch/shared/measurement/unseen.js';
import { readSmallFile } from '../host/read-small-file.js';
import {
  configuredTls,
  settingsDirectoryOf,
  settingsFileOf,
  type StartedWith,
  tlsVariablesOf,
} from './configured-tls.js';
import { identifyReachable, isSameProcess, type ProcessIdentity } from '../process/identify-process.js';
import { processStartedWith } from './process-started-with.js';
import { readDropIns } from './read-drop-ins.js';
import { MAX_SETTINGS_BYTES, type SettingsFile } from './read-settings-file.js';

/**
 * What a running process was told to accept: its command line, and the files it was pointed to as those stand now in
 * the file system the process sees. Undefined if it has ended. Never throws.
 */
export async function processTls(
  component: string,
  process: ProcessIdentity,
  procPath: string,
): Promise<TlsSettings | Unreadable | undefined> {
  const settings = await read(component, `${procPath}/${String(process.pid)}`);
  return isSameProcess(identifyReachable(procPath, process.pid), process) ? settings : undefined;
}

async function read(component: string, directory: string): Promise<TlsSettings | Unreadable> {
  const startedWith = await processStartedWith(directory, tlsVariablesOf(component));
  if ('state' in startedWith) return startedWith;
  return configuredTls(component, startedWith, await settingsFiles(component, startedWith, `${directory}/root`));
}

/**
 * The files from which a program that was started so takes settings, the later ones on top of the others. Never throws.
 * @param root of the file system it sees
 */
export async function settingsFiles(
  component: string,
  startedWith: StartedWith,
  root: string,
): Promise<readonly SettingsFile[]> {
  const file = settingsFileOf(component, startedWith);
  const directory = settingsDirectoryOf(component, startedWith);
  // a program may have changed its directory since it read the file
  if (file?.startsWith('/') === false || directory?.startsWith('/') === false) {
    return [{ state: 'unreadable', reason: 'its path is relative' }];
  }
  return [
    ...(file === undefined ? [] : [await readSmallFile(root, file, MAX_SETTINGS_BYTES)]),
    ...(directory === undefined ? [] : await readDropIns(root, directory)),
  ];
}
