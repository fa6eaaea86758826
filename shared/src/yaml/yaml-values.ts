import { formatDuration, parseDuration } from '../runtime/duration.js';
import { printable } from '../runtime/printable.js';
import { isTimestamp, type Timestamp, timestamp, wallTime } from '../runtime/timestamp.js';
import { isScalar } from 'yaml';
import { parseHostPort } from '../runtime/host-port.js';
import { type Decoder, refuse, suggestion } from './yaml-decoder.js';

/** Text; `what` says what would be right: `a host name in lower case`. */
export function text(rule: { what: string; pattern?: RegExp; maxLength: number }): Decoder<string> {
  return (at) => {
    const value = isScalar(at.node) ? at.node.value : undefined;
    if (typeof value === 'number' || typeof value === 'boolean') {
      return refuse(at, `must be ${rule.what}; put it in quotes`);
    }
    if (typeof value !== 'string') return refuse(at, `must be ${rule.what}`);
    if (value === '' || value.length > rule.maxLength || rule.pattern?.test(value) === false) {
      return refuse(at, `${quoted(value)} is not ${rule.what}`);
    }
    return value;
  };
}

export function oneOf<T extends string>(values: readonly T[]): Decoder<T> {
  return (at) => {
    const value = isScalar(at.node) ? at.node.value : undefined;
    const known = values.find((candidate) => candidate === value);
    if (known !== undefined) return known;
    const hint = typeof value === 'string' ? suggestion(value, values) : '';
    return refuse(at, `must be ${values.length === 1 ? '' : 'one of '}${values.join(', ')}${hint}`);
  };
}

export const flag: Decoder<boolean> = (at) => {
  const value = isScalar(at.node) ? at.node.value : undefined;
  return typeof value === 'boolean' ? value : refuse(at, 'must be true or false');
};

/** `30s`, as milliseconds within the bounds. */
export function duration(bounds: { min: number; max: number }): Decoder<number> {
  return (at) => {
    const value = isScalar(at.node) ? at.node.value : undefined;
    const milliseconds = typeof value === 'string' ? parseDuration(value) : undefined;
    if (milliseconds === undefined) {
      return refuse(at, 'must be a duration with its unit (ms, s, m, h or d), such as 30s or 15m');
    }
    if (milliseconds < bounds.min || milliseconds > bounds.max) {
      return refuse(at, `must be from ${formatDuration(bounds.min)} to ${formatDuration(bounds.max)}`);
    }
    return milliseconds;
  };
}

/** `10%`, as a part of one, within the bounds, which are percents. */
export function percentage(bounds: { min: number; max: number }): Decoder<number> {
  return (at) => {
    const value = isScalar(at.node) ? at.node.value : undefined;
    const match = typeof value === 'string' ? /^(\d{1,3}(?:\.\d{1,2})?)%$/.exec(value) : null;
    const percent = match === null ? NaN : Number(match[1]);
    if (percent >= bounds.min && percent <= bounds.max) return percent / 100;
    return refuse(at, `must be from ${String(bounds.min)}% to ${String(bounds.max)}%, with the sign, such as 10%`);
  };
}

/** `50MiB`, as bytes, within the bounds, which are whole MiB. */
export function size(bounds: { minMiB: number; maxMiB: number }): Decoder<number> {
  return (at) => {
    const value = isScalar(at.node) ? at.node.value : undefined;
    const match = typeof value === 'string' ? /^(\d{1,9})(KiB|MiB|GiB)$/.exec(value) : null;
    const bytes = match === null ? NaN : Number(match[1]) * BYTES[match[2] as keyof typeof BYTES];
    if (bytes >= bounds.minMiB * BYTES.MiB && bytes <= bounds.maxMiB * BYTES.MiB) return bytes;
    const { minMiB, maxMiB } = bounds;
    return refuse(
      at,
      `must be from ${String(minMiB)}MiB to ${String(maxMiB)}MiB, with its unit (KiB, MiB or GiB), such as 50MiB`,
    );
  };
}

const BYTES = { KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const;

/** A whole number within the bounds. */
export function count(bounds: { min: number; max: number }): Decoder<number> {
  return (at) => {
    const value = isScalar(at.node) ? at.node.value : undefined;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= bounds.min && value <= bounds.max) {
      return value;
    }
    return refuse(at, `must be a whole number from ${String(bounds.min)} to ${String(bounds.max)}`);
  };
}

/** `host:port`. */
export const address: Decoder<string> = (at) => {
  const value = isScalar(at.node) ? at.node.value : undefined;
  if (typeof value === 'string' && parseHostPort(value) !== undefined) return value;
  return refuse(at, 'must be host:port, such as 10.0.0.5:7443 or [fd00::5]:7443');
};

/** RFC 3339 in UTC; milliseconds may be left out. */
export const moment: Decoder<Timestamp> = (at) => {
  const value = isScalar(at.node) ? at.node.value : undefined;
  if (typeof value === 'string') {
    const exact = value.replace(/(T\d{2}:\d{2}:\d{2})Z$/, '$1.000Z');
    // a day that is not (30 February) would otherwise become another one
    if (isTimestamp(exact) && timestamp(wallTime(exact)) === exact) return exact;
  }
  return refuse(at, 'must be a time in UTC, such as 2026-11-23T09:30:00Z');
};

function quoted(value: string): string {
  return JSON.stringify(printable(value.length > 80 ? `${value.slice(0, 80)}…` : value));
}
