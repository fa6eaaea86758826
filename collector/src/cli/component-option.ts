import { COMPONENT_NAME } from '@sealwatch/shared/subject/component.js';
import { isAbsolutePathText } from '@sealwatch/shared/subject/path-text.js';
import { InvalidArgumentError } from 'commander';
import type { ComponentToMeasure } from '../publishing/measure-component.js';
import { splitAssignment } from './split-assignment.js';

/** `--component NAME=PATH[,PATH...]`, repeatable. A comma that belongs to a path is written `\,`. */
export function componentOption(text: string, earlier: readonly ComponentToMeasure[]): readonly ComponentToMeasure[] {
  const { name, value } = splitAssignment(text, 'NAME=PATH, like kubelet=/usr/bin/kubelet');
  if (!COMPONENT_NAME.test(name)) {
    throw new InvalidArgumentError('A component name has lower-case letters, digits, ".", "_" and "-", at most 63.');
  }
  if (earlier.some((component) => component.name === name)) {
    throw new InvalidArgumentError(`Component ${name} is given twice; list all its paths at once, with commas.`);
  }
  const paths = splitPaths(value);
  const wrong = paths.find((path) => !isAbsolutePathText(path));
  if (wrong !== undefined) {
    throw new InvalidArgumentError(
      `"${wrong}" is no absolute path; write it from / on, without . and .., a backslash as \\\\ and bytes that are ` +
        'not UTF-8 as \\xHH.',
    );
  }
  if (new Set(paths).size !== paths.length) throw new InvalidArgumentError(`A path of ${name} is given twice.`);
  return [...earlier, { name, paths }];
}

/** `--signature NAME=FILE`, repeatable. */
export function signatureOption(text: string, earlier: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const { name, value } = splitAssignment(text, 'NAME=FILE, like kubelet=kubelet.sig');
  if (earlier.has(name)) throw new InvalidArgumentError(`The signature of ${name} is given twice.`);
  return new Map([...earlier, [name, value]]);
}

/** `--module-certificate NAME=NUMBER`, repeatable, also for one component. */
export function certificateOption(
  text: string,
  earlier: ReadonlyMap<string, readonly number[]>,
): ReadonlyMap<string, readonly number[]> {
  const { name, value } = splitAssignment(text, 'NAME=NUMBER, like kubelet=3678');
  if (!/^[1-9]\d{0,5}$/.test(value)) {
    throw new InvalidArgumentError('Write the number of a CMVP certificate, like kubelet=3678.');
  }
  return new Map([...earlier, [name, [...(earlier.get(name) ?? []), Number(value)]]]);
}

function splitPaths(text: string): string[] {
  const paths = [''];
  for (let i = 0; i < text.length; i++) {
    const pair = text.slice(i, i + 2);
    if (pair === '\\,' || pair === '\\\\') {
      paths.push(`${paths.pop() ?? ''}${pair === '\\,' ? ',' : pair}`);
      i += 1;
    } else if (text[i] === ',') paths.push('');
    else paths.push(`${paths.pop() ?? ''}${text.slice(i, i + 1)}`);
  }
  return paths;
}
