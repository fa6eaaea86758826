/** What a subpolicy does to the FIPS policy. `unknown`: nobody read it, so it may do anything. */
export type SubpolicyEffect =
  { readonly kind: 'narrows' } | { readonly kind: 'weakens'; readonly how: string } | { readonly kind: 'unknown' };

const NARROWS: SubpolicyEffect = { kind: 'narrows' };

/** The modules the crypto-policies package ships (`/usr/share/crypto-policies/policies/modules/*.pmod`), read there. */
const SUBPOLICIES: Readonly<Record<string, SubpolicyEffect>> = {
  OSPP: NARROWS,
  'ECDHE-ONLY': NARROWS,
  'NO-SHA1': NARROWS,
  'NO-CAMELLIA': NARROWS,
  'NO-PQ': NARROWS,
  'NO-ENFORCE-EMS': weakens('TLS 1.2 without extended master secret is accepted'),
  SHA1: weakens('SHA-1 signatures are accepted'),
  'AD-SUPPORT': weakens('RC4 and MD5 are allowed for Kerberos'),
  GOST: weakens('GOST algorithms are allowed'),
  'TEST-PQ': weakens('post-quantum algorithms are allowed for trying them out'),
};

function weakens(how: string): SubpolicyEffect {
  return { kind: 'weakens', how };
}

/** @param name upper case */
export function subpolicyEffect(name: string): SubpolicyEffect {
  return (Object.hasOwn(SUBPOLICIES, name) ? SUBPOLICIES[name] : undefined) ?? { kind: 'unknown' };
}
