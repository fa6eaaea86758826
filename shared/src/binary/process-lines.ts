import type {
  Known,
  MappedFileFacts,
  MountFacts,
  OnDisk,
  ProcessFacts,
  TextComparison,
} from '../proc/process-facts.js';

/** What a process is made of beside its module, one line for each thing. Not escaped. */
export function processLines(process: Known<ProcessFacts>): string[] {
  if (process.state === 'unreadable') return [`Process: can't be measured: ${process.reason}`];
  const { executable, files, moreFiles, anonymous, vdso, environment, preload, tracer, root, mountNamespace, mounts } =
    process.value;
  return [
    `Executable: ${executable.path}, ${textOf(executable.digest, (digest) => digest)}; at its path ${onDiskText(executable.onDisk)}`,
    ...files.map(fileLine),
    ...(moreFiles ? ['Code of more files than are listed here'] : []),
    `Code without a file: ${listOf(anonymous, ({ name, writable }) => `${name === '' ? 'unnamed' : name}${writable ? ' (writable)' : ''}`)}`,
    `Code of the kernel (vdso): ${VDSO[vdso]}`,
    `Variables that load code or bend cryptography: ${textOf(environment, (all) => listOf(all, ({ name, value }) => `${name}=${value}`))}`,
    `Libraries forced by /etc/ld.so.preload: ${textOf(preload, (all) => listOf(all, (name) => name))}`,
    `Traced by: ${textOf(tracer, (name) => name ?? 'nobody')}`,
    `Root directory: ${PLACES[root]}; mount namespace: ${textOf(mountNamespace, (place) => PLACES[place])}`,
    `Mounts over its executable: ${textOf(mounts, (all) => listOf(all, mountText))}`,
  ];
}

const VDSO: Readonly<Record<ProcessFacts['vdso'], string>> = {
  equal: 'equal to the one of this process',
  different: 'another than the one of this process',
  none: 'none',
  'not-compared': 'not compared',
};

const PLACES: Readonly<Record<'host' | 'own', string>> = { host: "the host's", own: 'its own' };

function fileLine({ path, role, text, writable }: MappedFileFacts): string {
  const what = role === 'executable' ? 'Code of the executable' : 'Code of a library';
  return `${what}: ${path}: ${comparisonText(text)}${writable ? '; writable' : ''}`;
}

function comparisonText(text: TextComparison): string {
  switch (text.state) {
    case 'equal':
      return text.privatePages === null || text.privatePages === 0
        ? 'in memory as in the file'
        : `in memory as in the file, ${String(text.privatePages)} pages written`;
    case 'different':
      return `in memory NOT as in the file: ${String(text.pages)} pages differ, from offset ${text.firstOffset} on`;
    case 'unreadable':
      return `not compared: ${text.reason}`;
  }
}

function onDiskText(onDisk: OnDisk): string {
  switch (onDisk.state) {
    case 'same':
      return 'it still is';
    case 'replaced':
      return `there is another file, ${onDisk.digest}`;
    case 'deleted':
      return 'it was deleted';
    case 'hidden':
      return 'it is hidden';
    case 'memory':
      return 'it never was';
    case 'unreadable':
      return `it can't be read: ${onDisk.reason}`;
  }
}

function mountText({ mountPoint, fsType, root }: MountFacts): string {
  return `${mountPoint} (${fsType}, ${root})`;
}

function textOf<T>(fact: Known<T>, text: (value: T) => string): string {
  return fact.state === 'known' ? text(fact.value) : `can't be read: ${fact.reason}`;
}

function listOf<T>(items: readonly T[], text: (item: T) => string): string {
  return items.length === 0 ? 'none' : items.map(text).join(', ');
}
