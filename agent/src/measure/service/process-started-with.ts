import { readSmallFile, type SmallFile } from '../host/read-small-file.js';
import type { StartedWith } from './configured-tls.js';

/** A command line can be as long as the stack lets it; one that is longer than this is nobody's. */
const MAX_BYTES = 1024 * 1024;

/**
 * The command line of a running process and, of its environment, the variables that are asked for: the rest is no
 * business of ours and is not kept. Never throws.
 * @param directory `/proc/PID`
 */
export async function processStartedWith(
  directory: string,
  variables: readonly string[],
): Promise<StartedWith | { readonly state: 'unreadable'; readonly reason: string }> {
  const commandLine = await readSmallFile(directory, '/cmdline', MAX_BYTES);
  if (commandLine.state !== 'read') return unreadable('the command line', commandLine);
  const argv = terminated(commandLine.bytes);
  if (argv.length === 0) return { state: 'unreadable', reason: 'the command line is empty' };
  if (variables.length === 0) return { argv, environment: new Map() };
  const file = await readSmallFile(directory, '/environ', MAX_BYTES);
  if (file.state !== 'read') return unreadable('the environment', file);
  return { argv, environment: pick(terminated(file.bytes), variables) };
}

/** Each ends with a zero byte; a program that rewrote them may have left the last one out. */
function terminated(bytes: Buffer): string[] {
  if (bytes.length === 0) return [];
  const texts = bytes.toString('utf8').split('\0');
  if (texts[texts.length - 1] === '') texts.pop();
  return texts;
}

/** Of a name that stands twice the first counts, as in Go's os.Getenv. */
function pick(entries: readonly string[], names: readonly string[]): Map<string, string> {
  const picked = new Map<string, string>();
  for (const entry of entries) {
    const equals = entry.indexOf('=');
    const name = entry.slice(0, equals);
    if (equals > 0 && names.includes(name) && !picked.has(name)) picked.set(name, entry.slice(equals + 1));
  }
  return picked;
}

function unreadable(
  what: string,
  file: Exclude<SmallFile, { state: 'read' }>,
): { readonly state: 'unreadable'; readonly reason: string } {
  return { state: 'unreadable', reason: `${what}: ${file.state === 'absent' ? 'none' : file.reason}` };
}
