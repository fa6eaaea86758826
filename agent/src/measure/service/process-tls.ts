import type { TlsSettings } from '@sealwatch/shared/measurement/service-measurement.js';
import type { Unreadable } from '@sealwatch/shared/measurement/unseen.js';
import { readSmallFile } from '../host/read-small-file.js';
import { configuredTls, settingsFileOf, tlsVariablesOf } from './configured-tls.js';
import { identifyReachable, isSameProcess, type ProcessIdentity } from '../process/identify-process.js';
import { processStartedWith } from './process-started-with.js';
import { MAX_SETTINGS_BYTES, type SettingsFile } from './read-settings-file.js';

/**
 * What a running process was told to accept: its command line, and the file it was pointed to as that stands now in
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
  const path = settingsFileOf(component, startedWith);
  return configuredTls(component, startedWith, path === undefined ? undefined : await settingsFile(directory, path));
}

async function settingsFile(directory: string, path: string): Promise<SettingsFile> {
  // a program may have changed its directory since it read the file
  if (!path.startsWith('/')) return { state: 'unreadable', reason: 'its path is relative' };
  return readSmallFile(`${directory}/root`, path, MAX_SETTINGS_BYTES);
}
