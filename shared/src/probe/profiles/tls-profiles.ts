import type { TlsProfile } from '../profile.js';
import { CNSA_1_0 } from './cnsa-1.0.js';
import { KONVOY_1_7 } from './konvoy-1.7.js';
import { SP800_52R2 } from './sp800-52r2.js';
import { STIG_V242418 } from './stig-v242418.js';

/** By the name a policy calls it. */
export const TLS_PROFILE_NAMES = ['konvoy-1.7', 'stig-v242418', 'sp800-52r2', 'cnsa-1.0'] as const;
export type TlsProfileName = (typeof TLS_PROFILE_NAMES)[number];

export const DEFAULT_TLS_PROFILE: TlsProfileName = 'konvoy-1.7';

export const TLS_PROFILES: Readonly<Record<TlsProfileName, TlsProfile>> = {
  'konvoy-1.7': KONVOY_1_7,
  'stig-v242418': STIG_V242418,
  'sp800-52r2': SP800_52R2,
  'cnsa-1.0': CNSA_1_0,
};

export function isTlsProfileName(text: string): text is TlsProfileName {
  return Object.hasOwn(TLS_PROFILES, text);
}
