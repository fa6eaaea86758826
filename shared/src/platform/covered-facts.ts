import type { MountSeen, PlatformObservation } from './platform-observation.js';

/** File systems of their own that an honest host has; everything below them is read through them. */
const OWN_FILE_SYSTEMS = new Set(['/usr', '/boot']);
/** Of those, none that is made of other directories or of memory. */
const MADE_UP = /^(overlay|tmpfs|ramfs|fuse(\..*)?|rootfs)$/;

/** Enterprise Linux 9.6 and 10, started with fips=1 under another policy, mount the FIPS policy over it by themselves. */
const VENDOR_POLICY: Readonly<Record<string, string>> = {
  '/etc/crypto-policies/config': '/usr/share/crypto-policies/default-fips-config',
  '/etc/crypto-policies/back-ends': '/usr/share/crypto-policies/back-ends/FIPS',
};

/** Mounts that put something else in the place of what Sealwatch reads. */
export function coveringMounts({ mounts }: PlatformObservation): MountSeen[] {
  return mounts.over.state === 'value' ? mounts.over.value.filter((mount) => !isHonest(mount)) : [];
}

/** Whether what was read at the path may have come from elsewhere. */
export function isCovered(observation: PlatformObservation, path: string): boolean {
  return coveringMounts(observation).some(({ mountPoint }) => path === mountPoint || path.startsWith(`${mountPoint}/`));
}

/** Whether the vendor's own units mounted the FIPS policy over another one. */
export function hasVendorPolicyMounts({ mounts }: PlatformObservation): boolean {
  const over = mounts.over.state === 'value' ? mounts.over.value : [];
  return Object.entries(VENDOR_POLICY).every(([at, origin]) => newestAt(over, at)?.origin === origin);
}

function isHonest({ mountPoint, fsType, root, origin }: MountSeen): boolean {
  // a procfs is the kernel's word wherever it is mounted, as long as it shows what belongs there
  if (mountPoint === '/proc' || mountPoint.startsWith('/proc/')) {
    return fsType === 'proc' && root === (mountPoint.slice('/proc'.length) || '/');
  }
  if (Object.hasOwn(VENDOR_POLICY, mountPoint)) return origin === VENDOR_POLICY[mountPoint];
  if (!OWN_FILE_SYSTEMS.has(mountPoint) || MADE_UP.test(fsType)) return false;
  // btrfs: each of its file systems has a name of its own
  return root === '/' || fsType === 'btrfs';
}

function newestAt(mounts: readonly MountSeen[], mountPoint: string): MountSeen | undefined {
  return mounts.filter((mount) => mount.mountPoint === mountPoint).pop();
}
