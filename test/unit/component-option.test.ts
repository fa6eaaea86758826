import { componentOption, signatureOption } from '@sealwatch/collector/cli/component-option.js';
import { describe, expect, it } from 'vitest';

describe('--component', () => {
  it.each([
    ['kubelet=/usr/bin/kubelet', ['/usr/bin/kubelet']],
    ['runc=/usr/bin/runc,/usr/sbin/runc', ['/usr/bin/runc', '/usr/sbin/runc']],
    ['odd=/a b/c=d', ['/a b/c=d']],
    ['odd=/a\\,b,/c', ['/a,b', '/c']],
    ['odd=/a\\\\,/b', ['/a\\\\', '/b']],
    ['odd=/a\\xff\\\\x41', ['/a\\xff\\\\x41']],
  ])('reads %s', (text, paths) => {
    expect(componentOption(text, [])).toEqual([{ name: text.slice(0, text.indexOf('=')), paths }]);
  });

  it.each([
    ['kubelet', /NAME=PATH/],
    ['=/usr/bin/kubelet', /NAME=PATH/],
    ['Kubelet=/usr/bin/kubelet', /lower-case/],
    ['kubelet=/usr/bin/kubelet,', /"" is no absolute path/],
    ['kubelet=/usr//bin', /no absolute path/],
    ['kubelet=/', /no absolute path/],
    ['kubelet=/a\\b', /backslash/],
    ['kubelet=/a\\x41', /backslash/],
    ['kubelet=/a,/a', /given twice/],
  ])('refuses %s', (text, why) => {
    expect(() => componentOption(text, [])).toThrow(why);
  });

  it('collects several and refuses one name twice', () => {
    const two = componentOption('runc=/usr/bin/runc', componentOption('kubelet=/usr/bin/kubelet', []));
    expect(two.map(({ name }) => name)).toEqual(['kubelet', 'runc']);
    expect(() => componentOption('runc=/opt/runc', two)).toThrow(/runc is given twice/);
  });
});

it('--signature names a file for each component once', () => {
  const given = signatureOption('kubelet=a=b.sig', new Map());
  expect([...given]).toEqual([['kubelet', 'a=b.sig']]);
  expect(() => signatureOption('kubelet=c.sig', given)).toThrow(/given twice/);
});
