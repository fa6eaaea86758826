import type { Generation } from './operating-system.js';
import { deviation, type PlatformDeviation } from './platform-deviation.js';
import type { PlatformObservation, SealedFile } from './platform-observation.js';

/** Whether the kernel and the cryptographic libraries are what their HMACs were made of. */
export function judgeSeals(observation: PlatformObservation, generation: Generation | null): PlatformDeviation[] {
  const { kernelImages, kernelRelease, libraries } = observation;
  const found = kernelImages.flatMap((file) => judgeSeal(file, generation));
  if (generation !== null && kernelImages.length === 0) {
    const release = kernelRelease.state === 'value' ? kernelRelease.value : 'a kernel whose release is not known';
    found.push(deviation('host.kernel-hmac-missing', 'an HMAC of the kernel', `none of ${release}`));
  }
  if (libraries.state === 'value') {
    found.push(...libraries.value.sealed.flatMap((file) => judgeSeal(file, generation)));
    // from 9 on OpenSSL and libgcrypt carry their HMACs inside
    if (generation === 7 || generation === 8) {
      for (const stem of libraries.value.unsealed) {
        found.push(deviation('host.library-hmac-missing', `an HMAC of ${stem}`, 'none'));
      }
    }
  } else if (generation !== null) {
    const reason = libraries.state === 'unreadable' ? libraries.reason : 'no /usr/lib64';
    found.push(deviation('host.hmac-unreadable', 'readable libraries', reason));
  }
  found.push(...judgePrelink(observation, generation));
  return found;
}

function judgeSeal({ path, sidecar, seal }: SealedFile, generation: Generation | null): PlatformDeviation[] {
  switch (seal.state) {
    case 'matches':
      return [];
    case 'differs':
      // its HMAC was made before prelink came, and fipscheck undoes that before it looks; only 7 has prelink
      if (seal.prelinked && generation === 7) return [deviation('host.prelink', `${path} as built`, 'prelinked')];
      return [
        deviation(
          'host.hmac-mismatch',
          `${path} with HMAC-${seal.algorithm} ${shortened(seal.expected)}`,
          shortened(seal.observed),
        ),
      ];
    case 'absent':
      return [deviation('host.hmac-without-file', `the file that ${sidecar} is for`, `no ${path}`)];
    case 'unreadable':
      return [deviation('host.hmac-unreadable', `${path} with the HMAC of ${sidecar}`, seal.reason)];
  }
}

function judgePrelink({ prelink }: PlatformObservation, generation: Generation | null): PlatformDeviation[] {
  if (generation !== 7) return [];
  const signs: string[] = [];
  if (prelink.configured.state === 'value' && prelink.configured.value) signs.push('PRELINKING=yes');
  if (prelink.configured.state === 'unreadable') signs.push(`/etc/sysconfig/prelink: ${prelink.configured.reason}`);
  if (prelink.cache.state !== 'absent') signs.push('/etc/prelink.cache');
  return signs.length === 0 ? [] : [deviation('host.prelink', 'no prelink', signs.join(', '))];
}

/** A SHA-512 HMAC fills two lines of a terminal. */
function shortened(hex: string): string {
  return `${hex.slice(0, 16)}…`;
}
