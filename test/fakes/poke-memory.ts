import { closeSync, openSync, readdirSync, readFileSync, readSync, writeSync } from 'node:fs';
import { parseExecutableMappings } from '@sealwatch/shared/proc/executable-mappings.js';

/** Where a file's code is in a process: its first executable mapping. */
export function textOf(pid: number, name: string): { start: bigint; end: bigint; offset: bigint } {
  const mappings = parseExecutableMappings(readFileSync(`${placeOf(pid)}/maps`)) ?? [];
  const found = mappings.find((mapping) => mapping.name.toString().endsWith(name));
  if (found === undefined) throw new Error(`${name} is not mapped in ${String(pid)}`);
  return found;
}

/** Flips the lowest bit of a byte of a live process, read-only code or not, as a debugger does. Twice gives it back. */
export function pokeMemory(pid: number, address: bigint): void {
  const fd = openSync(`${placeOf(pid)}/mem`, 'r+');
  try {
    const byte = Buffer.alloc(1);
    readSync(fd, byte, 0, 1, address);
    byte[0] = (byte[0] ?? 0) ^ 1;
    // writes take no bigint, and addresses of programs on x86 fit a number
    writeSync(fd, byte, 0, 1, Number(address));
  } finally {
    closeSync(fd);
  }
}

/** Of its last thread: the first may have ended. */
function placeOf(pid: number): string {
  const threads = readdirSync(`/proc/${String(pid)}/task`).map(Number);
  return `/proc/${String(pid)}/task/${String(Math.max(...threads))}`;
}
