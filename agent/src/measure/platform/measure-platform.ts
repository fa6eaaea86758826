import type { HostMeasurement } from '@sealwatch/shared/measurement/host-measurement.js';
import { MAX_BODY_BYTES } from '@sealwatch/shared/measurement/measurement-body.js';
import { observePlatform, type PlatformObserving } from './observe-platform.js';

/** The root that a running init sees: procfs is there, or somebody put something in its place. */
const LIVE_ROOT = /^\/(proc\/\d+\/root\/?)?$/;

/** What a measurement has beside its observation. */
const FRAME_BYTES = 1024;

/** The host's operating system, its FIPS mode and the facts both are told from. Never throws. */
export async function measurePlatform(
  hostRoot: string,
  options: Pick<PlatformObserving, 'pause' | 'onBytes'>,
): Promise<HostMeasurement> {
  const platform = await observePlatform({
    hostRoot,
    ...options,
    // a directory tree has no procfs to ask for; there the mount table decides
    ...(LIVE_ROOT.test(hostRoot) ? {} : { fileSystemOf: () => Promise.resolve('not-known' as const) }),
  });
  return {
    subject: { kind: 'host', aspect: 'platform' },
    observed:
      Buffer.byteLength(JSON.stringify(platform)) > MAX_BODY_BYTES - FRAME_BYTES
        ? { state: 'unreadable', reason: 'the host says more about itself than a report can hold' }
        : { state: 'platform', platform },
  };
}
