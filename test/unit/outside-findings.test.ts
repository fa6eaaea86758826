import { evaluate } from '@sealwatch/shared/appraisal/evaluate.js';
import { type HostState, newHostState } from '@sealwatch/collector/compliance/host-state.js';
import { differencesOf, insideOf, outsideFindings } from '@sealwatch/collector/compliance/outside-findings.js';
import type { OutsideView } from '@sealwatch/collector/compliance/outside-view.js';
import type { ServiceMeasurement } from '@sealwatch/shared/measurement/service-measurement.js';
import { describe, expect, it } from 'vitest';
import { service, world } from '../fakes/appraisal-world.js';
import { plainDigest } from '../fakes/check-results.js';
import { probed, served } from '../fakes/service-measurements.js';

const SERVICE = service({ outside: true });
const { release } = world({ policy: { require: ['service'], services: [SERVICE] } });

function state(measurement: ServiceMeasurement | undefined, view?: Partial<OutsideView>): HostState {
  const base = newHostState('alpha');
  const measurements = measurement === undefined ? [] : [measurement];
  if (view !== undefined) {
    const inside = insideOf(measurements, SERVICE);
    base.outside.set(SERVICE.name, { address: 'alpha:6443', differences: [], trouble: null, inside, ...view });
  }
  return Object.assign(base, { evidence: { measurements } as unknown as HostState['evidence'] });
}

const codes = (host: HostState): string[] => outsideFindings(host, release, 'control-plane').map(({ code }) => code);
const certificate = served().certificates[0];
if (certificate === undefined) throw new Error('no certificate');

describe('the same service from both sides', () => {
  it('has no difference, in whatever order each side saw the suites', () => {
    const outside = served({
      versions: [
        { version: 'TLS 1.2', suites: [...(served().versions[0]?.suites ?? [])].reverse(), preference: 'client' },
      ],
    });
    expect(differencesOf([probed()], SERVICE, outside)).toEqual([]);
  });

  it('leaves nothing to say', () => {
    expect(codes(state(probed(), {}))).toEqual([]);
  });
});

describe('another service from outside', () => {
  it('differs in its certificate', () => {
    const outside = served({ certificates: [{ ...certificate, fingerprint: plainDigest('9') }] });
    expect(differencesOf([probed()], SERVICE, outside)).toEqual([
      { inside: `certificates ${plainDigest('1')}`, outside: `certificates ${plainDigest('9')}` },
    ]);
  });

  it('differs in what it accepts', () => {
    const outside = served({
      versions: [
        ...served().versions,
        { version: 'TLS 1.0', suites: ['TLS_RSA_WITH_AES_128_CBC_SHA'], preference: 'single' },
      ],
    });
    const found = differencesOf([probed()], SERVICE, outside) ?? [];
    expect(found).toHaveLength(1);
    expect(found[0]?.outside).toContain('TLS 1.0 TLS_RSA_WITH_AES_128_CBC_SHA');
  });

  it('fails the host, whatever it says of itself from then on', () => {
    const differences = [{ inside: 'certificates a', outside: 'certificates b' }];
    const host = state(probed({ tls: served({ certificates: [] }) }), { differences, inside: 'then' });
    const found = outsideFindings(host, release, 'control-plane');
    expect(found).toEqual([
      {
        code: 'service.outside-differs',
        subject: 'service:kube-apiserver',
        expected: 'as the host says: certificates a',
        observed: 'alpha:6443: certificates b',
      },
    ]);
    expect(evaluate(found, release.policy).verdict).toBe('noncompliant');
  });
});

describe('what the collector has not seen', () => {
  it.each([
    ['not looked at yet', state(probed())],
    ['not reached', state(probed(), { trouble: 'connection refused' })],
  ])('%s: unknown', (_, host) => {
    expect(codes(host)).toEqual(['service.outside-unseen']);
    expect(evaluate(outsideFindings(host, release, 'control-plane'), release.policy).verdict).toBe('unknown');
  });

  it('since the service changed is a warning, so that a renewed certificate is no failure', () => {
    const host = state(probed(), { inside: 'before' });
    expect(codes(host)).toEqual(['service.outside-pending']);
    expect(evaluate(outsideFindings(host, release, 'control-plane'), release.policy).verdict).toBe('compliant');
  });

  it('can be compared with nothing if the host said nothing of the service', () => {
    expect(differencesOf([], SERVICE, served())).toBeUndefined();
    const elsewhere = { ...probed(), subject: { ...probed().subject, address: 'localhost:1' } };
    expect(differencesOf([elsewhere], SERVICE, served())).toBeUndefined();
  });
});

describe('a service the policy does not want seen from outside', () => {
  it('has no such finding', () => {
    const quiet = world({ policy: { require: ['service'], services: [service()] } });
    expect(outsideFindings(state(probed()), quiet.release, 'control-plane')).toEqual([]);
    expect(outsideFindings(state(probed()), release, 'worker')).toEqual([]);
  });
});
