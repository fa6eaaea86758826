import { writeClientHello } from '@sealwatch/shared/probe/client-hello.js';
import { CIPHER_SUITES, suiteName, suitesFor } from '@sealwatch/shared/probe/cipher-suite.js';
import { IANA_CIPHER_SUITES } from '@sealwatch/shared/probe/iana-cipher-suites.js';
import { keyShare } from '@sealwatch/shared/probe/key-share.js';
import { NAMED_GROUPS } from '@sealwatch/shared/probe/named-group.js';
import { SIGNATURE_SCHEMES } from '@sealwatch/shared/probe/signature-scheme.js';
import { describe, expect, it } from 'vitest';
import { codesOf, readClientHello } from '../fakes/scripted-tls.js';

describe('a ClientHello', () => {
  it('offers what it is told to, in that order, also when the numbers fall', () => {
    const suites = [0xc030, 0x1301, 0x009c, 0x0005];
    expect(readClientHello(writeClientHello({ version: 'TLS 1.2', suites })).suites).toEqual(suites);
    const groups = [0x19, 0x17];
    const { extensions } = readClientHello(writeClientHello({ version: 'TLS 1.2', suites, groups }));
    expect(codesOf(extensions.get(10)!.subarray(2))).toEqual(groups);
  });

  it('says its version where that version looks for it', () => {
    const offered = (version: 'TLS 1.3' | 'TLS 1.0' | 'SSL 3.0'): ReturnType<typeof readClientHello> =>
      readClientHello(writeClientHello({ version, suites: [1] }));
    expect(offered('TLS 1.3').version).toBe(0x0303);
    expect(offered('TLS 1.3').extensions.get(43)).toEqual(Buffer.from([2, 3, 4]));
    expect(offered('TLS 1.0').version).toBe(0x0301);
    expect(offered('TLS 1.0').extensions.has(43)).toBe(false);
    expect(offered('TLS 1.0').extensions.has(13)).toBe(false);
    expect(offered('SSL 3.0').extensions.size).toBe(0);
    expect(offered('SSL 3.0').suites).toEqual([1, 0x00ff]);
  });

  it('leaves out the signature schemes if told to, and offers compression only before TLS 1.3', () => {
    const silent = readClientHello(writeClientHello({ version: 'TLS 1.2', suites: [1], signatureSchemes: null }));
    expect(silent.extensions.has(13)).toBe(false);
    expect(silent.compression).toEqual([0]);
    const compressing = writeClientHello({ version: 'TLS 1.2', suites: [1], compression: true });
    expect(readClientHello(compressing).compression).toEqual([1, 0]);
  });

  it('carries a server name and protocols', () => {
    const { extensions } = readClientHello(
      writeClientHello({ version: 'TLS 1.2', suites: [1], serverName: 'etcd', alpn: ['h2'] }),
    );
    expect(extensions.get(0)?.toString('hex')).toBe('00070000046574636400'.slice(0, 18));
    expect(extensions.get(16)?.toString('hex')).toBe('0003026832');
  });
});

describe('key shares', () => {
  it.each([
    ['P-256', 65],
    ['P-384', 97],
    ['P-521', 133],
    ['X25519', 32],
    ['X448', 56],
    ['ffdhe2048', 256],
    ['ffdhe8192', 1024],
    ['MLKEM768', 1184],
    ['SecP256r1MLKEM768', 65 + 1184],
    ['X25519MLKEM768', 1184 + 32],
    ['SecP384r1MLKEM1024', 97 + 1568],
  ])('%s has %i bytes', (name, length) => {
    const { id } = NAMED_GROUPS.find((group) => group.name === name)!;
    expect(keyShare(id)).toHaveLength(length);
  });

  it('an ML-KEM key has no coefficient of q or more, which a server must refuse', () => {
    const key = keyShare(0x0201)!;
    for (let at = 0; at < 1152; at += 3) {
      const pair = key.readUIntLE(at, 3);
      expect(pair & 0xfff).toBeLessThan(3329);
      expect(pair >> 12).toBeLessThan(3329);
    }
  });
});

describe('the tables', () => {
  it('name every suite once, under a number of its own', () => {
    expect(IANA_CIPHER_SUITES.length).toBeGreaterThanOrEqual(350);
    expect(new Set(CIPHER_SUITES.map(({ id }) => id)).size).toBe(CIPHER_SUITES.length);
    expect(new Set(CIPHER_SUITES.map(({ name }) => name)).size).toBe(CIPHER_SUITES.length);
    for (const table of [NAMED_GROUPS, SIGNATURE_SCHEMES]) {
      expect(new Set(table.map(({ id }) => id)).size).toBe(table.length);
      expect(new Set(table.map(({ name }) => name)).size).toBe(table.length);
    }
  });

  it('offer AES-GCM first, the strongest first', () => {
    expect(suitesFor('TLS 1.2').slice(0, 5).map(suiteName)).toEqual([
      'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
      'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384',
      'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
      'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
      'TLS_DHE_RSA_WITH_AES_256_GCM_SHA384',
    ]);
    expect(suitesFor('TLS 1.3').slice(0, 3).map(suiteName)).toEqual([
      'TLS_AES_256_GCM_SHA384',
      'TLS_AES_128_GCM_SHA256',
      'TLS_CHACHA20_POLY1305_SHA256',
    ]);
  });

  it('every kind of suite there ever was', () => {
    const names = CIPHER_SUITES.map(({ name }) => name);
    const kinds = 'NULL EXPORT anon RC4 3DES DES40 CAMELLIA ARIA SEED IDEA CCM_8 PSK SRP KRB5 GOST SM4 CHACHA20 ECCPWD';
    for (const kind of kinds.split(' ')) expect(names.filter((name) => name.includes(kind)).length).toBeGreaterThan(0);
  });

  it('TLS 1.3 has its own suites, and no other version has them', () => {
    expect(suitesFor('TLS 1.3').map(suiteName)).toContain('TLS_AES_128_CCM_8_SHA256');
    expect(suitesFor('TLS 1.3').filter((id) => suitesFor('TLS 1.2').includes(id))).toEqual([]);
    expect(suitesFor('TLS 1.3').length + suitesFor('TLS 1.2').length).toBe(CIPHER_SUITES.length);
  });
});
