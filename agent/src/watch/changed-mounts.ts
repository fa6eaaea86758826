import { linesOf } from '@sealwatch/shared/proc/lines.js';
import { parseMountInfo } from '@sealwatch/shared/proc/mount-info.js';

/** Where mounts came or went between two readings of a table, each place once; undefined if a line is no mount. */
export function changedMounts(before: Buffer, now: Buffer): Buffer[] | undefined {
  const old = new Set<string>();
  for (const line of linesOf(before)) old.add(line.toString('latin1'));
  const changed: string[] = [];
  for (const line of linesOf(now)) {
    const text = line.toString('latin1');
    if (!old.delete(text)) changed.push(text);
  }
  changed.push(...old);
  const mounts = parseMountInfo(Buffer.from(changed.join('\n'), 'latin1'));
  if (mounts === undefined) return undefined;
  const points = new Set(mounts.map(({ mountPoint }) => mountPoint.toString('latin1')));
  return [...points].map((point) => Buffer.from(point, 'latin1'));
}
