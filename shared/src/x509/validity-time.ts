import { type DerNode, TAG, TAG_CLASS, text } from './der.js';

/** RFC 5280 §4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050 on, whole seconds. */
export function encodeTime(date: Date): DerNode {
  const [whole = ''] = date.toISOString().split('.');
  const digits = `${whole.replace(/[-:T]/g, '')}Z`;
  return date.getUTCFullYear() < 2050 ? text(TAG.utcTime, digits.slice(2)) : text(TAG.generalizedTime, digits);
}

/** Milliseconds since the Unix epoch. @throws Error if the node is no time of RFC 5280 */
export function decodeTime(node: DerNode | undefined): number {
  if (node?.tagClass !== TAG_CLASS.universal || typeof node.value !== 'string') throw new Error('a time is missing');
  const match = /^(\d{2,4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(node.value);
  const [, year = '', month = '', day = '', hour = '', minute = '', second = ''] = match ?? [];
  const iso = `${fullYear(node.type, year)}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const wall = Date.parse(iso);
  // Date.parse rolls 31 February over into March on some inputs; a time must come back as it was written
  if (Number.isNaN(wall) || new Date(wall).toISOString() !== iso) throw new Error('a time is malformed');
  return wall;
}

function fullYear(type: number, digits: string): string {
  if (type === TAG.utcTime && digits.length === 2) return `${Number(digits) < 50 ? '20' : '19'}${digits}`;
  if (type === TAG.generalizedTime && digits.length === 4) return digits;
  throw new Error('a time is malformed');
}
