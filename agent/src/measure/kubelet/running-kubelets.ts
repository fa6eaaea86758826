import { statSync } from 'node:fs';
import { parseProcessStatus } from '@sealwatch/shared/proc/process-status.js';
import { fileId } from '../process/file-id.js';
import { listProcesses } from '../process/list-processes.js';
import { readProcFile } from '../process/read-proc-file.js';

const NAME = 'kubelet\n';
const BATCH = 64;
/** A host has one. */
const MAX_KUBELETS = 8;

/**
 * Directories in procfs of the processes that are called kubelet, see the host's own root and belong to root (or to whoever
 * asks): what a container or another user calls so says nothing of the host's pods.
 */
export async function runningKubelets(hostRoot: string, procRoot: string): Promise<string[]> {
  const kubelets: string[] = [];
  for (const [i, pid] of listProcesses(procRoot, new Set()).entries()) {
    if (i % BATCH === BATCH - 1) await new Promise((resolve) => setImmediate(resolve));
    const directory = `${procRoot}/${String(pid)}`;
    const comm = readProcFile(`${directory}/comm`, 64);
    if (comm.state === 'read' && comm.bytes.toString('latin1') === NAME && isOfHost(directory, hostRoot)) {
      kubelets.push(directory);
    }
    if (kubelets.length === MAX_KUBELETS) break;
  }
  return kubelets;
}

function isOfHost(directory: string, hostRoot: string): boolean {
  const status = readProcFile(`${directory}/status`, 64 * 1024);
  const user = status.state === 'read' ? parseProcessStatus(status.bytes)?.uids[1] : undefined;
  if (user !== 0 && user !== process.geteuid?.()) return false;
  try {
    return fileId(statSync(`${directory}/root`, { bigint: true })) === fileId(statSync(hostRoot, { bigint: true }));
  } catch {
    return false;
  }
}
