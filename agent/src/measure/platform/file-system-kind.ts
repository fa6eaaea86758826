import * as fs from 'node:fs';
import { openBelow } from '@sealwatch/shared/hashing/walk-path.js';
import type { FileSystemKind } from '@sealwatch/shared/platform/platform-observation.js';

/** statfs(2), PROC_SUPER_MAGIC */
const PROC_SUPER_MAGIC = 0x9fa0;

/** Missing before Node 18.15. */
const statfs = (fs as Partial<Pick<typeof fs, 'statfsSync'>>).statfsSync;

/** Which file system serves a file below the host root. Never throws. */
export async function fileSystemKind(hostRoot: string, path: string): Promise<FileSystemKind> {
  if (statfs === undefined) return 'not-known';
  const opened = await openBelow(hostRoot, Buffer.from(path));
  if (opened.state !== 'opened') return 'not-known';
  try {
    return statfs(`/proc/self/fd/${String(opened.fd)}`).type === PROC_SUPER_MAGIC ? 'proc' : 'other';
  } catch {
    return 'not-known';
  } finally {
    await opened.close();
  }
}
