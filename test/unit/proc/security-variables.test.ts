import { securityVariables } from '@sealwatch/shared/proc/security-variables.js';
import { describe, expect, it } from 'vitest';

function names(...entries: readonly string[]): string[] {
  return securityVariables(Buffer.from(entries.map((entry) => `${entry}\0`).join(''))).map(({ name }) => name);
}

describe('the variables that are looked at', () => {
  it.each([
    'LD_PRELOAD',
    'LD_AUDIT',
    'LD_LIBRARY_PATH',
    'LD_BIND_NOW',
    'GLIBC_TUNABLES',
    'GODEBUG',
    'GOFIPS',
    'GOLANG_FIPS',
    'GO_OPENSSL_VERSION_OVERRIDE',
    'OPENSSL_CONF',
    'OPENSSL_MODULES',
    'OPENSSL_FORCE_FIPS_MODE',
  ])('include %s', (name) => {
    expect(names('PATH=/bin', `${name}=1`)).toEqual([name]);
  });

  it.each([
    'PATH=LD_PRELOAD=/x',
    'XLD_PRELOAD=1',
    'godebug=1',
    'LD_=1',
    'GODEBUG',
    'AWS_SECRET=1',
    '=GODEBUG=1',
    'OLD_X=1',
  ])('do not include %j', (entry) => {
    expect(names(entry)).toEqual([]);
  });

  it('are given with their values, byte for byte, repeated and empty ones too', () => {
    const block = Buffer.from('GODEBUG=a=b\xff\0GODEBUG=\0\0GOFIPS=0', 'latin1');
    expect(securityVariables(block)).toEqual([
      { name: 'GODEBUG', value: Buffer.from('a=b\xff', 'latin1') },
      { name: 'GODEBUG', value: Buffer.alloc(0) },
      { name: 'GOFIPS', value: Buffer.from('0') },
    ]);
  });
});
