import { isTimestamp } from '@sealwatch/shared/runtime/timestamp.js';
import { expect, it } from 'vitest';

it.each(['2026-11-23T09:30:00.000Z', '2024-02-29T23:59:59.999Z'])('%s is a timestamp', (text) => {
  expect(isTimestamp(text)).toBe(true);
});

it.each([
  '2026-02-30T00:00:00.000Z',
  '2025-02-29T00:00:00.000Z',
  '2026-11-23T24:00:00.000Z',
  '2026-11-23T09:30:00Z',
  '2026-11-23T09:30:00.000+00:00',
  '2026-13-01T00:00:00.000Z',
  '',
])('%j is none', (text) => {
  expect(isTimestamp(text)).toBe(false);
});
