import { unreadableReason } from '../hashing/unreadable-reason.js';
import type { BinaryFacts, BinaryObservation, ElfFacts } from './binary-facts.js';
import { readBuildIds } from './elf/build-id.js';
import { type ByteSource, readUpTo } from './elf/byte-source.js';
import { readInterpreter, readNeeded } from './elf/dynamic-section.js';
import { type ElfFile, readElf } from './elf/elf-file.js';
import { MalformedBinary } from './elf/malformed-binary.js';
import { imageOfFile, type ProgramImage } from './elf/program-image.js';
import { SHT_SYMTAB } from './elf/section-headers.js';
import { symbolValues } from './elf/symbol-values.js';
import { readGoBuildInfo } from './go/build-info.js';
import { readLinkedNames } from './go/linked-names.js';
import { readNativeModule } from './go/native-module.js';
import { KNOWN_BORING_MODULES } from './module/known-boring-modules.js';
import { locateBoringModule, MODULE_SYMBOLS } from './module/locate-boring-module.js';
import { scanCode } from './module/scan-code.js';

/**
 * Everything a binary shows of itself. Reads each byte a small number of times, in windows; never throws: whatever goes wrong
 * is part of the answer.
 */
export function analyzeBinary(source: ByteSource): Promise<BinaryObservation> {
  return analyze(source, (elf) => imageOfFile(source, elf));
}

/**
 * The same of a running program: its file for what the loader reads, its memory for what runs.
 * @param source the file that runs (/proc/PID/exe)
 */
export function analyzeProcess(
  source: ByteSource,
  imageOf: (elf: ElfFile) => Promise<ProgramImage>,
): Promise<BinaryObservation> {
  return analyze(source, imageOf);
}

async function analyze(
  source: ByteSource,
  imageOf: (elf: ElfFile) => ProgramImage | Promise<ProgramImage>,
): Promise<BinaryObservation> {
  try {
    const elf = await readElf(source);
    if (elf === undefined) return { state: 'not-elf', begins: await beginningOf(source) };
    return { state: 'program', facts: await readFacts(source, elf, await imageOf(elf)) };
  } catch (error) {
    if (error instanceof MalformedBinary) return { state: 'malformed', reason: error.message };
    return { state: 'unreadable', reason: unreadableReason(error) };
  }
}

async function beginningOf(source: ByteSource): Promise<'empty' | 'script' | 'other'> {
  const start = (await readUpTo(source, 0, 2)).toString('latin1');
  return start === '' ? 'empty' : start === '#!' ? 'script' : 'other';
}

async function readFacts(source: ByteSource, elf: ElfFile, image: ProgramImage): Promise<BinaryFacts> {
  const symbols = await symbolValues(source, elf, MODULE_SYMBOLS);
  const scan = await scanCode(image, KNOWN_BORING_MODULES);
  return {
    elf: await elfFacts(source, elf),
    go: (await readGoBuildInfo(image)) ?? null,
    names: await readLinkedNames(source, image),
    signatures: [...scan.signatures].sort(),
    boring: await locateBoringModule(image, { symbols, scan }),
    native: await readNativeModule(image),
  };
}

async function elfFacts(source: ByteSource, elf: ElfFile): Promise<ElfFacts> {
  const { memory } = imageOfFile(source, elf);
  const { encoding, machine, kind } = elf.header;
  return {
    bits: encoding.bits,
    byteOrder: encoding.bigEndian ? 'big' : 'little',
    machine,
    kind,
    positionIndependent: kind === 'shared',
    interpreter: await readInterpreter(memory, elf),
    needed: await readNeeded(memory, elf),
    stripped: !elf.sections.some(({ type }) => type === SHT_SYMTAB),
    buildIds: await readBuildIds(memory, elf),
    problems: elf.problems,
  };
}
