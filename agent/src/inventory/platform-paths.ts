import type { WatchedPath } from '../watch/watched-path.js';

type Place = Pick<WatchedPath, 'path' | 'children'>;

/** The libraries that bring an HMAC, or are named in that of another, on Enterprise Linux 7 to 9, and every HMAC. */
const SEALED =
  /^lib(crypto|ssl|gcrypt|gnutls|nettle|hogweed|gmp|kcapi|freebl3|freeblpriv3|softokn3|nssdbm3)\.so|\.hmac$/;

/** What the measuring of the platform reads and a file event can tell of; not what the kernel says in /proc. */
const PLACES: readonly Place[] = [
  { path: '/etc/os-release' },
  { path: '/usr/lib/os-release' },
  { path: '/etc/redhat-release' },
  { path: '/etc/system-fips' },
  { path: '/etc/crypto-policies/config' },
  { path: '/etc/crypto-policies/state/current' },
  { path: '/etc/crypto-policies/back-ends', children: /\.config$/ },
  { path: '/etc/crypto-policies/policies', children: /\.pol$/ },
  { path: '/etc/crypto-policies/policies/modules', children: /\.pmod$/ },
  { path: '/usr/share/crypto-policies/FIPS', children: /\.txt$/ },
  { path: '/usr/lib/dracut/modules.d/01fips' },
  { path: '/etc/dracut.conf.d', children: /\.conf$/ },
  { path: '/usr/lib/dracut/dracut.conf.d', children: /\.conf$/ },
  { path: '/etc/sysconfig/prelink' },
  { path: '/etc/prelink.cache' },
  { path: '/usr/lib64', children: SEALED },
  { path: '/usr/lib64/fipscheck', children: /\.hmac$/ },
  // programs with an HMAC there
  { path: '/usr/sbin/sshd' },
  { path: '/usr/bin/ssh' },
];

/** @param kernelRelease of the running kernel (`uname -r`) */
export function platformPaths(kernelRelease: string): readonly Place[] {
  const image = `vmlinuz-${kernelRelease}`;
  return [
    ...PLACES,
    { path: `/boot/${image}` },
    { path: `/boot/.${image}.hmac` },
    { path: `/usr/lib/modules/${kernelRelease}/vmlinuz` },
    { path: `/usr/lib/modules/${kernelRelease}/.vmlinuz.hmac` },
  ];
}
