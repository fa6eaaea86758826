import { closeSync, openSync, readFileSync, readSync, statSync, writeSync } from 'node:fs';
import { descriptorSource } from '@sealwatch/shared/binary/elf/descriptor-source.js';
import { type ElfFile, readElf } from '@sealwatch/shared/binary/elf/elf-file.js';

async function elfOf(path: string): Promise<ElfFile> {
  const fd = openSync(path, 'r');
  try {
    const elf = await readElf(descriptorSource(fd, readFileSync(path).length));
    if (elf === undefined) throw new Error(`${path} is no ELF file`);
    return elf;
  } finally {
    closeSync(fd);
  }
}

/** Where in a program's file the byte stands that it wants at an address. */
export async function fileOffset(path: string, address: number): Promise<number> {
  const { segments } = await elfOf(path);
  const home = segments.find(
    (one) => one.type === 1 && address >= one.address && address < one.address + one.fileBytes,
  );
  if (home === undefined) throw new Error(`${path} has nothing at ${address.toString(16)}`);
  return home.offset + address - home.address;
}

/** Changes one byte of a running program, as a debugger would; doing it again mends it. By /proc/PID/maps, not as the code under test does. */
export async function flipInProcess(pid: number, address: number): Promise<void> {
  const own = statSync(`/proc/${String(pid)}/exe`).ino;
  // Go's heap may lie below the program
  const mapped = readFileSync(`/proc/${String(pid)}/maps`, 'latin1').split('\n');
  const first = mapped.find((line) => line.split(/ +/)[4] === String(own)) ?? '';
  const { segments } = await elfOf(`/proc/${String(pid)}/exe`);
  const lowest = segments.find(({ type }) => type === 1)?.address ?? 0;
  const bias = Number.parseInt(first, 16) - lowest;
  const memory = openSync(`/proc/${String(pid)}/mem`, 'r+');
  try {
    const byte = Buffer.alloc(1);
    readSync(memory, byte, 0, 1, bias + address);
    writeSync(memory, Buffer.from([byte[0]! ^ 1]), 0, 1, bias + address);
  } finally {
    closeSync(memory);
  }
}
