import type { ReadImage } from '@sealwatch/shared/image/read-image.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { printable } from '@sealwatch/shared/runtime/printable.js';

export interface ImageCommands {
  /** Path texts. */
  readonly paths: readonly string[];
  readonly notes: readonly string[];
}

/** How many executables an error names. */
const MAX_NAMED = 20;

/**
 * What a container's first process may be: what the publisher says, else the image's own program and the executables
 * that are called like the component. A script never is: its process is its interpreter, which runs anything.
 * @throws CodedError('usage.invalid') naming --command and the executables there are
 */
export function imageCommands(
  name: string,
  { entrypoint, executables }: Pick<ReadImage, 'entrypoint' | 'executables'>,
  given: readonly string[],
): ImageCommands {
  const listed = new Set(executables.map(({ path }) => path));
  const unknown = given.find((path) => !listed.has(path));
  if (unknown !== undefined) {
    throw new CodedError(
      'usage.invalid',
      `--command ${name}=${printable(unknown)}: the image has no such executable (links don't count); ` +
        `there are: ${executablesText([...listed])}`,
    );
  }
  if (given.length > 0) return { paths: given, notes: [] };
  const named = [...listed].filter((path) => path.endsWith(`/${name}`));
  const notes: string[] = [];
  const own: string[] = [];
  if (entrypoint.state === 'none') notes.push(`what the image itself runs is not allowed: ${entrypoint.reason}`);
  else {
    const [interpreter] = entrypoint.interpreters.slice(-1);
    if (interpreter === undefined) own.push(entrypoint.file.path);
    else {
      notes.push(
        `the image runs the script ${printable(entrypoint.file.path)}; its process would be ` +
          `${printable(interpreter.path)}, which can run anything, and is not allowed`,
      );
    }
  }
  const paths = [...new Set([...own, ...named])];
  if (paths.length === 0) {
    throw new CodedError(
      'usage.invalid',
      `what a container of the image ${name} runs is not clear (${notes.join('; ')}, and no executable is called ` +
        `${name}); say it with --command ${name}=PATH; there are: ${executablesText([...listed])}`,
    );
  }
  return { paths, notes };
}

function executablesText(paths: readonly string[]): string {
  const more = paths.length - MAX_NAMED;
  return `${printable(paths.slice(0, MAX_NAMED).join(', '))}${more > 0 ? ` and ${String(more)} more` : ''}`;
}
