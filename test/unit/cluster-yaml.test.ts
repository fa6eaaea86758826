import { type NewCluster, clusterTemplate } from '@sealwatch/collector/config/cluster-template.js';
import { DEFAULT_OPERATORS, DEFAULT_POLICY } from '@sealwatch/collector/config/cluster-defaults.js';
import type { ClusterConfig } from '@sealwatch/collector/config/cluster-config.js';
import { parseClusterYaml } from '@sealwatch/collector/config/parse-cluster-yaml.js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const NEW: NewCluster = {
  name: 'prod',
  mode: 'fips',
  adopt: null,
  collectorHost: '10.0.0.5',
  hosts: [
    { name: '172.17.0.7', role: 'control-plane' },
    { name: 'node-2.example.com', role: 'worker' },
  ],
};

const TEMPLATE = clusterTemplate(NEW);

/** The smallest file that says everything that has no default. */
const SMALL = `name: small
mode: fips
collector:
  address: c.example.com:7443
  enrollAddress: c.example.com:7444
  listen: 0.0.0.0:7443
  enrollListen: 0.0.0.0:7444
`;

function parse(text: string | Uint8Array): ClusterConfig {
  return parseClusterYaml(Buffer.from(text), { what: 'cluster.yaml', directory: '/etc/c' });
}

/** The lines of the refusal, without the heading. */
function problemsOf(text: string | Uint8Array): string[] {
  try {
    parse(text);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    expect(error.code).toBe('config.invalid');
    const [heading, ...problems] = error.message.split('\n  - ');
    return problems.length === 0 ? [heading!] : problems;
  }
  throw new Error('it was not refused');
}

function lineOf(text: string, part: string): number {
  return text.slice(0, text.indexOf(part)).split('\n').length;
}

describe('the cluster.yaml that init writes', () => {
  it('reads back as what was asked for and the defaults', () => {
    expect(parse(TEMPLATE)).toEqual({
      name: 'prod',
      mode: 'fips',
      adopt: null,
      collector: {
        address: '10.0.0.5:7443',
        enrollAddress: '10.0.0.5:7444',
        listen: '0.0.0.0:7443',
        enrollListen: '0.0.0.0:7444',
        logLevel: 'info',
      },
      policy: DEFAULT_POLICY,
      hosts: NEW.hosts,
      operators: DEFAULT_OPERATORS,
      manifests: [],
      publisherKeys: [],
      cmvp: null,
    });
  });

  it('has the nine components on a control plane and five on a worker', () => {
    const { components } = parse(TEMPLATE).policy;
    expect(components['control-plane']).toEqual({
      kubeadm: 'file',
      kubelet: 'file',
      containerd: 'file',
      runc: 'file',
      'kube-apiserver': 'image',
      'kube-controller-manager': 'image',
      'kube-proxy': 'image',
      'kube-scheduler': 'image',
      etcd: 'image',
    });
    expect(components.worker).toEqual({
      kubeadm: 'file',
      kubelet: 'file',
      containerd: 'file',
      runc: 'file',
      'kube-proxy': 'image',
    });
  });

  it('means the same as the file that leaves every default out', () => {
    expect(parse(SMALL).policy).toEqual(parse(TEMPLATE).policy);
    expect(parse(SMALL).operators).toEqual(parse(TEMPLATE).operators);
  });

  it('stays valid when each commented setting is taken in', () => {
    const text = TEMPLATE.replace('# demonstration: true', 'demonstration: true')
      .replace('# adopt:\n#   reason:', 'adopt:\n  reason:')
      .replace('severities: {}\n    # host', 'severities:\n    host')
      .replace('publisherKeys: []\n  # - publisher', 'publisherKeys:\n  - publisher')
      .replace('  # - file: old', '  - file: old')
      .replace('  #   revokedAt', '    revokedAt')
      .replace('  #   compromisedAt', '    compromisedAt')
      .replace('manifests: []\n  # - manifests', 'manifests:\n  - manifests')
      .replace('  # - file: manifests', '  - file: manifests')
      .replace('  #   from', '    from')
      .replace('  #   until', '    until');
    const config = parse(text);
    expect(config.policy.demonstration).toBe(true);
    expect(config.adopt?.reason).toMatch(/^bootstrapped/);
    expect(config.policy.severities).toEqual({ 'host.clock-skew': 'fail' });
    expect(config.publisherKeys).toEqual([
      { file: '/etc/c/publisher.pub', revoked: null },
      {
        file: '/etc/c/old-publisher.pub',
        revoked: { at: '2026-11-23T09:30:00.000Z', compromisedAt: '2026-11-20T00:00:00.000Z' },
      },
    ]);
    expect(config.manifests).toEqual([
      { file: '/etc/c/manifests/konvoy-1.7.0.dsse.json', from: null, until: null },
      {
        file: '/etc/c/manifests/konvoy-1.7.1.dsse.json',
        from: '2026-12-01T00:00:00.000Z',
        until: '2027-06-01T00:00:00.000Z',
      },
    ]);
  });

  it('keeps any adoption reason, whatever characters it has', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 500, unit: 'grapheme' }), (reason) => {
        fc.pre(reason.length <= 500);
        expect(parse(clusterTemplate({ ...NEW, adopt: { reason } })).adopt).toEqual({ reason });
      }),
    );
  });

  it('says plainly what this version can not be asked for', () => {
    expect(TEMPLATE).toMatch(
      /This version measures\n.*file, image, process, module, service, host; it refuses to require another/,
    );
  });
});

describe('a service', () => {
  it('is its own component, with any certificate, seen from the host alone, unless it says otherwise', () => {
    const services = `services:
  - {name: etcd, address: "localhost:2379", roles: [control-plane]}
  - {name: etcd-peer, address: "localhost:2380", roles: [control-plane], component: etcd, ca: /etc/ca.crt, serverName: etcd-1, outside: true}
`;
    const { policy } = parse(`${SMALL}${services}`);
    expect(policy.services).toEqual([
      {
        name: 'etcd',
        address: 'localhost:2379',
        roles: ['control-plane'],
        component: 'etcd',
        ca: null,
        serverName: null,
        outside: false,
      },
      {
        name: 'etcd-peer',
        address: 'localhost:2380',
        roles: ['control-plane'],
        component: 'etcd',
        ca: '/etc/ca.crt',
        serverName: 'etcd-1',
        outside: true,
      },
    ]);
  });
});

describe('a misspelt cluster.yaml', () => {
  it('is refused for every setting of the template that is misspelt, each with its line', () => {
    const settings = [...TEMPLATE.matchAll(/^ *(?:- )?([a-zA-Z]+):/gm)].map((match) => match[1]!);
    expect(settings.length).toBeGreaterThan(25);
    // component names and roles are data and are covered below
    const names = new Set(
      settings.filter((name) => !['kubeadm', 'kubelet', 'containerd', 'runc', 'etcd'].includes(name)),
    );
    for (const name of names) {
      const misspelt = TEMPLATE.replace(new RegExp(`^( *(?:- )?)${name}:`, 'm'), `$1${name}x:`);
      const line = lineOf(misspelt, `${name}x:`);
      expect(problemsOf(misspelt).join('\n')).toMatch(
        new RegExp(`line ${String(line)}: \\S*${name}x: unknown key; did you mean ${name}\\?`),
      );
    }
  });

  it('is told all its slips at once, in the order of lines', () => {
    const text = `nam: x
mode: fisp
colector: {}
policy:
  heartbeat_interval: 30s
  staleAfter: 90
  scanInterval: soon
  evidenceMaxAge: 30d
  require: [file, module, hots]
  severities:
    file.digest-mismatch: warn
    host.clock-scew: warn
    file.redirected: ignore
components:
  workers: {}
  worker:
    Kubelet: file
    runc: binary
hosts:
  - name: A
    role: master
  - name: b
    role: worker
  - name: b
    role: worker
operators:
  - {name: eve, role: root}
`;
    expect(problemsOf(text)).toEqual([
      'line 1: nam: unknown key; did you mean name?',
      'line 1: name: must be set',
      'line 1: collector: must be set',
      'line 2: mode: must be one of fips, standard; did you mean fips?',
      'line 3: colector: unknown key; did you mean collector?',
      'line 5: policy.heartbeat_interval: unknown key; did you mean heartbeatInterval?',
      'line 6: policy.staleAfter: must be a duration with its unit (ms, s, m, h or d), such as 30s or 15m',
      'line 7: policy.scanInterval: must be a duration with its unit (ms, s, m, h or d), such as 30s or 15m',
      'line 8: policy.evidenceMaxAge: must be from 100ms to 7d',
      'line 9: policy.require[2]: must be one of file, image, process, module, service, host; did you mean host?',
      'line 11: policy.severities.file.digest-mismatch: is fixed as fail: no policy changes it',
      'line 12: policy.severities.host.clock-scew: is no finding; did you mean host.clock-skew?',
      'line 13: policy.severities.file.redirected: must be one of fail, warn, unknown',
      'line 15: components.workers: unknown key; did you mean worker?',
      'line 17: components.worker.Kubelet: is no component name: lower-case letters, digits, . _ and -',
      'line 18: components.worker.runc: must be one of file, image',
      'line 20: hosts[0].name: "A" is not a name in lower case (letters, digits, . and -)',
      'line 21: hosts[0].role: must be one of control-plane, worker',
      'line 24: hosts[2]: b is there already, as hosts[1]',
      'line 27: operators[0].role: must be one of viewer, operator, admin',
    ]);
  });

  it.each([
    ['requires nothing', 'policy: {require: []}', 'must name at least one kind'],
    ['is stale sooner than it hears', 'policy: {heartbeatInterval: 90s}', 'staleAfter: must be longer than heartbeat'],
    ['ages evidence faster than it is made', 'policy: {scanInterval: 1h}', 'evidenceMaxAge: must be longer than scan'],
    ['names an unknown TLS profile', 'policy: {tlsProfile: konvoy-1.6}', 'did you mean konvoy-1.7?'],
    ['has no admin', 'operators: [{name: a, role: viewer}]', 'at least one operator with the role admin'],
    [
      'has two operators of one name',
      'operators: [{name: a, role: admin}, {name: a, role: viewer}]',
      'a is there already',
    ],
    ['gives a number as a host', 'hosts: [{name: 10, role: worker}]', 'put it in quotes'],
    [
      'has a window that ends before it starts',
      'manifests: [{file: m, from: 2026-02-01T00:00:00Z, until: 2026-01-01T00:00:00Z}]',
      'until: must be later than from',
    ],
    ['has a time without zone', 'manifests: [{file: m, from: 2026-02-01T00:00:00}]', 'must be a time in UTC'],
    ['has a day that is not', 'manifests: [{file: m, from: 2026-02-30T00:00:00Z}]', 'must be a time in UTC'],
    [
      'dates the compromise of a key in use',
      'publisherKeys: [{file: k, compromisedAt: 2026-02-01T00:00:00Z}]',
      'set revokedAt too',
    ],
    ['has text for a list', 'hosts: node-1', 'hosts: must be a list'],
    ['has a list for a mapping', 'policy: [file]', 'policy: must be a mapping'],
    ['says yes', 'policy: {demonstration: "yes"}', 'must be true or false'],
    [
      'repeats a service',
      'services: [{name: a, address: "h:1", roles: [worker]}, {name: a, address: "h:2", roles: [worker]}]',
      'a is there already',
    ],
    [
      'names an authority that is no absolute path',
      'services: [{name: a, address: "h:1", roles: [worker], ca: pki/ca.crt}]',
      'services[0].ca: must be an absolute path',
    ],
    [
      'asks for a server name that is none',
      'services: [{name: a, address: "h:1", roles: [worker], serverName: "a b"}]',
      'is not a DNS name or an IP address',
    ],
  ])('is refused when it %s', (_, line, message) => {
    expect(problemsOf(`${SMALL}${line}\n`).join('\n')).toContain(message);
  });

  it.each([
    'host',
    'host:',
    ':7443',
    'host:0',
    'host:65536',
    'host:07443',
    'ho st:7443',
    '[fd00::5:7443',
    'fd00::5:7443',
    '[host]:7443',
    '7443',
  ])('is refused with the address %j', (address) => {
    expect(problemsOf(SMALL.replace('c.example.com:7443', JSON.stringify(address))).join('\n')).toMatch(
      /line 4: collector\.address: must be host:port/,
    );
  });

  it('takes IPv6 addresses in brackets', () => {
    expect(parse(SMALL.replace('c.example.com:7443', '"[fd00::5]:7443"')).collector.address).toBe('[fd00::5]:7443');
  });
});

describe('a hostile cluster.yaml', () => {
  const wide = Array.from({ length: 100_000 }, (_, i) => `k${String(i)}: 1`).join('\n');
  it.each<[string, string | Uint8Array, RegExp]>([
    ['has a syntax error', `${SMALL}hosts: [a`, /line \d+: .*end with a \]/],
    ['uses tabs', `${SMALL}policy:\n\tdemonstration: true`, /line 9: .*[Tt]ab/],
    ['repeats a key', `${SMALL}mode: standard\n`, /line 8: mode: is there twice/],
    [
      'repeats a key inside',
      `${SMALL}policy:\n  require: [file]\n  require: [host]\n`,
      /line 10: policy\.require: is there twice/,
    ],
    [
      'repeats a component',
      `${SMALL}components:\n  worker:\n    runc: file\n    runc: image\n`,
      /line 11: .*runc: is there twice/,
    ],
    ['uses an alias', `${SMALL}hosts: &h []\noperators: *h\n`, /line 9: \*h: aliases are not read here/],
    ['merges', `${SMALL}<<: {mode: standard}\n`, /line 8: <<: unknown key/],
    ['has a second document', `${SMALL}---\nmode: standard\n`, /line 8: .*multiple documents/],
    ['has a tag of its own', `${SMALL}hosts: !!js/function 'x'\n`, /Unresolved tag/],
    ['has a list as a key', `${SMALL}? [a, b]\n: 1\n`, /has a key that is not text/],
    ['names __proto__', `${SMALL}__proto__: {mode: standard}\n`, /line 8: __proto__: unknown key/],
    ['names constructor', `${SMALL}constructor: {}\n`, /line 8: constructor: unknown key/],
    ['has escapes in a key', `${SMALL}"\\e[2J\\nmode": 1\n`, /line 8: \\x1b\[2J\\x0amode: unknown key/],
    ['is not UTF-8', Buffer.concat([Buffer.from(SMALL), Buffer.from([0xff, 0xfe])]), /is not UTF-8/],
    ['is too big', `${SMALL}# ${'x'.repeat(3 * 1024 * 1024)}`, /at most 2097152 are read/],
    ['nests without end', '['.repeat(200_000), /nests too deeply/],
    ['nests in blocks without end', '- '.repeat(100_000), /nests too deeply/],
    ['has a hundred thousand unknown keys', `${SMALL}${wide}`, /mend these first/],
    ['has a hundred thousand equal keys', `${SMALL}${'a: 1\n'.repeat(100_000)}`, /mend these first/],
    ['is empty', '', /name: must be set/],
    ['is a word', 'fips', /must be a mapping/],
    ['is null', 'null', /must be a mapping/],
  ])('%s: refused', (_, text, message) => {
    expect(problemsOf(text).join('\n')).toMatch(message);
  });

  it('never gives anything but a whole configuration or one clear refusal', () => {
    const edit = fc.record({ at: fc.nat(TEMPLATE.length), drop: fc.nat(30), put: fc.string({ maxLength: 20 }) });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 5 }), (edits) => {
        let text = TEMPLATE;
        for (const { at, drop, put } of edits) text = text.slice(0, at) + put + text.slice(at + drop);
        try {
          const config = parse(text);
          expect(['fips', 'standard']).toContain(config.mode);
          expect(config.policy.require.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toMatchObject({ name: 'CodedError', code: 'config.invalid' });
          expect((error as Error).message).toMatch(/line \d+/);
        }
      }),
      { numRuns: 300 },
    );
  });
});
