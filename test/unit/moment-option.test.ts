import { momentOption } from '@sealwatch/collector/cli/moment-option.js';
import { expect, it } from 'vitest';

it.each([
  ['2027-01-31', '2027-01-31T00:00:00.000Z'],
  ['2028-02-29', '2028-02-29T00:00:00.000Z'],
  ['2027-01-31T09:30:00Z', '2027-01-31T09:30:00.000Z'],
  ['2027-01-31T09:30:00.5+01:00', '2027-01-31T08:30:00.500Z'],
])('reads %s', (text, moment) => {
  expect(momentOption(text)).toBe(moment);
});

it.each(['', 'tomorrow', '2027-02-29', '2027-04-31', '2027-13-01', '2027-01-31T09:30:00', '2027-1-1', '31.01.2027'])(
  'refuses %j, which is no one moment',
  (text) => {
    expect(() => momentOption(text)).toThrow(/Write a date/);
  },
);
