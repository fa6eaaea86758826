import { type Dir, opendirSync } from 'node:fs';
import { parseLinkerConfiguration } from '@sealwatch/shared/proc/linker-configuration.js';
import { readSmallFile } from '../host/read-small-file.js';

/** Where a dynamic linker looks without being told (ld.so(8)). */
const ALWAYS = ['/lib', '/lib64', '/usr/lib', '/usr/lib64'];

const MAX_BYTES = 256 * 1024;
const MAX_FILES = 256;
const INCLUDED_FROM = '/etc/ld.so.conf.d';

/**
 * The directories of system libraries below a root: the linker's own and those `/etc/ld.so.conf` and
 * `/etc/ld.so.conf.d/*.conf` name. A file that can't be read names none: its libraries then count as foreign.
 */
export async function linkerDirectories(root: string): Promise<string[]> {
  const directories = new Set(ALWAYS);
  const files = ['/etc/ld.so.conf'];
  for (let i = 0; i < files.length && i < MAX_FILES; i++) {
    const file = await readSmallFile(root, files[i] ?? '', MAX_BYTES);
    if (file.state !== 'read') continue;
    for (const line of parseLinkerConfiguration(file.bytes)) {
      if (line.kind === 'directory') directories.add(line.path);
      else if (INCLUDES.test(line.pattern))
        files.push(...configurationFiles(root).filter((one) => !files.includes(one)));
    }
  }
  return [...directories].sort();
}

/** The one include distributions write; relative ones count from the file's directory. */
const INCLUDES = /^(\/etc\/)?ld\.so\.conf\.d\/\*\.conf$/;

/** Names only, and no more than anybody needs: each file is opened below the root, one step after the other. */
function configurationFiles(root: string): string[] {
  let directory: Dir | undefined;
  try {
    directory = opendirSync(`${root}${INCLUDED_FROM}`);
    const names: string[] = [];
    while (names.length < MAX_FILES) {
      const entry = directory.readSync();
      if (entry === null) break;
      if (entry.name.endsWith('.conf')) names.push(`${INCLUDED_FROM}/${entry.name}`);
    }
    return names.sort();
  } catch {
    return [];
  } finally {
    directory?.closeSync();
  }
}
