import { appraiseFileAccess } from '@sealwatch/shared/appraisal/appraise-file-access.js';
import { expect, it } from 'vitest';

const ROOT = { uid: 0 };
const codes = (mode: string, uid = 0, gid = 0, others: readonly { uid: number }[] = [ROOT]): string[] =>
  appraiseFileAccess('file:a:/a', { mode, uid, gid }, others).map(({ code }) => code);

it.each(['0755', '0700', '0555', '0644', '1755', '0775'])('a file of root with mode %s is as it should be', (mode) => {
  expect(codes(mode)).toEqual([]);
});

it.each(['4755', '2755', '6755', '0757', '0666', '0777'])('one with mode %s is not', (mode) => {
  expect(codes(mode)).toEqual(['file.permissions']);
});

it('one that a group other than root may write to is not', () => {
  expect(codes('0775', 0, 100)).toEqual(['file.permissions']);
  expect(codes('0755', 0, 100)).toEqual([]);
});

it('one of another owner is not, where root owns others', () => {
  expect(codes('0755', 1001, 1001)).toEqual(['file.owner']);
});

it('a tree that is wholly of one ordinary user is', () => {
  expect(codes('0775', 1000, 1000, [{ uid: 1000 }])).toEqual([]);
});
