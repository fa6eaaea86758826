import type { TlsConfiguration, TlsSettings } from '@sealwatch/shared/measurement/service-measurement.js';
import type { Unreadable } from '@sealwatch/shared/measurement/unseen.js';
import { configuredTls, settingsDirectoryOf, settingsFileOf, tlsVariablesOf } from './configured-tls.js';
import type { PodContainer } from '../pod/decode-pod.js';
import type { StaticPodContainer } from '../pod/static-pod-containers.js';

/** Anything above is said in one entry. */
const MAX_ENTRIES = 4;

/**
 * What the static pods would have a component accept, for each container that bears its name, and every file that
 * may hold one for all that can be told.
 */
export function staticPodTls(component: string, containers: readonly StaticPodContainer[]): TlsConfiguration[] {
  const entries: TlsConfiguration[] = [];
  for (const found of containers) {
    if (found.state === 'unreadable') {
      entries.push({ source: found.file, settings: { state: 'unreadable', reason: found.reason } });
    } else if (found.container.name === component) {
      entries.push({ source: found.file, settings: containerTls(component, found.container) });
    }
  }
  const [first] = entries.slice(MAX_ENTRIES);
  if (first === undefined) return entries;
  const rest = { source: first.source, settings: unreadable('this file and more are too many to look at') };
  return [...entries.slice(0, MAX_ENTRIES - 1), rest];
}

function containerTls(component: string, container: PodContainer): TlsSettings | Unreadable {
  const environment = new Map<string, string>();
  const variables = tlsVariablesOf(component);
  if (variables.length > 0 && container.hasMoreEnvironment) return unreadable('variables that stand somewhere else');
  for (const name of variables) {
    const value = container.environment.get(name);
    if (value === null) return unreadable(`${name} stands somewhere else`);
    if (value !== undefined) environment.set(name, value);
  }
  // an image's own command takes the place of the one that is not written
  const command = container.command.length === 0 ? [''] : container.command;
  const startedWith = { argv: [...command, ...container.args], environment };
  const inside = settingsFileOf(component, startedWith) ?? settingsDirectoryOf(component, startedWith);
  const files = inside === undefined ? [] : [{ state: 'unreadable', reason: 'inside the container' } as const];
  return configuredTls(component, startedWith, files);
}

function unreadable(reason: string): Unreadable {
  return { state: 'unreadable', reason };
}
