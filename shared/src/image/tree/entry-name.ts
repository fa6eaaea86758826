import { CodedError } from '../../runtime/coded-error.js';
import { printable } from '../../runtime/printable.js';
import { pathText } from '../../subject/path-text.js';

/** Linux's PATH_MAX and NAME_MAX: what is longer no runtime can unpack. */
const MAX_PATH = 4096;
const MAX_NAME = 255;

/**
 * The names of an archive member below the root. As containerd and umoci clean them: `..` goes back by name and stops at the
 * root, a leading slash means nothing. @throws CodedError('image.malformed') for names that no file system takes
 */
export function entrySteps(name: string): string[] {
  if (name.length > MAX_PATH) throw refused(name, 'is longer than a path may be');
  const steps: string[] = [];
  for (const step of name.split('/')) {
    if (step === '' || step === '.') continue;
    if (step === '..') steps.pop();
    else if (step.length > MAX_NAME) throw refused(name, 'has a name longer than a name may be');
    else steps.push(step);
  }
  return steps;
}

/** @throws CodedError('image.malformed') for a place that lies too deep */
export function requireShortPath(steps: readonly string[]): void {
  const length = steps.reduce((sum, step) => sum + step.length + 1, 0);
  if (length > MAX_PATH) throw refused(steps.join('/'), 'leads to a path that is too long');
}

/** Names in archives are bytes. */
export function nameText(name: string): string {
  const text = printable(pathText(Buffer.from(name, 'latin1')));
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

export function refused(name: string, why: string): CodedError {
  return new CodedError('image.malformed', `layer entry ${nameText(name)} ${why}`);
}

/** Whether a name was not written as the path it leads to. */
export function isOddName(name: string): boolean {
  return name.startsWith('/') || name.split('/').includes('..');
}
