import type { ImageComponent } from '../manifest/manifest-component.js';
import type { ContainerSettings } from '../measurement/image-measurement.js';
import type { Unreadable } from '../measurement/unseen.js';
import { type Finding, finding } from './finding.js';
import { someOf } from './some-of.js';

/**
 * How a container is to be started: with a command the manifest allows, without variables that bend cryptography, and
 * with nothing mounted over an executable. Other arguments and mounts are recorded, not judged.
 * @param entries the images it may run from; fitting one of them is enough
 * @param where `container of …`, or a file
 * @param commandPath where its command leads to in such an image; null if nobody saw that
 */
export function appraiseSettings(
  subject: string,
  settings: ContainerSettings | Unreadable,
  entries: readonly ImageComponent[],
  where: string,
  commandPath: string | null,
): Finding[] {
  if (settings.state === 'unreadable') {
    return [finding('container.settings-unreadable', subject, where, settings.reason)];
  }
  const { arguments: given, variables, mounts } = settings;
  const findings: Finding[] = [];
  const [command] = given;
  const commands = entries.flatMap((entry) => entry.commands);
  // without one of its own a pod takes its image's, which is signed
  if (command !== undefined && !commands.some((path) => path === commandPath || isMeantBy(command, path))) {
    const observed = commandPath === null ? command : `${command} (${commandPath})`;
    findings.push(finding('container.command', subject, someOf(commands), `${where}: ${observed}`));
  }
  const allowed = new Set(entries.flatMap((entry) => entry.variables));
  const denied = variables.filter((variable) => !allowed.has(variable));
  if (denied.length > 0) {
    const expected = allowed.size === 0 ? 'none' : someOf([...allowed]);
    findings.push(finding('container.variable', subject, expected, `${where}: ${someOf(denied)}`));
  }
  for (const { destination, source } of mounts) {
    const covered = entries.flatMap((entry) => entry.executables).find(({ path }) => covers(destination, path));
    if (covered === undefined) continue;
    const observed = `${where}: ${source} at ${destination}`;
    findings.push(finding('container.mount', subject, `nothing over ${covered.path}`, observed));
  }
  return findings;
}

/** A command without a slash is looked for in PATH; which file that is, the first process shows. */
function isMeantBy(command: string, path: string): boolean {
  return command.includes('/') ? command === path : path.endsWith(`/${command}`);
}

function covers(destination: string, path: string): boolean {
  const at = destination.length > 1 && destination.endsWith('/') ? destination.slice(0, -1) : destination;
  return at === path || at === '/' || path.startsWith(`${at}/`);
}
