import type { Digest } from '../hashing/digest.js';
import type { CommandLine } from './command-line.js';
import type { DracutConfiguration } from './dracut-configuration.js';
import type { Fact } from './fact.js';
import type { HmacKeyName } from './hmac-keys.js';
import type { HmacAlgorithm } from './hmac-sidecar.js';
import type { OsRelease } from './os-release.js';
import type { PolicyName } from './policy-name.js';

/**
 * Everything a host says about its FIPS mode, no judgement in it. Deterministic: the same state gives the same bytes.
 * Lists are sorted and bounded; paths are path texts below the host root.
 */
export interface PlatformObservation {
  readonly osRelease: Fact<OsRelease>;
  /** `/proc/sys/kernel/osrelease`: `4.18.0-553.el8_10.x86_64` */
  readonly kernelRelease: Fact<string>;
  /** `/proc/sys/crypto/fips_enabled`, trimmed. */
  readonly fipsEnabled: Fact<string>;
  readonly commandLine: Fact<CommandLine>;
  /** `/etc/system-fips` */
  readonly systemFips: Fact<'present'>;
  readonly cryptoPolicy: CryptoPolicyObservation;
  readonly dracut: DracutObservation;
  readonly prelink: PrelinkObservation;
  /** The running kernel's image where it has an HMAC sidecar: below /boot and below its modules. */
  readonly kernelImages: readonly SealedFile[];
  readonly libraries: Fact<LibrarySeals>;
  readonly mounts: MountObservation;
}

export interface CryptoPolicyObservation {
  /** `/etc/crypto-policies/config`: what is asked for. */
  readonly configured: Fact<PolicyName>;
  /** `/etc/crypto-policies/state/current`: what was applied. */
  readonly applied: Fact<PolicyName>;
  readonly backEnds: Fact<readonly BackEnd[]>;
  /** Names of the `.pol` and `.pmod` files below `/etc/crypto-policies/policies`: they go before the shipped ones. */
  readonly ownDefinitions: Fact<readonly string[]>;
}

/** One file of `/etc/crypto-policies/back-ends`. */
export interface BackEnd {
  /** `openssl`, `opensshserver` */
  readonly name: string;
  readonly source:
    | {
        /** It leads to, or is the same as, the shipped file of a policy. */
        readonly state: 'shipped';
        readonly policy: string;
      }
    | {
        readonly state: 'edited';
        readonly digest: Digest;
        /** Whether its language is one whose files can be compared with those of the FIPS policy. */
        readonly compared: boolean;
        /** In what it goes beyond the shipped file of the FIPS policy, the first of them; empty if not compared. */
        readonly weaker: readonly string[];
      }
    | { readonly state: 'unreadable'; readonly reason: string };
}

export interface DracutObservation {
  /** The module that puts FIPS mode into an initramfs: `/usr/lib/dracut/modules.d/01fips`. */
  readonly module: Fact<'present'>;
  /** All of `/etc/dracut.conf.d` and `/usr/lib/dracut/dracut.conf.d` together. */
  readonly configuration: Fact<DracutConfiguration>;
}

export interface PrelinkObservation {
  /** `PRELINKING` of `/etc/sysconfig/prelink` is `yes`. */
  readonly configured: Fact<boolean>;
  /** `/etc/prelink.cache`: prelink ran. */
  readonly cache: Fact<'present'>;
}

/** A file that has an HMAC beside it, which was made anew. */
export interface SealedFile {
  readonly path: string;
  readonly sidecar: string;
  readonly seal: Seal;
}

export type Seal =
  | { readonly state: 'matches'; readonly algorithm: HmacAlgorithm; readonly key: HmacKeyName }
  | {
      readonly state: 'differs';
      readonly algorithm: HmacAlgorithm;
      /** What the sidecar says, hex. */
      readonly expected: string;
      /** What the likeliest key gives, hex; no other known key matches either. */
      readonly observed: string;
      /** The file says of itself that prelink changed it: its HMAC was made before. */
      readonly prelinked: boolean;
    }
  /** There is a sidecar, but not the file. */
  | { readonly state: 'absent' }
  | { readonly state: 'unreadable'; readonly reason: string };

export interface LibrarySeals {
  readonly sealed: readonly SealedFile[];
  /** Of `libcrypto`, `libssl` and `libgcrypt`, those that are there without any sidecar. */
  readonly unsealed: readonly string[];
}

export interface MountObservation {
  /** Mounts on what was read, and on its directories, in the order they were made. The mount of `/` is not among them. */
  readonly over: Fact<readonly MountSeen[]>;
  /** Which file system served it, as statfs says. */
  readonly fipsEnabledOn: FileSystemKind;
  readonly commandLineOn: FileSystemKind;
}

export interface MountSeen {
  readonly mountPoint: string;
  /** `proc`, `xfs`, `overlay` */
  readonly fsType: string;
  /** Which part of its file system it shows: other than `/` is a bind mount. */
  readonly root: string;
  /** Where on this host the same is to be found, if anywhere. */
  readonly origin: string | null;
}

/** `not-known`: Node 16 can't ask; the mount table decides alone. */
export type FileSystemKind = 'proc' | 'other' | 'not-known';

export const MAX_BACK_ENDS = 64;
export const MAX_WEAKER_SETTINGS = 20;
export const MAX_OWN_DEFINITIONS = 64;
export const MAX_SEALED_FILES = 64;
export const MAX_MOUNTS_SEEN = 100;
export const MAX_MOUNT_TEXT = 1024;
/** Of any one text that came from a file of the host. */
export const MAX_FACT_TEXT = 256;
