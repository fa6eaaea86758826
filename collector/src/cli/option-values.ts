import { parseDuration } from '@sealwatch/shared/runtime/duration.js';
import { COMPONENT_NAME, HOST_NAME } from '@sealwatch/shared/subject/component.js';
import { InvalidArgumentError } from 'commander';

/** Values of flags and arguments; what is wrong becomes a usage error, exit status 2. */

/** Milliseconds between the bounds. */
export function durationBetween(least: number, most: number, bounds: string): (text: string) => number {
  return (text) => {
    const milliseconds = parseDuration(text);
    if (milliseconds === undefined || milliseconds < least || milliseconds > most) {
      throw new InvalidArgumentError(`Write it like 60s or 5m, ${bounds}.`);
    }
    return milliseconds;
  };
}

export function wholeNumber(text: string): number {
  const number = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(number)) throw new InvalidArgumentError('Write a whole number above 0.');
  return number;
}

export function hostName(text: string): string {
  if (HOST_NAME.test(text)) return text;
  throw new InvalidArgumentError("Write a host's name as in cluster.yaml: lower case, digits, . and -.");
}

export function serviceName(text: string): string {
  if (COMPONENT_NAME.test(text)) return text;
  throw new InvalidArgumentError("Write a service's name as in cluster.yaml: lower case, digits, ., _ and -.");
}

/** For a flag that may be given several times. */
export function hostNames(text: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, hostName(text)];
}

export function nonEmpty(text: string): string {
  if (text.trim() !== '') return text;
  throw new InvalidArgumentError('Write some text.');
}
