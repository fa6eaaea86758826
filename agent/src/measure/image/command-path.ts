import type { ContainerSpec } from '@sealwatch/shared/containerd/container-spec.js';
import { isAbsolutePathText, pathText } from '@sealwatch/shared/subject/path-text.js';
import type { ContainerSnapshot } from './open-container-snapshot.js';

/** More can't be executed (PATH_MAX). */
const MAX_COMMAND_BYTES = 4096;
/** As long as other texts of a container: a longer one would be cut, and a cut path names nothing. */
const MAX_PATH_BYTES = 1000;
/** Far more than any image has in its PATH. */
const MAX_DIRECTORIES = 100;
const EXECUTE_BITS = 0o111n;

/**
 * The file that a container's command leads to: links are followed inside its snapshot, a name without a slash is looked
 * for in PATH (execvp(3)). What is mounted on the way isn't seen; whatever runs then, the first process shows.
 * @returns path text; null if it is the command as it is written, or no executable file
 */
export async function commandPath(
  spec: ContainerSpec,
  snapshot: Pick<ContainerSnapshot, 'locate'>,
): Promise<string | null> {
  if (spec.state === 'unreadable') return null;
  const [command = ''] = spec.args;
  if (command === '' || command.length > MAX_COMMAND_BYTES || command.includes('\0')) return null;
  for (const candidate of candidates(command, spec)) {
    const path = await executableAt(candidate, snapshot);
    if (path !== null) return path === command ? null : path;
  }
  return null;
}

function candidates(
  command: string,
  { env, cwd }: Pick<Extract<ContainerSpec, { state: 'read' }>, 'env' | 'cwd'>,
): string[] {
  const from = (path: string): string => (path.startsWith('/') ? path : `${cwd}/${path}`);
  if (command.includes('/')) return [from(command)];
  // of a name that stands twice the last counts, as for runc
  const path = env.filter(({ name }) => name === 'PATH').pop()?.value ?? '';
  const directories = path.split(':', MAX_DIRECTORIES).filter((directory) => directory.length <= MAX_COMMAND_BYTES);
  return directories.map((directory) => `${from(directory)}/${command}`);
}

async function executableAt(path: string, { locate }: Pick<ContainerSnapshot, 'locate'>): Promise<string | null> {
  const located = await locate(Buffer.from(path));
  if (located.state !== 'found') return null;
  await located.close();
  if ((located.stat.mode & EXECUTE_BITS) === 0n || located.realPath.length > MAX_PATH_BYTES) return null;
  const text = pathText(located.realPath);
  return isAbsolutePathText(text) && text.length <= MAX_PATH_BYTES ? text : null;
}
