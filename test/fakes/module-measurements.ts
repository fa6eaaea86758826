import type { LocatedModule } from '@sealwatch/shared/binary/module/locate-boring-module.js';
import { KNOWN_BORING_MODULES } from '@sealwatch/shared/binary/module/known-boring-modules.js';
import type { ModuleFacts } from '@sealwatch/shared/binary/module-facts.js';
import type { ModuleDeclaration } from '@sealwatch/shared/manifest/module-declaration.js';
import type { ModuleMeasurement, SeenProgram } from '@sealwatch/shared/measurement/module-measurement.js';
import { plainDigest } from './check-results.js';
import { known } from './process-measurements.js';

const [GO_1_19] = KNOWN_BORING_MODULES;

/** The module of Go 1.19, whole. */
export const KNOWN_BUILD: Extract<LocatedModule, { state: 'found' }> = {
  state: 'found',
  by: 'symbols',
  address: 4096,
  length: GO_1_19?.length ?? 0,
  hmac: 'sha512',
  hash: GO_1_19?.hash ?? '',
};

/** Whole, by the sum it keeps, and nobody's. */
export const OWN_BUILD: Extract<LocatedModule, { state: 'found' }> = { ...KNOWN_BUILD, hash: 'e'.repeat(128) };

export const CORRUPT: LocatedModule = {
  state: 'corrupt',
  by: 'symbols',
  address: 4096,
  length: KNOWN_BUILD.length,
  reason: 'its bytes do not give the hash it keeps',
};

export function declares(boring: Extract<LocatedModule, { state: 'found' }>, certificates = [3678]): ModuleDeclaration {
  const { hmac, hash, length } = boring;
  return { kind: 'boringcrypto', hmac, hash, length, certificates };
}

/** A Go program with BoringCrypto and crypto/tls/fipsonly. */
export function boringFacts(boring: LocatedModule = KNOWN_BUILD, changes: Partial<ModuleFacts> = {}): ModuleFacts {
  return {
    elf: { machine: 'amd64', needed: [] },
    go: {
      version: { text: 'go1.19.8 X:boringcrypto', experiments: ['boringcrypto'], boringRelease: null },
      module: { settings: { GOEXPERIMENT: 'boringcrypto' } },
    },
    names: { ...NO_NAMES, boringCrypto: true, fipsOnly: true, boringCalls: true },
    signatures: ['boringCrypto', 'fipsOnly'],
    boring,
    native: { state: 'absent' },
    ...changes,
  };
}

/** A Go program whose own module is on. */
export function nativeFacts(settings: Readonly<Record<string, string>> = FROZEN): ModuleFacts {
  return {
    elf: { machine: 'amd64', needed: [] },
    go: { version: { text: 'go1.24.4', experiments: [], boringRelease: null }, module: { settings } },
    names: { ...NO_NAMES, frozenVersion: 'v1.0.0' },
    signatures: [],
    boring: { state: 'not-found' },
    native: { state: 'consistent', address: 4096, bytes: 500_000, sum: 'a'.repeat(64) },
  };
}

const FROZEN = { GOFIPS140: 'v1.0.0', DefaultGODEBUG: 'fips140=on' };

const NO_NAMES: ModuleFacts['names'] = {
  known: true,
  boringCrypto: false,
  standardCrypto: false,
  fipsOnly: false,
  boringCalls: false,
  openssl: false,
  frozenVersion: null,
};

/** The signed kubelet of the appraisal world, on disk. */
export function onDisk(facts: ModuleFacts = boringFacts(), digest = plainDigest('a')): SeenProgram {
  return { where: 'file', path: '/usr/bin/kubelet', state: 'program', digest, facts, variables: null };
}

/** The same as it runs. */
export function inMemory(
  facts: ModuleFacts = boringFacts(),
  variables: readonly { name: string; value: string }[] = [],
): SeenProgram {
  return {
    where: 'process',
    path: '/usr/bin/kubelet',
    state: 'program',
    digest: plainDigest('a'),
    facts,
    variables: known(variables),
  };
}

export function modulesOf(
  component: string,
  programs: readonly SeenProgram[],
  changes: Partial<ModuleMeasurement['observed']> = {},
): ModuleMeasurement {
  const observed = { state: 'seen', programs, morePrograms: false, blind: [], ...changes } as const;
  return { subject: { kind: 'module', component }, observed };
}
