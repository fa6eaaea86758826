import { certificateSection } from '@sealwatch/shared/check/certificate-section.js';
import { BUILT_IN_SNAPSHOT } from '@sealwatch/shared/cmvp/built-in-snapshot.js';
import type { ModuleClaim } from '@sealwatch/shared/cmvp/module-paragraph.js';
import { describe, expect, it } from 'vitest';
import { NOW, world } from '../../fakes/appraisal-world.js';

const KONVOY: ModuleClaim = { claimant: 'manifest konvoy-1.7.0', module: 'BoringCrypto', certificate: 4407 };
const NOWHERE: ModuleClaim = { claimant: 'manifest konvoy-1.7.0', module: 'LibreCrypto', certificate: null };

function judged(claims: readonly ModuleClaim[], asOf: string | null, requireActiveCertificate = false) {
  const { release } = world({ policy: { requireActiveCertificate } });
  return certificateSection({ release, claims, asOf, at: NOW });
}

const severities = (...given: Parameters<typeof judged>): string[] =>
  judged(...given).findings.map(({ code, severity }) => `${severity} ${code}`);

describe('what a check says of certificates', () => {
  it('is of the day of the check, by the list in the release', () => {
    expect(judged([], null).certificates).toEqual({
      on: '2026-11-23',
      asOf: BUILT_IN_SNAPSHOT.asOf,
      source: BUILT_IN_SNAPSHOT.source,
      modules: [],
      sentences: [],
    });
  });

  it('is a warning for a module without an active certificate, and a failure where the policy requires one', () => {
    expect(severities([KONVOY, NOWHERE], null)).toEqual(['warn certificate.historical', 'warn certificate.missing']);
    expect(severities([KONVOY, NOWHERE], null, true)).toEqual([
      'fail certificate.historical',
      'fail certificate.missing',
    ]);
    expect(judged([KONVOY], null).findings[0]?.subject).toBe('cluster');
  });

  it('is of another day if one was asked for: the same module was active before the transition', () => {
    expect(severities([KONVOY], '2026-05-01', true)).toEqual([]);
    expect(judged([KONVOY], '2026-05-01').certificates.modules[0]?.validation).toMatchObject({ status: 'active' });
    expect(severities([KONVOY], '2026-09-22', true)).toEqual(['fail certificate.historical']);
  });
});
