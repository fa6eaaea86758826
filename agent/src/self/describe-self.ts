import { createCipheriv, createHash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import type { Digest } from '@sealwatch/shared/hashing/digest.js';
import { hashOpenFile } from '@sealwatch/shared/hashing/hash-file.js';
import type { AgentSelf } from '@sealwatch/shared/statement/agent-self.js';

/** The program and runtime of this very process, as they were when it began. Never throws. */
export async function describeSelf(): Promise<AgentSelf> {
  return {
    program: await digestOf(process.argv[1] ?? ''),
    // the file that was loaded, whatever stands at its path by now
    runtime: await digestOf('/proc/self/exe'),
    node: process.version,
    openssl: process.versions.openssl,
    refusesUnapproved: refusesUnapproved(),
  };
}

async function digestOf(path: string): Promise<Digest | null> {
  let fd: number | undefined;
  try {
    fd = openSync(path, 'r');
    return (await hashOpenFile(fd)).digest;
  } catch {
    return null;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** By trying: a provider that is told to be approved only refuses both. */
function refusesUnapproved(): boolean {
  const attempts = [
    () => createHash('md5').update('').digest(),
    () => createCipheriv('chacha20-poly1305', Buffer.alloc(32), Buffer.alloc(12), { authTagLength: 16 }),
  ];
  return attempts.every((attempt) => {
    try {
      attempt();
      return false;
    } catch {
      return true;
    }
  });
}
