/** What the kernel was started with, as far as FIPS mode is concerned. */
export interface CommandLine {
  /** Value of each `fips=`, in order; the kernel keeps the last. A bare `fips` has none and is not among them. */
  readonly fips: readonly string[];
  /** `boot=`, the file system on which dracut finds the kernel's HMAC (dracut, modules.d/01fips); the last one. */
  readonly boot: string | null;
  /** `rd.fips.skipkernel`: dracut does not check the kernel's HMAC. */
  readonly skipsKernelCheck: boolean;
}

const MAX_VALUES = 16;
const MAX_TEXT = 256;

/**
 * `/proc/cmdline`, split as the kernel does (lib/cmdline.c, next_arg): double quotes keep spaces together, and what
 * stands after a lone `--` belongs to init. Written with quotes a parameter is not the exact token dracut looks for.
 * @returns undefined if there is more of it than any boot loader writes
 */
export function parseCommandLine(bytes: Buffer): CommandLine | undefined {
  const parameters = kernelParameters(bytes.toString('utf8'));
  const fips = valuesOf(parameters, 'fips');
  const boot = valuesOf(parameters, 'boot').pop() ?? null;
  if (fips.length > MAX_VALUES || [...fips, boot ?? ''].some((text) => text.length > MAX_TEXT)) return undefined;
  return { fips, boot, skipsKernelCheck: parameters.some((text) => /^rd\.fips\.skipkernel(=|$)/.test(text)) };
}

function kernelParameters(line: string): string[] {
  const parameters: string[] = [];
  let current = '';
  let quoted = false;
  for (const char of `${line} `) {
    if (char === '"') quoted = !quoted;
    if (quoted || !/\s/.test(char)) {
      current += char;
      continue;
    }
    if (current === '--') return parameters;
    if (current !== '') parameters.push(current);
    current = '';
  }
  // an unclosed quote: the kernel takes the rest as one parameter
  if (current !== '') parameters.push(current);
  return parameters;
}

function valuesOf(parameters: readonly string[], name: string): string[] {
  return parameters.filter((text) => text.startsWith(`${name}=`)).map((text) => text.slice(name.length + 1));
}
