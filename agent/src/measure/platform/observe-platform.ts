import { parseCommandLine } from '@sealwatch/shared/platform/command-line.js';
import type { PlatformObservation } from '@sealwatch/shared/platform/platform-observation.js';
import { parsePrelinking } from '@sealwatch/shared/platform/prelink-configuration.js';
import { AskedPaths } from './asked-paths.js';
import { fileSystemKind } from './file-system-kind.js';
import { observeCryptoPolicy } from './observe-crypto-policy.js';
import { observeDracut } from './observe-dracut.js';
import { observeFipsEnabled } from './observe-fips-enabled.js';
import { observeKernelImages, observeKernelRelease } from './observe-kernel-images.js';
import { observeLibraries } from './observe-libraries.js';
import { observeMounts } from './observe-mounts.js';
import { observeOsRelease } from './observe-os-release.js';
import type { PlatformReading } from './platform-reading.js';
import { readFact, readPresence } from './read-fact.js';

/** Two kernel images and a dozen libraries have some forty million. */
const MAX_HASHED_BYTES = 512 * 1024 * 1024;

export interface PlatformObserving extends Omit<PlatformReading, 'asked' | 'budget' | 'fileSystemOf'> {
  /** Default: statfs(2). A made-up tree has to say that it can't be known, then the mount table decides. */
  readonly fileSystemOf?: PlatformReading['fileSystemOf'];
}

/** Reads everything below the host root that bears on its FIPS mode. Never throws: what can't be read says so. */
export async function observePlatform(observing: PlatformObserving): Promise<PlatformObservation> {
  const reading: PlatformReading = {
    fileSystemOf: fileSystemKind,
    ...observing,
    asked: new AskedPaths(),
    budget: { bytes: MAX_HASHED_BYTES },
  };
  const kernelRelease = await observeKernelRelease(reading);
  return {
    osRelease: await observeOsRelease(reading),
    kernelRelease,
    fipsEnabled: await observeFipsEnabled(reading),
    commandLine: await readFact(reading, '/proc/cmdline', 'command line that could be', parseCommandLine),
    systemFips: await readPresence(reading, '/etc/system-fips'),
    cryptoPolicy: await observeCryptoPolicy(reading),
    dracut: await observeDracut(reading),
    prelink: {
      configured: await readFact(reading, '/etc/sysconfig/prelink', 'setting', parsePrelinking),
      cache: await readPresence(reading, '/etc/prelink.cache'),
    },
    kernelImages: await observeKernelImages(reading, kernelRelease),
    libraries: await observeLibraries(reading),
    mounts: await observeMounts(reading),
  };
}
