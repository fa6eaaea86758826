import { appraise } from '@sealwatch/shared/appraisal/appraise.js';
import { evaluate } from '@sealwatch/shared/appraisal/evaluate.js';
import type { Finding } from '@sealwatch/shared/appraisal/finding.js';
import type { SubjectResult } from '@sealwatch/shared/check/check-result.js';
import { hostResult } from '@sealwatch/shared/check/host-result.js';
import { moduleClaimsOf } from '@sealwatch/shared/check/module-claims.js';
import type { ModuleDeclaration } from '@sealwatch/shared/manifest/module-declaration.js';
import { decodeMeasurement, encodeMeasurement } from '@sealwatch/shared/measurement/measurement-body.js';
import type { ModuleMeasurement, SeenProgram } from '@sealwatch/shared/measurement/module-measurement.js';
import { describe, expect, it } from 'vitest';
import { component, goodMeasurements, manifest, NOW, world, type WorldChanges } from '../fakes/appraisal-world.js';
import { plainDigest } from '../fakes/check-results.js';
import {
  boringFacts,
  CORRUPT,
  declares,
  inMemory,
  KNOWN_BUILD,
  modulesOf,
  nativeFacts,
  onDisk,
  OWN_BUILD,
} from '../fakes/module-measurements.js';

const REQUIRING: WorldChanges = { policy: { require: ['file', 'module', 'host'] } };

/** A manifest whose kubelet has the module declared. */
function declaring(module: ModuleDeclaration): WorldChanges {
  const kubelet = component('kubelet', { digest: plainDigest('a'), module });
  const containerd = component('containerd', {
    digest: plainDigest('b'),
    paths: ['/usr/bin/containerd', '/usr/local/bin/containerd'],
  });
  return { manifests: [manifest('1', { components: [kubelet, containerd] })] };
}

function findings(measurement: ModuleMeasurement | undefined, changes: WorldChanges = {}): Finding[] {
  const all = [...goodMeasurements(), modulesOf('containerd', []), ...(measurement === undefined ? [] : [measurement])];
  return appraise(all, world({ ...REQUIRING, ...changes })).filter(
    ({ subject }) => subject === 'module:kubelet' || subject === 'host',
  );
}

function codes(programs: readonly SeenProgram[], changes: WorldChanges = {}): string[] {
  return findings(modulesOf('kubelet', programs), changes).map(({ code }) => code);
}

function verdict(programs: readonly SeenProgram[], changes: WorldChanges = {}): string {
  return evaluate(findings(modulesOf('kubelet', programs), changes), world(REQUIRING).release.policy).verdict;
}

describe('a module as it should be', () => {
  it.each([
    ['of a known build', boringFacts(), {}],
    ['of a declared build', boringFacts(OWN_BUILD), declaring(declares(OWN_BUILD))],
    ['that is Go’s own, known by name', nativeFacts(), {}],
  ])('%s has no finding, on disk and in memory', (_, facts, changes) => {
    expect(codes([onDisk(facts), inMemory(facts)], changes)).toEqual([]);
  });

  it('need not be there: runc has none, a script can not', () => {
    const plain = { ...boringFacts({ state: 'not-found' }), go: null, signatures: [] };
    const none = { ...plain, names: { ...plain.names, boringCrypto: false, boringCalls: false, fipsOnly: false } };
    expect(codes([onDisk(none)])).toEqual([]);
    expect(codes([{ where: 'file', path: '/usr/bin/kubelet', state: 'not-elf', begins: 'script' }])).toEqual([]);
    expect(codes([])).toEqual([]);
  });
});

describe('a module that is not', () => {
  const liar = boringFacts(
    { state: 'not-found' },
    { names: { ...boringFacts().names, boringCrypto: false, boringCalls: false }, signatures: ['standardCrypto'] },
  );

  it.each([
    ['corrupt', boringFacts(CORRUPT), 'module.corrupt', 'noncompliant'],
    ['claimed and absent', liar, 'module.absent', 'noncompliant'],
    ['of a build nobody knows', boringFacts(OWN_BUILD), 'module.unknown-build', 'compliant'],
    [
      'not restricted to FIPS settings',
      boringFacts(KNOWN_BUILD, { names: { ...boringFacts().names, fipsOnly: false }, signatures: ['boringCrypto'] }),
      'module.unrestricted',
      'compliant',
    ],
    [
      'built in and off',
      nativeFacts({ GOFIPS140: 'v1.0.0', DefaultGODEBUG: 'fips140=off' }),
      'module.mode-off',
      'compliant',
    ],
    [
      'claimed and not to be told',
      { ...liar, boring: { state: 'undetermined', reason: 'why' } as const },
      'module.undetermined',
      'unknown',
    ],
  ] as const)('%s: %#', (_, facts, code, expected) => {
    expect(codes([onDisk(facts)])).toEqual([code]);
    expect(verdict([onDisk(facts)])).toBe(expected);
  });

  it('the declared one fails, known or not, also in a file that nobody signed', () => {
    const declared = declaring(declares(OWN_BUILD));
    expect(codes([onDisk(boringFacts(KNOWN_BUILD))], declared)).toEqual(['module.mismatch']);
    const reinjected = boringFacts({ ...OWN_BUILD, hash: 'f'.repeat(128) });
    const foreign = onDisk(reinjected, plainDigest('7'));
    expect(codes([foreign], declared)).toEqual(['module.mismatch']);
    expect(verdict([foreign], declared)).toBe('noncompliant');
    expect(codes([onDisk(liar, plainDigest('7'))], declared)).toEqual(['module.absent', 'module.mismatch']);
  });

  it('declared for one version is not asked of another that its publisher signed too', () => {
    const { manifests = [] } = declaring(declares(OWN_BUILD));
    const older = manifest('2', { components: [component('kubelet', { digest: plainDigest('8') })] });
    const programs = [onDisk(boringFacts(KNOWN_BUILD), plainDigest('8'))];
    expect(codes(programs, { manifests: [...manifests, older] })).toEqual([]);
  });

  it('Go’s own, declared in another version, fails', () => {
    const declared = declaring({ kind: 'go-native', version: 'v1.26.0', certificates: [] });
    expect(codes([onDisk(nativeFacts())], declared)).toEqual(['module.mismatch']);
    const unknown = nativeFacts({ GOFIPS140: 'v1.26.0', DefaultGODEBUG: 'fips140=on' });
    const facts = { ...unknown, names: { ...unknown.names, frozenVersion: 'v1.26.0' } };
    expect(codes([onDisk(facts)])).toEqual(['module.unknown-build']);
    expect(codes([onDisk(facts)], declared)).toEqual([]);
  });
});

describe('a running program', () => {
  it.each([
    ['BoringCrypto', boringFacts(), boringFacts(OWN_BUILD), ['module.memory-differs', 'module.unknown-build']],
    ['BoringCrypto, corrupt', boringFacts(), boringFacts(CORRUPT), ['module.corrupt', 'module.memory-differs']],
    [
      'Go’s own module',
      nativeFacts(),
      { ...nativeFacts(), native: { ...nativeFacts().native, sum: 'b'.repeat(64) } as never },
      ['module.memory-differs'],
    ],
  ])('whose %s in memory is not its file’s fails', (_, file, memory, expected) => {
    expect(codes([onDisk(file), inMemory(memory)])).toEqual(expected);
    expect(verdict([onDisk(file), inMemory(memory)])).toBe('noncompliant');
  });

  it('is compared with its own file only', () => {
    expect(codes([onDisk(boringFacts(), plainDigest('8')), inMemory(boringFacts(OWN_BUILD))])).toEqual([
      'module.unknown-build',
    ]);
  });

  it.each([
    [nativeFacts(), { name: 'GODEBUG', value: 'fips140=off' }],
    [
      { ...nativeFacts({}), names: { ...nativeFacts().names, openssl: true } },
      { name: 'GOLANG_FIPS', value: '0' },
    ],
    [
      { ...nativeFacts({}), names: { ...nativeFacts().names, openssl: true } },
      { name: 'GOFIPS', value: '0' },
    ],
  ])('is told apart from its file when its environment switches the module off: %#', (facts, variable) => {
    expect(codes([onDisk(facts), inMemory(facts)])).toEqual([]);
    expect(codes([onDisk(facts), inMemory(facts, [variable])])).toEqual(['module.mode-off']);
    const raised = { policy: { ...REQUIRING.policy, severities: { 'module.mode-off': 'fail' } } } as const;
    const found = findings(modulesOf('kubelet', [inMemory(facts, [variable])]));
    expect(evaluate(found, world(raised).release.policy).verdict).toBe('noncompliant');
  });
});

describe('what was not examined', () => {
  it.each([
    ['a malformed file', { where: 'file', path: '/usr/bin/kubelet', state: 'malformed', reason: 'x' }],
    ['an unreadable process', { where: 'process', path: '', state: 'unreadable', reason: 'EACCES' }],
    ['an environment', { ...inMemory(), variables: { state: 'unreadable', reason: 'EACCES' } } as SeenProgram],
  ] as const)('%s is unknown', (_, program) => {
    expect(codes([program])).toEqual(['module.unreadable']);
    expect(verdict([program])).toBe('unknown');
  });

  it('is unknown where there is more of it, or nothing came', () => {
    const more = modulesOf('kubelet', [], { morePrograms: true });
    expect(findings(more).map(({ code }) => code)).toEqual(['module.unseen']);
    expect(findings(undefined).map(({ code }) => code)).toEqual(['evidence.missing']);
  });

  it('may be among processes that nobody can look into, which is said once', () => {
    const blind = modulesOf('kubelet', [], { blind: ['EACCES'] });
    expect(findings(blind)).toMatchObject([{ code: 'process.unseen', subject: 'host' }]);
    const both = findings(blind, { policy: { require: ['file', 'process', 'module', 'host'] } });
    expect(both.filter(({ code }) => code === 'process.unseen')).toEqual([]);
  });

  it('is asked of no host whose policy does not require it', () => {
    expect(codes([onDisk(boringFacts(CORRUPT))], { policy: { require: ['file', 'host'] } })).toEqual([]);
  });

  it('travels unchanged', () => {
    const seen = modulesOf('kubelet', [onDisk(), inMemory(nativeFacts(), [{ name: 'GODEBUG', value: 'fips140=on' }])]);
    expect(decodeMeasurement(encodeMeasurement(seen).bytes)).toEqual(seen);
  });
});

describe('the line of a component', () => {
  function line(programs: readonly SeenProgram[], changes: WorldChanges = {}): SubjectResult | undefined {
    const context = world({ ...REQUIRING, ...changes });
    const measurements = [...goodMeasurements(), modulesOf('containerd', []), modulesOf('kubelet', programs)];
    const judged = evaluate(appraise(measurements, context), context.release.policy);
    const result = hostResult({
      name: 'host-1',
      context,
      measurements,
      ...judged,
      answered: true,
      evidenceAt: NOW,
      head: null,
      agentVersion: null,
      accounting: null,
    });
    return result.subjects.find(({ id }) => id === 'module:kubelet');
  }

  it.each([
    [boringFacts(), 'BoringCrypto, Known Build', 'ok'],
    [boringFacts(OWN_BUILD), 'BoringCrypto, Self-Consistent, Unknown Build', 'warn'],
    [boringFacts(CORRUPT), 'BoringCrypto, Corrupt', 'fail'],
    [nativeFacts(), 'Go Cryptographic Module, Self-Consistent, Known By Name', 'ok'],
    [nativeFacts({}), 'No Module', 'not-checked'],
  ] as const)('says what weighs most: %#', (facts, statement, status) => {
    expect(line([onDisk(facts)])).toMatchObject({ label: 'kubelet [module]', statement, status });
  });

  it('is not better than its worst process', () => {
    expect(line([onDisk(), inMemory(boringFacts(CORRUPT))])?.statement).toBe('BoringCrypto, Corrupt');
  });

  it('keeps five facts apart, the certificate with the day of its status', () => {
    expect(line([onDisk(boringFacts(OWN_BUILD))], declaring(declares(OWN_BUILD)))?.module).toMatchObject([
      {
        where: 'file',
        path: '/usr/bin/kubelet',
        problem: null,
        facts: {
          backend: 'boringcrypto',
          integrity: 'whole',
          identity: { state: 'declared', hash: OWN_BUILD.hash, length: OWN_BUILD.length },
          certificates: [{ number: 3678, status: 'historical', on: NOW.slice(0, 10) }],
          approvedMode: { state: 'always' },
          operatingEnvironment: 'not-examined',
          tlsRestricted: 'yes',
        },
      },
    ]);
  });

  it('is not printed where nothing is installed, or nothing that could have a module', () => {
    expect(line([])).toBeUndefined();
    expect(line([{ where: 'file', path: '/usr/bin/kubelet', state: 'not-elf', begins: 'script' }])).toBeUndefined();
  });
});

describe('who says which module it is', () => {
  it('the manifest, once for all components', () => {
    const module = declares(KNOWN_BUILD);
    const components = ['kubelet', 'kubeadm'].map((name) => component(name, { module }));
    const seen = [[modulesOf('kubelet', [onDisk()])], [modulesOf('kubelet', [onDisk()])]];
    expect(moduleClaimsOf(seen, [manifest('1', { components })])).toEqual([
      {
        claimant: 'manifest manifest-1',
        module: `BoringCrypto (${KNOWN_BUILD.hash.slice(0, 24)}, ${String(KNOWN_BUILD.length)} bytes) of kubeadm, kubelet`,
        certificate: 3678,
      },
    ]);
  });

  it.each([
    ['the list of known builds', KNOWN_BUILD, 3678],
    ['the program itself', OWN_BUILD, null],
  ] as const)('%s, where no manifest does', (claimant, boring, certificate) => {
    const claims = moduleClaimsOf([[modulesOf('kubelet', [onDisk(boringFacts(boring))])]], [manifest('1')]);
    expect(claims).toMatchObject([{ claimant, certificate }]);
  });

  it('nobody, of what has none', () => {
    expect(moduleClaimsOf([[modulesOf('kubelet', [onDisk(nativeFacts({}))])]], [manifest('1')])).toEqual([]);
  });
});
