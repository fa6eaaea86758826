import { fstatSync } from 'node:fs';
import { unreadableReason } from '@sealwatch/shared/hashing/unreadable-reason.js';
import { openBelow } from '@sealwatch/shared/hashing/walk-path.js';
import { HMAC_KEYS, KEYS_TRIED } from '@sealwatch/shared/platform/hmac-keys.js';
import type { SidecarEntry } from '@sealwatch/shared/platform/hmac-sidecar.js';
import type { Seal } from '@sealwatch/shared/platform/platform-observation.js';
import { hmacOpenFile } from './hmac-open-file.js';
import type { PlatformReading } from './platform-reading.js';

/** Some times what a kernel image or a library has. */
const MAX_BYTES = 128 * 1024 * 1024;

/** Makes a file's HMAC anew, under every key known for its kind, and compares. Never throws. */
export async function observeSeal(
  { hostRoot, asked, budget, pause, onBytes }: PlatformReading,
  path: string,
  kind: 'kernel' | 'library',
  { algorithm, hmac: expected }: SidecarEntry,
): Promise<Seal> {
  asked.add(path);
  const opened = await openBelow(hostRoot, Buffer.from(path));
  if (opened.state === 'not-regular') return { state: 'unreadable', reason: `not a regular file (${opened.fileType})` };
  if (opened.state !== 'opened') return opened;
  asked.add(opened.realPath);
  try {
    const before = fstatSync(opened.fd, { bigint: true });
    if (before.size > MAX_BYTES) return { state: 'unreadable', reason: `larger than ${String(MAX_BYTES)} bytes` };
    budget.bytes -= Number(before.size);
    if (budget.bytes < 0) return { state: 'unreadable', reason: 'more to be hashed than any host has' };
    const names = KEYS_TRIED[kind];
    const { hmacs, bytes, prelinked } = await hmacOpenFile(opened.fd, {
      algorithm,
      keys: names.map((name) => HMAC_KEYS[name]),
      limit: Number(before.size) + 1,
      ...(pause === undefined ? {} : { pause }),
      ...(onBytes === undefined ? {} : { onBytes }),
    });
    const after = fstatSync(opened.fd, { bigint: true });
    if (BigInt(bytes) !== before.size || before.mtimeNs !== after.mtimeNs || before.ctimeNs !== after.ctimeNs) {
      return { state: 'unreadable', reason: 'changed while being read' };
    }
    const key = names[hmacs.indexOf(expected)];
    if (key !== undefined) return { state: 'matches', algorithm, key };
    return { state: 'differs', algorithm, expected, observed: hmacs[0] ?? '', prelinked };
  } catch (error) {
    return { state: 'unreadable', reason: unreadableReason(error) };
  } finally {
    await opened.close();
  }
}
