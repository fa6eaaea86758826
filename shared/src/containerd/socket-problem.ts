import { stat } from 'node:fs/promises';
import { errnoOf } from '../runtime/coded-error.js';
import { unreadableReason } from '../hashing/unreadable-reason.js';

/** What fits into sockaddr_un with its ending NUL (unix(7)); longer names are cut by some versions of Node. */
const MAX_PATH_BYTES = 107;

/** Said of a host that has no containerd, or one that is stopped. */
export const NO_SOCKET = "containerd's socket does not exist";

/** Why no connection to containerd's unix socket can be made, or undefined if nothing speaks against it. */
export async function socketProblem(path: string): Promise<string | undefined> {
  if (!path.startsWith('/')) return "the path of containerd's socket is not absolute";
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) return "the path of containerd's socket is too long";
  try {
    return (await stat(path)).isSocket() ? undefined : "what should be containerd's socket is none";
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT' || errno === 'ENOTDIR') return NO_SOCKET;
    return `containerd's socket: ${unreadableReason(error)}`;
  }
}
