import type { BinaryFacts } from '@sealwatch/shared/binary/binary-facts.js';
import { concludeModule, type ConclusionContext } from '@sealwatch/shared/binary/conclude-module.js';
import { parseGoVersion } from '@sealwatch/shared/binary/go/go-version.js';
import { NO_MODULE_INFO } from '@sealwatch/shared/binary/go/module-info.js';
import { inspectionOf, inspectionPasses } from '@sealwatch/shared/binary/inspection.js';
import { KNOWN_BORING_MODULES } from '@sealwatch/shared/binary/module/known-boring-modules.js';
import type { ModuleConclusion } from '@sealwatch/shared/binary/module-conclusion.js';
import { moduleRecordOf } from '@sealwatch/shared/binary/module-record.js';
import { describe, expect, it } from 'vitest';

const [GO_1_19] = KNOWN_BORING_MODULES;

const PLAIN: BinaryFacts = {
  elf: {
    bits: 64,
    byteOrder: 'little',
    machine: 'amd64',
    kind: 'executable',
    positionIndependent: false,
    interpreter: null,
    needed: [],
    stripped: true,
    buildIds: { gnu: null, go: null },
    problems: [],
  },
  go: null,
  names: {
    known: true,
    boringCrypto: false,
    standardCrypto: false,
    fipsOnly: false,
    boringCalls: false,
    openssl: false,
    frozenVersion: null,
  },
  signatures: [],
  boring: { state: 'not-found' },
  native: { state: 'absent' },
};

function go(version: string, settings: Record<string, string> = {}): Pick<BinaryFacts, 'go'> {
  return { go: { format: 'inline', version: parseGoVersion(version), module: { ...NO_MODULE_INFO, settings } } };
}

const FOUND = {
  state: 'found',
  by: 'symbols',
  address: 0x403000,
  length: GO_1_19!.length,
  hmac: 'sha512',
  hash: GO_1_19!.hash,
} as const;
const BORING = { ...PLAIN, ...go('go1.19.8 X:boringcrypto'), signatures: ['boringCrypto'], boring: FOUND } as const;
const SUM = { state: 'consistent', address: 1, bytes: 1, sum: '00' } as const;
const FROZEN = { GOFIPS140: 'v1.0.0', DefaultGODEBUG: 'x=1,fips140=on' };
const NATIVE = {
  ...PLAIN,
  ...go('go1.24.4', FROZEN),
  names: { ...PLAIN.names, frozenVersion: 'v1.0.0' },
  signatures: ['standardCrypto'],
  native: SUM,
} as const;

const conclude = (facts: BinaryFacts, context: ConclusionContext = {}): ModuleConclusion =>
  concludeModule(facts, context);

describe('BoringCrypto', () => {
  it('is a known build by hash and length together, with the numbers of its version', () => {
    expect(conclude(BORING)).toMatchObject({
      backend: 'boringcrypto',
      integrity: 'whole',
      module: { state: 'known', certificates: ['3678'], by: 'bytes' },
      approvedMode: { state: 'always' },
      tlsRestricted: 'no',
    });
    for (const other of [{ hash: FOUND.hash.replace('1', '2') }, { length: FOUND.length + 16 }]) {
      expect(conclude({ ...BORING, boring: { ...FOUND, ...other } })).toMatchObject({
        integrity: 'whole',
        module: { state: 'unknown-build' },
      });
    }
  });

  it('restricts TLS only if fipsonly is linked', () => {
    expect(conclude({ ...BORING, signatures: ['boringCrypto', 'fipsOnly'] }).tlsRestricted).toBe('yes');
    expect(conclude({ ...BORING, names: { ...BORING.names, fipsOnly: true } }).tlsRestricted).toBe('yes');
    const nameless = { ...BORING.names, known: false };
    expect(conclude({ ...BORING, names: nameless }).tlsRestricted).toBe('no');
    const arm = { ...BORING, elf: { ...BORING.elf, machine: 'arm64' }, names: nameless } as const;
    expect(conclude(arm).tlsRestricted).toBe('unknown');
  });

  it('is declared if a publisher put exactly this build on record', () => {
    const boring = { ...FOUND, hash: 'ab'.repeat(64), length: 700_000 };
    const declared = [{ hash: boring.hash, length: boring.length, by: 'manifest konvoy-1.7.0' }];
    expect(conclude({ ...BORING, boring }, { declared }).module).toMatchObject({
      state: 'declared',
      by: 'manifest konvoy-1.7.0',
    });
    expect(conclude({ ...BORING, boring: { ...boring, length: 1 } }, { declared }).module.state).toBe('unknown-build');
    expect(moduleRecordOf({ state: 'program', facts: { ...BORING, boring } })).toEqual({
      hmac: 'sha512',
      hash: boring.hash,
      length: 700_000,
    });
    expect(moduleRecordOf({ state: 'program', facts: PLAIN })).toBeNull();
  });

  it('is corrupt if its bytes are, or if its packages are linked and it is nowhere', () => {
    const corrupt = { state: 'corrupt', by: 'known-hash', address: 1, length: 1, reason: 'r' } as const;
    expect(conclude({ ...BORING, boring: corrupt })).toMatchObject({ integrity: 'corrupt', module: { reason: 'r' } });
    expect(conclude({ ...PLAIN, boring: corrupt }).module.state).toBe('corrupt');
    expect(conclude({ ...BORING, boring: { state: 'not-found' } }).module.state).toBe('corrupt');
    const calls = { ...PLAIN, names: { ...PLAIN.names, boringCalls: true } };
    expect(conclude(calls).module.state).toBe('corrupt');
    expect(conclude({ ...BORING, boring: { state: 'undetermined', reason: 'r' } })).toMatchObject({
      integrity: 'not-known',
      module: { state: 'undetermined' },
    });
  });

  it("beside Go's standard cryptography was put together by somebody else", () => {
    expect(conclude({ ...BORING, signatures: ['boringCrypto', 'standardCrypto'] }).module.state).toBe('corrupt');
    expect(conclude({ ...PLAIN, signatures: ['standardCrypto'], boring: FOUND }).module.state).toBe('corrupt');
  });

  it.each([
    ['go1.19.8 X:boringcrypto', {}],
    ['go1.26.1-X:boringcrypto', {}],
    ['go1.15.3b5', {}],
    ['go1.19.8', { GOEXPERIMENT: 'fieldtrack,boringcrypto' }],
  ])('is absent although claimed: %s %j', (version, settings) => {
    const liar = { ...PLAIN, ...go(version, settings), signatures: ['standardCrypto'] } as const;
    expect(conclude(liar)).toMatchObject({
      backend: 'standard',
      integrity: 'no-module',
      module: { state: 'absent-although-claimed' },
      approvedMode: { state: 'none' },
    });
    const untold = { ...liar, boring: { state: 'undetermined', reason: 'r' } } as const;
    expect(conclude(untold).module.state).toBe('undetermined');
    // a mode that is on does not make up for it
    const on = { ...liar, ...go(version, { ...settings, DefaultGODEBUG: 'fips140=on' }), native: SUM };
    expect(conclude(on).module.state).toBe('absent-although-claimed');
  });

  it('of the branch names its module and numbers, as a claim', () => {
    expect(conclude({ ...BORING, ...go('go1.15.3b5') }).claims[0]).toBe(
      'version go1.15.3b5, of BoringCrypto 66005f41fbc3529ffe8d007708756720529da20d (3318, 3702)',
    );
    expect(conclude({ ...BORING, ...go('go1.12.3b4') }).claims[0]).toContain('(2964)');
    expect(conclude({ ...BORING, ...go('go1.18.3b7') }).claims[0]).toContain('(3678)');
    expect(conclude({ ...BORING, ...go('go1.18.3b8') }).claims[0]).toBe('version go1.18.3b8');
  });
});

describe("Go's native module", () => {
  it('is known by name only', () => {
    expect(conclude(NATIVE)).toMatchObject({
      backend: 'go-native',
      integrity: 'whole',
      module: { state: 'known', version: 'v1.0.0-c2097c7c', certificates: ['5247'], by: 'name' },
      approvedMode: { state: 'setting', fips140: 'on', from: 'binary' },
      tlsRestricted: 'yes',
      claims: ['GOFIPS140=v1.0.0', 'DefaultGODEBUG fips140=on'],
    });
  });

  it.each([
    ['latest', null],
    ['v1.26.0', 'v1.26.0'],
    ['v1.0.0', null],
    ['v1.0.0-00000000', 'v1.0.0-00000000'],
  ])('is of no known build with GOFIPS140=%s and functions of %s', (version, frozenVersion) => {
    const facts = { ...NATIVE, ...go('go1.26.1', { ...FROZEN, GOFIPS140: version }) };
    expect(conclude({ ...facts, names: { ...facts.names, frozenVersion } }).module.state).toBe('unknown-build');
  });

  it('is corrupt if its sum is wrong, or its functions are of another version', () => {
    expect(conclude({ ...NATIVE, native: { ...SUM, state: 'corrupt' } }).module.state).toBe('corrupt');
    expect(conclude({ ...NATIVE, native: { state: 'malformed', reason: 'r' } }).module.state).toBe('corrupt');
    const other = { ...NATIVE.names, frozenVersion: 'v1.26.0' };
    expect(conclude({ ...NATIVE, names: other }).module.state).toBe('corrupt');
    const full = { ...NATIVE.names, frozenVersion: 'v1.0.0-c2097c7c' };
    expect(conclude({ ...NATIVE, names: full }).module.state).toBe('known');
  });

  it('is absent although claimed if the mode is on and no record of it is there', () => {
    expect(conclude({ ...NATIVE, native: { state: 'absent' } }).module.state).toBe('absent-although-claimed');
  });

  it.each([
    [undefined, {}, 'standard', 'none', 'no'],
    [undefined, { DefaultGODEBUG: 'fips140=off' }, 'standard', 'none', 'no'],
    [undefined, { DefaultGODEBUG: 'fips140=on' }, 'go-native', 'unknown-build', 'yes'],
    ['fips140=on', {}, 'go-native', 'unknown-build', 'yes'],
    ['fips140=off', FROZEN, 'standard', 'none', 'no'],
    ['fips140=nonsense', FROZEN, 'standard', 'none', 'no'],
    ['http2client=0', FROZEN, 'go-native', 'known', 'yes'],
    [undefined, { ...FROZEN, DefaultGODEBUG: 'fips140=auto' }, 'go-native-host', 'known', 'unknown'],
  ] as const)('GODEBUG %s over %j: %s', (godebug, settings, backend, state, tlsRestricted) => {
    const facts = { ...NATIVE, ...go('go1.24.4', settings) };
    const concluded = conclude(facts, godebug === undefined ? {} : { godebug });
    expect([concluded.backend, concluded.module.state, concluded.tlsRestricted]).toEqual([
      backend,
      state,
      tlsRestricted,
    ]);
    if (godebug?.startsWith('fips140') === true) expect(concluded.approvedMode).toMatchObject({ from: 'environment' });
  });

  it('has a mode that is not known where the build info is gone', () => {
    expect(conclude({ ...NATIVE, go: null })).toMatchObject({
      backend: 'standard',
      approvedMode: { state: 'not-known' },
    });
  });
});

describe('what is neither', () => {
  it("is the system's library, if a bridge or a library of it is linked", () => {
    const bridge = { ...PLAIN, ...go('go1.22.5'), names: { ...PLAIN.names, openssl: true } };
    expect(conclude(bridge)).toMatchObject({ backend: 'openssl-system', module: { state: 'elsewhere' } });
    const linked = { ...PLAIN, elf: { ...PLAIN.elf, needed: ['libcrypto.so.3', 'libc.so.6'] } };
    expect(conclude(linked)).toMatchObject({ backend: 'openssl-system', integrity: 'not-known' });
  });

  it('is a plain program, with no claim and no module', () => {
    expect(conclude(PLAIN)).toMatchObject({ backend: 'not-known', module: { state: 'none' }, claims: [] });
    expect(conclude({ ...PLAIN, ...go('go1.19.8') })).toMatchObject({ backend: 'standard', module: { state: 'none' } });
  });
});

describe('an inspection passes', () => {
  const passes = (facts: BinaryFacts): boolean =>
    inspectionPasses(inspectionOf({ kind: 'file', path: 'f' }, { state: 'program', facts }));

  it('if the module is what the binary makes believe', () => {
    expect([BORING, NATIVE, PLAIN].map(passes)).toEqual([true, true, true]);
  });

  it('not if it is corrupt, absent although claimed, or can not be told', () => {
    expect(passes({ ...BORING, boring: { state: 'not-found' } })).toBe(false);
    expect(passes({ ...BORING, boring: { state: 'undetermined', reason: 'r' } })).toBe(false);
    expect(passes({ ...PLAIN, ...go('go1.15.3b5'), signatures: ['standardCrypto'] })).toBe(false);
    expect(inspectionPasses(inspectionOf({ kind: 'file', path: 'f' }, { state: 'malformed', reason: 'r' }))).toBe(
      false,
    );
  });
});
