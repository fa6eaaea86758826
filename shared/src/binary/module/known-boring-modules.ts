import type { Machine } from '../elf/elf-header.js';

/**
 * One build of BoringCrypto whose bytes are known. The same source built again gives other bytes, so a build is known by hash
 * and length together, never by its version. Certificate numbers are those of the version, as NIST lists them; what a
 * certificate's status is on a date, and whether it covers this build and machine, is not said here.
 */
export interface KnownBoringModule {
  readonly name: string;
  /** Commit of BoringSSL. */
  readonly version: string;
  readonly certificates: readonly string[];
  readonly machine: Machine;
  readonly hmac: HmacAlgorithm;
  /** The module's own integrity value, hex. */
  readonly hash: string;
  /** Of the hashed text, in bytes. */
  readonly length: number;
  /** From the end of the hashed text to the place where the hash is kept. */
  readonly hashOffset: number;
  readonly builtInto: string;
  /** Where hash and length were taken from: golang/go, goboringcrypto_linux_amd64.syso, SHA-256 of that file. */
  readonly provenance: string;
}

export type HmacAlgorithm = 'sha256' | 'sha512';

export const KNOWN_BORING_MODULES: readonly KnownBoringModule[] = [
  {
    name: 'BoringCrypto',
    version: 'ae223d6138807a13006342edfeef32e813246b39',
    certificates: ['3678'],
    machine: 'amd64',
    hmac: 'sha512',
    hash:
      '18d35ae031f649825a4269d68d2e62583d060a31d359690f97b9c8bf8120cdf7' +
      '5b405f74be7018094da7eb5261f2f86d0f481cc3b5a9c7c432268d94bf91aad9',
    length: 733_200,
    hashOffset: 1150,
    builtInto: 'Go 1.19; releases go1.*b7',
    provenance: 'syso 2be72887a43a42d52b5eb8d9893e2f5cd9c54249c8ffdd0f92dad224eb9c2a08',
  },
  {
    name: 'BoringCrypto',
    version: '853ca1ea1168dff08011e5d42d94609cc0ca2e27 (fips-20210429)',
    certificates: ['4407'],
    machine: 'amd64',
    hmac: 'sha512',
    hash:
      'afca814ee73c7cccc71d6ec64432db762b3bd38a9262181122e459a9eff12013' +
      '0cfeb14e1eb654b42c6f59ba001d948f87b90e25f57541f4b3b374e0ce4404e2',
    length: 778_896,
    hashOffset: 1306,
    builtInto: 'Go 1.20 to 1.23',
    provenance:
      'syso 61a98f6bc7d57ee47b38b8f51dc2a32f820136ca98e775a566860dd2dc50cb28 and ' +
      'c1dd71f0ea77e385796db11102c461896ee0824825c773979751983e2bf49912',
  },
  {
    name: 'BoringCrypto',
    version: '0c6f40132b828e92ba365c6b7680e32820c63fa7 (fips-20220613)',
    certificates: ['4735'],
    machine: 'amd64',
    hmac: 'sha256',
    hash: '2a218ae635bf1cd56624875de07c6571cde7367369f1d865cb9898158edf8b81',
    length: 753_552,
    hashOffset: 1371,
    builtInto: 'Go 1.24 and later',
    provenance:
      'syso fca8a6605a5265f511e30426f7a9d67226f9207d4506e5868d7c11844a01fda0 and ' +
      '2ace5a99ae43b388845592472026b0225cf1f07c9b28124c23f0f3fef77f0210',
  },
  {
    name: 'BoringCrypto, a development build of the same source',
    version: '0c6f40132b828e92ba365c6b7680e32820c63fa7 (fips-20220613)',
    // it was never part of a release
    certificates: [],
    machine: 'amd64',
    hmac: 'sha256',
    hash: 'df4f98166446295b7cbe1439895493a150f970da51fe03ce843d7625f8397bb2',
    length: 753_488,
    hashOffset: 1371,
    builtInto: 'development only (CL 549695, reverted)',
    provenance: 'syso ab64f633d30bdbb0d3acb03ed5fc3c780838429090bc94b16be812a550022a26',
  },
];
