import { appraise } from '@sealwatch/shared/appraisal/appraise.js';
import { evaluate } from '@sealwatch/shared/appraisal/evaluate.js';
import type { Finding } from '@sealwatch/shared/appraisal/finding.js';
import { decodeMeasurement, encodeMeasurement } from '@sealwatch/shared/measurement/measurement-body.js';
import type { ServiceMeasurement } from '@sealwatch/shared/measurement/service-measurement.js';
import { describe, expect, it } from 'vitest';
import { component, goodMeasurements, manifest, service, world, type WorldChanges } from '../fakes/appraisal-world.js';
import { plainDigest } from '../fakes/check-results.js';
import { listening, probed, SEED_SUITES, served } from '../fakes/service-measurements.js';

const SUBJECT = 'service:kube-apiserver';

const LISTED = manifest('1', {
  components: [
    component('kubelet', { digest: plainDigest('a') }),
    component('containerd', { digest: plainDigest('b'), paths: ['/usr/bin/containerd', '/usr/local/bin/containerd'] }),
    component('kube-apiserver', { digest: plainDigest('a'), paths: ['/usr/bin/kube-apiserver'] }),
  ],
});

function findings(measurement: ServiceMeasurement | undefined, changes: WorldChanges = {}): Finding[] {
  const context = world({
    manifests: [LISTED],
    ...changes,
    policy: { require: ['file', 'service', 'host'], ...changes.policy },
  });
  const all = [...goodMeasurements(), ...(measurement === undefined ? [] : [measurement])];
  return appraise(all, context).filter(({ subject }) => subject === SUBJECT);
}

function codes(measurement: ServiceMeasurement | undefined, changes: WorldChanges = {}): string[] {
  return findings(measurement, changes).map(({ code }) => code);
}

describe('a service that serves what the profile allows', () => {
  it('has no finding but that RSA key transport is deprecated', () => {
    expect(findings(probed())).toEqual([
      expect.objectContaining({
        code: 'tls.deprecated',
        observed: 'TLS_RSA_WITH_AES_256_GCM_SHA384, TLS_RSA_WITH_AES_128_GCM_SHA256',
      }),
    ]);
  });

  it('leaves the host compliant', () => {
    const context = world({ manifests: [LISTED], policy: { require: ['file', 'service', 'host'] } });
    const listed = appraise([...goodMeasurements(), probed()], context).filter(({ subject }) => subject === SUBJECT);
    expect(evaluate(listed, context.release.policy).verdict).toBe('compliant');
  });

  it('fails under a stricter profile, each rule once with all that breaks it', () => {
    const broken = findings(probed(), { policy: { tlsProfile: 'sp800-52r2' } });
    expect(broken.map(({ code }) => code)).toEqual(expect.arrayContaining(['tls.suite', 'tls.version-missing']));
    expect(broken.filter(({ code }) => code === 'tls.suite')).toEqual([
      expect.objectContaining({
        expected: expect.stringMatching(/^sp800-52r2: /) as string,
        observed: 'TLS_RSA_WITH_AES_256_GCM_SHA384, TLS_RSA_WITH_AES_128_GCM_SHA256',
      }),
    ]);
  });
});

describe('never good', () => {
  it.each([
    ['a closed port', { state: 'unreachable', reason: 'connection refused (ECONNREFUSED)' }, 'tls.unreachable', 'fail'],
    ['silence', { state: 'timeout', reason: 'no answer' }, 'tls.not-served', 'fail'],
    ['a server without TLS', { state: 'not-tls', reason: 'HTTP' }, 'tls.not-served', 'fail'],
    ['an interrupted probe', { state: 'stopped', reason: 'interrupted' }, 'tls.incomplete', 'unknown'],
  ] as const)('%s', (_, tls, code, severity) => {
    const listener = tls.state === 'not-tls' ? listening(plainDigest('a')) : ({ state: 'none' } as const);
    const found = findings(probed({ tls, listener }));
    expect(found.map((finding) => finding.code)).toEqual([code]);
    const { findings: judged } = evaluate(found, world().release.policy);
    expect(judged[0]?.severity).toBe(severity);
  });

  it('a probe that is not there', () => {
    expect(codes(undefined)).toEqual(['evidence.missing']);
  });

  it('a probe of another address than the policy names', () => {
    const elsewhere = { ...probed(), subject: { ...probed().subject, address: 'localhost:6444' } };
    expect(codes(elsewhere)).toEqual(['evidence.missing']);
  });

  it('what the prober could not find out', () => {
    expect(codes(probed({ tls: served({ unanswered: ['the suites of TLS 1.1'] }) }))).toContain('tls.incomplete');
  });

  it('a profile this version does not know', () => {
    expect(codes(probed(), { policy: { tlsProfile: 'sp800-52r9' } })).toEqual(['tls.incomplete']);
  });

  it('a profile named like a property of every object', () => {
    expect(codes(probed(), { policy: { tlsProfile: 'constructor' } })).toEqual(['tls.incomplete']);
  });
});

describe('whose socket it is', () => {
  it('is another program: fails, naming both', () => {
    expect(findings(probed({ listener: listening(plainDigest('e')) }))).toContainEqual({
      code: 'service.listener-other',
      subject: SUBJECT,
      expected: 'a signed program of kube-apiserver',
      observed: `/usr/bin/kube-apiserver, ${plainDigest('e')}`,
    });
  });

  it('is shared with another program: fails', () => {
    const [good] = [listening(plainDigest('a')), listening(plainDigest('e'))].flatMap((listener) =>
      listener.state === 'found' ? [listener.programs] : [],
    );
    const programs = [...(good ?? []), { executable: '/tmp/x', digest: plainDigest('e'), deleted: true }];
    const found = findings(probed({ listener: { state: 'found', programs, unseen: null } }));
    expect(found.filter(({ code }) => code === 'service.listener-other').map(({ observed }) => observed)).toEqual([
      `/tmp/x (deleted), ${plainDigest('e')}`,
    ]);
  });

  it.each([
    ['can not be seen', { state: 'unreadable', reason: 'EACCES' }],
    ['is on another machine', { state: 'elsewhere' }],
    [
      'is one whose program can not be read',
      {
        state: 'found',
        programs: [{ executable: '/x', digest: { state: 'unreadable', reason: 'EIO' }, deleted: false }],
        unseen: null,
      },
    ],
  ] as const)('%s: unknown', (_, listener) => {
    const found = findings(probed({ listener }));
    expect(found.map(({ code }) => code)).toContain('service.listener-unknown');
    expect(evaluate(found, world().release.policy).verdict).toBe('unknown');
  });

  it('may be shared with a process that can not be looked into: a warning', () => {
    const listener = { ...listening(plainDigest('a')), unseen: 'permission denied (EACCES)' } as const;
    const found = findings(probed({ listener: listener as ServiceMeasurement['observed']['listener'] }));
    expect(found.map(({ code }) => code)).toEqual(['service.listener-unseen', 'tls.deprecated']);
    expect(evaluate(found, world().release.policy).verdict).toBe('compliant');
  });

  it('is nobody’s though somebody answers: unknown', () => {
    const found = findings(probed({ listener: { state: 'none' } }));
    expect(found.map(({ code }) => code)).toContain('service.listener-unknown');
    expect(evaluate(found, world().release.policy).verdict).toBe('unknown');
  });

  it('is one of a component nobody lists: unknown, however good it looks', () => {
    expect(codes(probed(), { manifests: [manifest('1')] })).toContain('service.listener-unlisted');
  });

  it("may be another component's, if the policy says so", () => {
    const services = [service({ component: 'kubelet' })];
    expect(codes(probed(), { policy: { services } })).toEqual(['tls.deprecated']);
  });
});

describe('the authority', () => {
  const services = [service({ ca: '/etc/kubernetes/pki/ca.crt' })];

  it.each([[{ state: 'absent' }], [{ state: 'unreadable', reason: 'no certificate (PEM)' }]] as const)(
    'that was named and not read makes the answer unknown: %j',
    (authority) => {
      expect(codes(probed({ authority }), { policy: { services } })).toContain('service.authority-unreadable');
    },
  );

  it('that the host claims was not named, though the policy names one, counts as not read', () => {
    expect(codes(probed(), { policy: { services } })).toContain('service.authority-unreadable');
  });

  it('that was used leaves nothing to say', () => {
    const authority = { state: 'used', digest: plainDigest('c') } as const;
    expect(codes(probed({ authority }), { policy: { services } })).toEqual(['tls.deprecated']);
  });
});

describe('what the service was told', () => {
  const settings = { state: 'read', suites: null, minVersion: null, maxVersion: null } as const;
  const running = (changes: object): ServiceMeasurement =>
    probed({ configured: [{ source: 'process', settings: { ...settings, ...changes } }] });

  it('is worth no word if the wire accepts less', () => {
    const suites = [...SEED_SUITES, 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'];
    expect(codes(running({ suites, minVersion: 'TLS 1.1' }))).toEqual(['tls.deprecated']);
  });

  it('is a warning if the wire accepts more suites', () => {
    expect(findings(running({ suites: SEED_SUITES.slice(0, 3) }))).toContainEqual({
      code: 'service.configuration-differs',
      subject: SUBJECT,
      expected: SEED_SUITES.slice(0, 3).join(', '),
      observed: SEED_SUITES[3],
    });
  });

  it.each([
    [{ minVersion: 'TLS 1.3' }, 'from TLS 1.3'],
    [{ maxVersion: 'TLS 1.1' }, 'to TLS 1.1'],
  ])('is a warning if the wire accepts other versions: %j', (changes, expected) => {
    expect(findings(running(changes))).toContainEqual(
      expect.objectContaining({ code: 'service.configuration-differs', expected, observed: 'TLS 1.2' }),
    );
  });

  it('is a warning if the file says something else than the process was started with', () => {
    const file = '/etc/kubernetes/manifests/kube-apiserver.yaml';
    const configured = [
      { source: 'process', settings },
      { source: file, settings: { ...settings, minVersion: 'TLS 1.2' } },
    ] as const;
    expect(findings(probed({ configured }))).toContainEqual({
      code: 'service.configuration-pending',
      subject: SUBJECT,
      expected: `${file}: from TLS 1.2`,
      observed: "the program's defaults",
    });
  });

  it('is a warning if a file of it can not be read', () => {
    const configured = [{ source: '/x.yaml', settings: { state: 'unreadable', reason: 'EIO' } }] as const;
    expect(codes(probed({ configured }))).toContain('service.configuration-unreadable');
  });
});

describe('service evidence', () => {
  it('is asked of no host whose policy does not require it', () => {
    expect(codes(undefined, { policy: { require: ['file', 'host'] } })).toEqual([]);
  });

  it('is asked of no other role', () => {
    expect(codes(undefined, { role: 'worker' })).toEqual([]);
  });

  it('travels unchanged', () => {
    for (const measurement of [
      probed(),
      probed({ tls: { state: 'timeout', reason: 'none' }, listener: { state: 'elsewhere' } }),
    ]) {
      expect(decodeMeasurement(encodeMeasurement(measurement).bytes)).toEqual(measurement);
    }
  });

  it('with a field nobody knows is refused as a whole', () => {
    const more = { ...probed(), observed: { ...probed().observed, good: true } };
    expect(() => decodeMeasurement(Buffer.from(JSON.stringify(more)))).toThrow('unknown shape');
  });
});
