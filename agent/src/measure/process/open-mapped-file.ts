import { type BigIntStats, closeSync, existsSync, fstatSync, readlinkSync } from 'node:fs';
import { openBelow } from '@sealwatch/shared/hashing/walk-path.js';
import type { ExecutableMapping } from '@sealwatch/shared/proc/executable-mappings.js';
import { unescapeOctal } from '@sealwatch/shared/proc/octal-escape.js';
import { ChangedMeanwhile, EndedMeanwhile } from './meanwhile.js';
import { openLinkedFile } from './open-linked-file.js';

/** The file behind a mapping. `opened` owns a descriptor: close it. */
export type MappedFile =
  | {
      readonly state: 'opened';
      readonly fd: number;
      readonly stat: BigIntStats;
      /** What the kernel calls it, ` (deleted)` and all. */
      readonly link: Buffer;
      close(): Promise<void> | void;
    }
  | { readonly state: 'unreadable'; readonly link: Buffer; readonly reason: string };

/**
 * Opens the very file that is mapped, through `map_files`, whatever is at its path now. Where the kernel has none, or
 * keeps it from us (it wants CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE), what is at the path below the process's root
 * will do if it is the same inode; on btrfs and overlayfs the table names another device than stat, and it is not.
 * @throws ChangedMeanwhile if the mapping is no longer there, EndedMeanwhile
 */
export async function openMappedFile(directory: string, mapping: ExecutableMapping): Promise<MappedFile> {
  const link = `${directory}/map_files/${mapping.start.toString(16)}-${mapping.end.toString(16)}`;
  const opened = openLinkedFile(link);
  switch (opened.state) {
    case 'opened':
      return {
        ...opened,
        link: linkText(link) ?? mapping.name,
        close: () => {
          closeSync(opened.fd);
        },
      };
    case 'gone':
      if (!existsSync(`${directory}/stat`)) throw new EndedMeanwhile();
      if (existsSync(`${directory}/map_files`)) throw new ChangedMeanwhile();
      break;
    case 'unreadable':
      if (!opened.denied) return { state: 'unreadable', link: linkText(link) ?? mapping.name, reason: opened.reason };
  }
  return openAtPath(directory, mapping);
}

async function openAtPath(directory: string, mapping: ExecutableMapping): Promise<MappedFile> {
  const path = unescapeOctal(mapping.name);
  const opened = await openBelow(`${directory}/root`, path);
  if (opened.state !== 'opened') {
    const reason = opened.state === 'unreadable' ? opened.reason : OUT_OF_REACH;
    return { state: 'unreadable', link: path, reason };
  }
  const stat = fstatSync(opened.fd, { bigint: true });
  if (stat.ino === mapping.inode && stat.dev === deviceOf(mapping)) {
    return { state: 'opened', fd: opened.fd, stat, link: path, close: () => opened.close() };
  }
  await opened.close();
  return { state: 'unreadable', link: path, reason: OUT_OF_REACH };
}

const OUT_OF_REACH = 'the mapped file is no longer at its path, and map_files is not permitted';

/** As st_dev has it (sysmacros.h, gnu_dev_makedev). */
function deviceOf({ deviceMajor, deviceMinor }: ExecutableMapping): bigint {
  const major = BigInt(deviceMajor);
  const minor = BigInt(deviceMinor);
  return ((major & 0xfffn) << 8n) | ((major & ~0xfffn) << 32n) | (minor & 0xffn) | ((minor & ~0xffn) << 12n);
}

function linkText(link: string): Buffer | undefined {
  try {
    return readlinkSync(link, { encoding: 'buffer' });
  } catch {
    return undefined;
  }
}
