import { type ByteSource, readExactly, readUpTo } from '../elf/byte-source.js';
import { sectionNamed } from '../elf/elf-file.js';
import { Fields, wordBytes } from '../elf/encoding.js';
import { MalformedBinary } from '../elf/malformed-binary.js';
import { loadedSegments, type ProgramImage } from '../elf/program-image.js';
import { scanWindows } from '../elf/scan-windows.js';
import { type GoVersion, parseGoVersion } from './go-version.js';
import { type ModuleInfo, NO_MODULE_INFO, parseModuleInfo } from './module-info.js';

export interface GoBuildInfo {
  /** Go 1.13 to 1.17 point at two strings, 1.18 and later write them here. */
  readonly format: 'pointers' | 'inline';
  readonly version: GoVersion;
  readonly module: ModuleInfo;
}

const MAGIC = Buffer.from('\xff Go buildinf:', 'latin1');
const HEADER_BYTES = 32;
const ALIGNMENT = 16;
const MAX_VERSION_BYTES = 1000;
const MAX_MODULE_BYTES = 1024 * 1024;
/** Programs linked by others have it anywhere in their data, and Go itself searches all of it since 1.23. */
const MAX_SCAN_BYTES = 64 * 1024 * 1024;
/** Found by its magic alone, a text may be no build info at all: this many are tried. */
const MAX_CANDIDATES = 16;

/** Undefined if there is none, or none that can be read (golang/go src/debug/buildinfo). */
export async function readGoBuildInfo(image: ProgramImage): Promise<GoBuildInfo | undefined> {
  for (const address of await candidates(image)) {
    const found = await decodeAt(image, address).catch((error: unknown) => {
      if (error instanceof MalformedBinary) return undefined;
      throw error;
    });
    if (found !== undefined) return found;
  }
  return undefined;
}

async function candidates(image: ProgramImage): Promise<number[]> {
  const section = sectionNamed(image.elf, '.go.buildinfo');
  if (section !== undefined && (await hasMagic(image.memory, section.address))) return [section.address];
  const found: number[] = [];
  for (const segment of loadedSegments(image, { executable: false, writable: true })) {
    const end = segment.address + Math.min(segment.fileBytes, MAX_SCAN_BYTES);
    const range = { start: segment.address, end, overlap: MAGIC.length - 1 };
    await scanWindows(image.memory, range, (window, position) => {
      for (let at = window.indexOf(MAGIC); at !== -1; at = window.indexOf(MAGIC, at + 1)) {
        if ((position + at) % ALIGNMENT === 0 && !found.includes(position + at)) found.push(position + at);
        if (found.length === MAX_CANDIDATES) return false;
      }
      return true;
    });
  }
  return found.slice(0, MAX_CANDIDATES);
}

async function hasMagic(memory: ByteSource, address: number): Promise<boolean> {
  return (await readUpTo(memory, address, MAGIC.length)).equals(MAGIC);
}

async function decodeAt(image: ProgramImage, address: number): Promise<GoBuildInfo | undefined> {
  const header = await readExactly(image.memory, address, HEADER_BYTES);
  const [pointerBytes = 0, flags = 0] = header.subarray(MAGIC.length);
  const inline = (flags & 2) !== 0;
  const texts = inline ? await inlineTexts(image.memory, address + HEADER_BYTES) : await pointedTexts(image, address);
  if (texts.version.length === 0) return undefined;
  if (!inline && pointerBytes !== wordBytes(image.elf.header.encoding)) return undefined;
  const module = withoutSentinels(texts.module);
  return {
    format: inline ? 'inline' : 'pointers',
    version: parseGoVersion(texts.version.toString('utf8')),
    module: module === undefined ? NO_MODULE_INFO : parseModuleInfo(module.toString('utf8')),
  };
}

interface Texts {
  readonly version: Buffer;
  readonly module: Buffer;
}

async function inlineTexts(memory: ByteSource, address: number): Promise<Texts> {
  const version = await prefixed(memory, address, MAX_VERSION_BYTES);
  const module = await prefixed(memory, version.end, MAX_MODULE_BYTES);
  return { version: version.text, module: module.text };
}

/** A text behind its length as a uvarint (encoding/binary). */
async function prefixed(memory: ByteSource, address: number, max: number): Promise<{ text: Buffer; end: number }> {
  const head = await readUpTo(memory, address, 5);
  let length = 0;
  let digits = 0;
  for (let more = true; more; digits++) {
    const byte = head[digits];
    if (byte === undefined) throw new MalformedBinary('a length has no end');
    length += (byte & 0x7f) * 2 ** (7 * digits);
    more = byte >= 0x80;
  }
  if (length > max) throw new MalformedBinary('a text is too long');
  const start = address + digits;
  return { text: await readExactly(memory, start, length), end: start + length };
}

async function pointedTexts(image: ProgramImage, address: number): Promise<Texts> {
  const strings = await image.pointers(address + ALIGNMENT, 2);
  const [version = 0, module = 0] = strings;
  return {
    version: await pointedText(image, version, MAX_VERSION_BYTES),
    module: module === 0 ? Buffer.alloc(0) : await pointedText(image, module, MAX_MODULE_BYTES),
  };
}

/** A Go string: where its bytes are, and how many. */
async function pointedText(image: ProgramImage, address: number, max: number): Promise<Buffer> {
  const word = wordBytes(image.elf.header.encoding);
  const [data = 0] = await image.pointers(address, 1);
  const length = new Fields(await readExactly(image.memory, address + word, word), image.elf.header.encoding).word(0);
  if (length > max) throw new MalformedBinary('a text is too long');
  return readExactly(image.memory, data, length);
}

const SENTINEL_BYTES = 16;

/** The linker frames the text so that it can be found; without the frame it is none (cmd/go/internal/modload). */
function withoutSentinels(text: Buffer): Buffer | undefined {
  if (text.length < 2 * SENTINEL_BYTES + 1 || text[text.length - SENTINEL_BYTES - 1] !== 0x0a) return undefined;
  return text.subarray(SENTINEL_BYTES, text.length - SENTINEL_BYTES);
}
