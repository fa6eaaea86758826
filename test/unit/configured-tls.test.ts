import { configuredTls, settingsFileOf, type StartedWith } from '@sealwatch/agent/measure/service/configured-tls.js';
import type { SettingsFile } from '@sealwatch/agent/measure/service/read-settings-file.js';
import { readFlags } from '@sealwatch/agent/measure/service/read-flags.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

type Settings = ReturnType<typeof configuredTls>;

const started = (args: readonly string[], environment: Record<string, string> = {}): StartedWith => ({
  argv: ['/usr/bin/program', ...args],
  environment: new Map(Object.entries(environment)),
});

const flags = (component: string, ...args: string[]): Settings => configuredTls(component, started(args), []);

const text = (yaml: string): SettingsFile => ({ state: 'read', bytes: Buffer.from(yaml) });

const withFile = (component: string, yaml: string, ...args: string[]): Settings =>
  configuredTls(component, started(args), [text(yaml)]);

const nothing = { state: 'read', suites: null, minVersion: null, maxVersion: null };
const GCM = 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384';
const GCM128 = 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256';

describe('the flags of a Kubernetes component', () => {
  it('are read from the command line kubeadm writes', () => {
    const args = [
      '--advertise-address=172.17.0.7',
      '--secure-port=6443',
      `--tls-cipher-suites=${GCM},${GCM128}`,
      '--tls-min-version=VersionTLS12',
      '--tls-private-key-file=/etc/kubernetes/pki/apiserver.key',
    ];
    for (const component of ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy', 'kubelet']) {
      expect(flags(component, ...args)).toEqual({
        state: 'read',
        suites: [GCM, GCM128],
        minVersion: 'TLS 1.2',
        maxVersion: null,
      });
    }
  });

  it.each([
    ['with a value of its own', ['--tls-min-version', 'VersionTLS13']],
    ['with one dash', ['-tls-min-version=VersionTLS13']],
    ['with underscores', ['--tls_min_version=VersionTLS13']],
    ['the last one counting', ['--tls-min-version=VersionTLS10', '--tls-min-version=VersionTLS13']],
    ['behind a wrapper', ['--log-file=x', '/usr/local/bin/kube-apiserver', '--tls-min-version=VersionTLS13']],
  ])('may be written %s', (_, args) => {
    expect(flags('kube-apiserver', ...args)).toMatchObject({ state: 'read', minVersion: 'TLS 1.3' });
  });

  it('are defaults where they are not given or empty', () => {
    expect(flags('kube-apiserver')).toEqual(nothing);
    expect(flags('kube-apiserver', '--tls-cipher-suites=', '--tls-min-version=')).toEqual(nothing);
    expect(flags('kube-apiserver', '--', '--tls-min-version=VersionTLS13')).toEqual(nothing);
    expect(flags('kube-apiserver', '--tls-min-version-of-mine=x', '--x-tls-cipher-suites=y')).toEqual(nothing);
  });

  it('add to the list of suites when given twice', () => {
    const twice = [`--tls-cipher-suites=${GCM}`, `--tls-cipher-suites=${GCM128},${GCM}`];
    expect(flags('kube-apiserver', ...twice)).toMatchObject({ suites: [GCM, GCM128] });
  });

  it('have suites under registered names; what has none stays as it is', () => {
    const written = [
      'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305',
      'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305',
      'MY_SUITE\u202e',
    ];
    expect(flags('kube-apiserver', `--tls-cipher-suites=${written.join(',')}`)).toMatchObject({
      suites: [
        'TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256',
        'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
        'MY_SUITE\\u202e',
      ],
    });
  });
});

describe('what leaves settings in doubt is unreadable, never "not set":', () => {
  it.each([
    ['a version nobody knows', ['--tls-min-version=VersionTLS14'], 'no TLS version: VersionTLS14'],
    ['a flag without its value', ['--tls-min-version'], '--tls-min-version has no value'],
    [
      "a shell's command",
      ['-c', `exec kube-apiserver --tls-cipher-suites=${GCM}`],
      '--tls-cipher-suites stands inside another argument',
    ],
    [
      'more suites than there are',
      [`--tls-cipher-suites=${Array.from({ length: 65 }, (_, i) => String(i)).join(',')}`],
      'more than 64 cipher suites',
    ],
  ])('%s', (_, args, reason) => {
    expect(flags('kube-apiserver', ...args)).toEqual({ state: 'unreadable', reason });
  });

  it.each([
    ['absent', { state: 'absent' }, 'its settings file is absent'],
    ['denied', { state: 'unreadable', reason: 'no' }, 'its settings file: no'],
    ['broken', { state: 'read', bytes: Buffer.from('a: [') }, 'its settings file: no valid YAML document'],
    ['a list', { state: 'read', bytes: Buffer.from('- a') }, 'its settings file is no mapping'],
    ['odd', { state: 'read', bytes: Buffer.from('tlsCipherSuites: x') }, 'its settings file has no list of suites'],
    [
      'odder',
      { state: 'read', bytes: Buffer.from('tlsMinVersion: 1.2') },
      'its settings file has a TLS version that is no text',
    ],
  ] as const)('a settings file that is %s', (_, file, reason) => {
    expect(configuredTls('kubelet', started(['--config=/x']), [file])).toEqual({ state: 'unreadable', reason });
  });
});

describe("the kubelet's file", () => {
  const yaml = `kind: KubeletConfiguration\ntlsCipherSuites: [${GCM}]\ntlsMinVersion: VersionTLS12\n`;

  it('is the one its flag names', () => {
    expect(settingsFileOf('kubelet', started(['--config', '/var/lib/kubelet/config.yaml']))).toBe(
      '/var/lib/kubelet/config.yaml',
    );
    expect(settingsFileOf('kubelet', started(['--kubeconfig=/etc/kubernetes/kubelet.conf']))).toBeUndefined();
    expect(settingsFileOf('kube-apiserver', started(['--config=/x']))).toBeUndefined();
  });

  it('counts where no flag is given', () => {
    const expected = { state: 'read', suites: [GCM], minVersion: 'TLS 1.2', maxVersion: null };
    expect(withFile('kubelet', yaml)).toEqual(expected);
    expect(withFile('kubelet', yaml, '--tls-min-version=VersionTLS13')).toEqual({ ...expected, minVersion: 'TLS 1.3' });
    expect(withFile('kubelet', yaml, `--tls-cipher-suites=${GCM128}`)).toEqual({ ...expected, suites: [GCM128] });
    expect(withFile('kubelet', yaml, '--tls-cipher-suites=')).toEqual({ ...expected, suites: null });
    expect(withFile('kubelet', 'kind: KubeletConfiguration\n')).toEqual(nothing);
    expect(withFile('kubelet', '')).toEqual(nothing);
  });

  it('has others over it, each key of which counts as a whole, and null as nothing; flags go before all', () => {
    const merged = (args: readonly string[], ...over: readonly string[]): Settings =>
      configuredTls('kubelet', started(['--config=/x', '--config-dir=/x.d', ...args]), [yaml, ...over].map(text));
    const expected = { state: 'read', suites: [GCM], minVersion: 'TLS 1.2', maxVersion: null };
    expect(merged([], `tlsCipherSuites: [${GCM128}]`)).toEqual({ ...expected, suites: [GCM128] });
    expect(merged([], 'tlsMinVersion: VersionTLS10', 'tlsMinVersion: VersionTLS13')).toMatchObject({
      minVersion: 'TLS 1.3',
    });
    expect(merged([], 'tlsCipherSuites: null\ntlsMinVersion: ~')).toEqual(nothing);
    expect(merged([], 'maxPods: 1', '')).toEqual(expected);
    expect(merged(['--tls-min-version=VersionTLS12'], 'tlsMinVersion: VersionTLS10')).toEqual(expected);
    expect(merged([], '~: VersionTLS10')).toEqual(expected);
  });

  it('and what goes over it leave everything in doubt if one of them can not be read', () => {
    for (const over of [{ state: 'unreadable', reason: 'no' }, { state: 'absent' }, text('- a')] as const) {
      expect(configuredTls('kubelet', started(['--config-dir=/x']), [over]).state).toBe('unreadable');
    }
  });
});

describe("etcd's settings", () => {
  it('stand in its flags', () => {
    expect(
      flags(
        'etcd',
        '--name=default',
        `--cipher-suites=${GCM}`,
        '-tls-min-version',
        'TLS1.2',
        '--tls-max-version=TLS1.3',
      ),
    ).toEqual({ state: 'read', suites: [GCM], minVersion: 'TLS 1.2', maxVersion: 'TLS 1.3' });
    expect(flags('etcd', `--cipher-suites=${GCM}`, `--cipher-suites=${GCM128}`)).toMatchObject({ suites: [GCM128] });
    expect(flags('etcd', `--tls-cipher-suites=${GCM}`)).toEqual(nothing);
  });

  it('or in its environment, where the flag is not given', () => {
    const environment = {
      ETCD_CIPHER_SUITES: `${GCM},${GCM128}`,
      ETCD_TLS_MIN_VERSION: 'TLS1.3',
      ETCD_TLS_MAX_VERSION: '',
    };
    const read = (...args: string[]): Settings => configuredTls('etcd', started(args, environment), []);
    expect(read()).toEqual({ state: 'read', suites: [GCM, GCM128], minVersion: 'TLS 1.3', maxVersion: null });
    expect(read(`--cipher-suites=${GCM}`)).toMatchObject({ suites: [GCM], minVersion: 'TLS 1.3' });
    expect(configuredTls('kube-apiserver', started([], environment), [])).toEqual(nothing);
  });

  it('or in its file, which counts alone', () => {
    const yaml = `cipher-suites: [${GCM}]\ntls-min-version: TLS1.2\n`;
    const expected = { state: 'read', suites: [GCM], minVersion: 'TLS 1.2', maxVersion: null };
    expect(withFile('etcd', yaml, `--cipher-suites=${GCM128}`, '--tls-max-version=TLS1.2')).toEqual(expected);
    expect(settingsFileOf('etcd', started([], { ETCD_CONFIG_FILE: '/e.yml' }))).toBe('/e.yml');
    expect(settingsFileOf('etcd', started(['--config-file=/f.yml'], { ETCD_CONFIG_FILE: '/e.yml' }))).toBe('/f.yml');
  });
});

describe('a component nobody knows', () => {
  it('is read by the flags of both kinds', () => {
    const expected = { suites: [GCM], minVersion: 'TLS 1.2' };
    expect(flags('my-proxy', `--tls-cipher-suites=${GCM}`, '--tls-min-version=VersionTLS12')).toMatchObject(expected);
    expect(flags('my-proxy', `--cipher-suites=${GCM}`, '--tls-min-version=TLS1.2')).toMatchObject(expected);
  });
});

describe('any command line', () => {
  const words = fc.constantFrom(
    '--tls-cipher-suites',
    '-tls-min-version',
    '--',
    '=',
    'VersionTLS12',
    GCM,
    ',',
    ' ',
    '-',
  );
  const args = fc.array(
    fc.oneof(
      fc.string(),
      fc.array(words, { maxLength: 4 }).map((parts) => parts.join('')),
    ),
  );

  it('gives settings of bounded size', () => {
    fc.assert(
      fc.property(fc.constantFrom('kube-apiserver', 'etcd', 'kubelet', 'other'), args, (component, given) => {
        const text = JSON.stringify(flags(component, ...given));
        expect(text.length).toBeLessThan(10_000);
      }),
    );
  });

  it('says of a flag what it says of it alone, wherever it stands among others', () => {
    const others = fc.array(fc.stringMatching(/^--[a-z]{1,9}=[a-zA-Z0-9/]{0,9}$/));
    fc.assert(
      fc.property(others, others, (before, after) => {
        const { values } = readFlags([...before, '--tls-min-version', 'X', ...after], ['tls-min-version']);
        expect(values.get('tls-min-version')).toEqual(['X']);
      }),
    );
  });

  it('of a million bytes is read soon', () => {
    const started = performance.now();
    flags(
      'kube-apiserver',
      ...Array<string>(20_000).fill('--tls-cipher-suites=A,B,C,D,E,F,G,H,I'),
      '-'.repeat(500_000),
    );
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
