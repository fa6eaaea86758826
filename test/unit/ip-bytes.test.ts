import { BlockList, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { ipBytes, unmapped } from '@sealwatch/shared/runtime/ip-bytes.js';
import { describe, expect, it } from 'vitest';

describe('the bytes of an IP address', () => {
  it.each([
    ['127.0.0.1', '7f000001'],
    ['::', '00000000000000000000000000000000'],
    ['::1', '00000000000000000000000000000001'],
    ['fe80::', 'fe800000000000000000000000000000'],
    ['fe80::1%eth0', 'fe800000000000000000000000000001'],
    ['2001:DB8:0:0:8:800:200c:417A', '20010db80000000000080800200c417a'],
    ['::ffff:10.0.0.5', '00000000000000000000ffff0a000005'],
    ['::ffff:a00:5', '00000000000000000000ffff0a000005'],
  ])('%s', (text, hex) => {
    expect(ipBytes(text)?.toString('hex')).toBe(hex);
  });

  it.each(['', 'localhost', '1.2.3', '1.2.3.4.5', '::1::', 'fe80', '[::1]'])('are not those of %j', (text) => {
    expect(ipBytes(text)).toBeUndefined();
  });

  it('are what the platform takes every text of it for', () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        if (!isIPv6(text)) return;
        const bytes = ipBytes(text)!;
        expect(bytes).toHaveLength(16);
        const written = bytes.toString('hex').replace(/(.{4})(?!$)/g, '$1:');
        const list = new BlockList();
        list.addAddress(written, 'ipv6');
        expect(list.check(text, 'ipv6')).toBe(true);
      }),
    );
  });

  it('of a mapped address stand for an IPv4 address, and of no other', () => {
    expect(unmapped(ipBytes('::ffff:127.0.0.1')!)).toEqual(Buffer.from([127, 0, 0, 1]));
    expect(unmapped(ipBytes('::127.0.0.1')!)).toHaveLength(16);
    expect(unmapped(ipBytes('10.0.0.5')!)).toEqual(Buffer.from([10, 0, 0, 5]));
  });
});
