import { posix } from 'node:path';
import type { ContainerSpec } from '@sealwatch/shared/containerd/container-spec.js';
import type { ContainerMount, ContainerSettings } from '@sealwatch/shared/measurement/image-measurement.js';
import type { Unreadable } from '@sealwatch/shared/measurement/unseen.js';
import { isSecurityVariable } from '@sealwatch/shared/proc/security-variables.js';
import { cutText } from '../cut-text.js';
import type { PodContainer } from '../pod/decode-pod.js';
import { stableMountSource } from './mount-source.js';

const MAX_TEXTS = 300;
const MAX_TEXT_BYTES = 1000;
const MAX_MOUNTS = 200;
/** Stands where something was left out, and is nothing that a manifest allows. */
const CUT = '…';

/** What a container was told, as far as it is compared: of its variables no others leave the host. */
export function specSettings(spec: ContainerSpec): ContainerSettings | Unreadable {
  if (spec.state === 'unreadable') return spec;
  return settings({
    arguments: spec.args,
    variables: spec.env.filter(({ name }) => isSecurityVariable(name)).map(({ name, value }) => `${name}=${value}`),
    mounts: spec.mounts.map(({ destination, source, type }) => ({ destination, source, type })),
  });
}

/** The same of a static pod. Without a command of its own it takes its image's, and so says nothing of arguments. */
export function podSettings(container: PodContainer): ContainerSettings | Unreadable {
  const { command, args, environment, hasMoreEnvironment, mounts } = container;
  if (hasMoreEnvironment) return { state: 'unreadable', reason: 'variables that stand somewhere else' };
  const variables: string[] = [];
  for (const [name, value] of environment) {
    if (!isSecurityVariable(name)) continue;
    if (value === null) return { state: 'unreadable', reason: `${cutText(name, 100)} stands somewhere else` };
    variables.push(`${name}=${value}`);
  }
  return settings({
    arguments: command.length === 0 ? [] : [...command, ...args],
    variables,
    mounts: mounts.map(({ mountPath, volume, type, hostPath }) => ({
      destination: mountPath,
      source: hostPath ?? `volume ${volume}`,
      type: type ?? 'unknown',
    })),
  });
}

function settings({
  arguments: given,
  variables,
  mounts,
}: Omit<ContainerSettings, 'state'>): ContainerSettings | Unreadable {
  if (mounts.length > MAX_MOUNTS) return { state: 'unreadable', reason: `more than ${String(MAX_MOUNTS)} mounts` };
  return {
    state: 'read',
    arguments: bounded(given),
    variables: bounded([...variables].sort()),
    mounts: mounts.map(boundedMount).sort(inOrder),
  };
}

function bounded(texts: readonly string[]): string[] {
  const kept = texts.length > MAX_TEXTS ? [...texts.slice(0, MAX_TEXTS - 1), CUT] : texts;
  return kept.map((text) => cutText(text, MAX_TEXT_BYTES));
}

/** `/usr/./bin/` and `usr/bin` go to the same place, and are compared with it. */
function boundedMount({ destination, source, type }: ContainerMount): ContainerMount {
  const normal = posix.normalize(`/${destination}`);
  return {
    destination: cutText(normal.length > 1 ? normal.replace(/\/$/, '') : normal, MAX_TEXT_BYTES),
    source: cutText(stableMountSource(source), MAX_TEXT_BYTES),
    type: cutText(type, MAX_TEXT_BYTES),
  };
}

function inOrder(a: ContainerMount, b: ContainerMount): number {
  const [left, right] = [JSON.stringify(a), JSON.stringify(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
