import type { Fact } from '@sealwatch/shared/platform/fact.js';
import type { SealedFile } from '@sealwatch/shared/platform/platform-observation.js';
import { observeSidecar } from './observe-sidecar.js';
import type { PlatformReading } from './platform-reading.js';
import { readFact } from './read-fact.js';

/** `/proc/sys/kernel/osrelease`, as uname(2) has it. Never throws. */
export async function observeKernelRelease(reading: PlatformReading): Promise<Fact<string>> {
  return readFact(reading, '/proc/sys/kernel/osrelease', 'kernel release', (bytes) => {
    const release = bytes.toString('latin1').trim();
    // it becomes part of a path
    return /^\w[\w.+~-]{0,63}$/.test(release) ? release : undefined;
  });
}

/** The running kernel's image, where dracut checks it and where its package has it. Never throws. */
export async function observeKernelImages(reading: PlatformReading, release: Fact<string>): Promise<SealedFile[]> {
  if (release.state !== 'value') return [];
  const version = release.value;
  const modules = `/usr/lib/modules/${version}`;
  return [
    ...(await observeSidecar(reading, `/boot/.vmlinuz-${version}.hmac`, `/boot/vmlinuz-${version}`, 'kernel')),
    ...(await observeSidecar(reading, `${modules}/.vmlinuz.hmac`, `${modules}/vmlinuz`, 'kernel')),
  ];
}
