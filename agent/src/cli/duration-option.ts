import { parseDuration } from '@sealwatch/shared/runtime/duration.js';
import { InvalidArgumentError, Option } from 'commander';

/** An option whose value is a duration with its unit; milliseconds within the bounds. */
export function durationOption(
  flags: string,
  description: string,
  { minMs, maxMs, bounds }: { minMs: number; maxMs: number; bounds: string },
): Option {
  return new Option(flags, description).argParser((text) => {
    const milliseconds = parseDuration(text);
    if (milliseconds === undefined || milliseconds < minMs || milliseconds > maxMs) {
      throw new InvalidArgumentError(`Give a duration with its unit, ${bounds}.`);
    }
    return milliseconds;
  });
}
