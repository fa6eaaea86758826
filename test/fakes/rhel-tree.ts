import { createHmac } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { observePlatform } from '@sealwatch/agent/measure/platform/observe-platform.js';
import { HMAC_KEYS, type HmacKeyName } from '@sealwatch/shared/platform/hmac-keys.js';
import { judgePlatform, type PlatformJudgement } from '@sealwatch/shared/platform/judge-platform.js';
import type { PlatformObservation } from '@sealwatch/shared/platform/platform-observation.js';
import { HostTree } from './host-tree.js';

export type RhelGeneration = 7 | 8 | 9;

const VERSIONS = { 7: '7.9', 8: '8.10', 9: '9.4' } as const;
const KERNELS = {
  7: '3.10.0-1160.el7.x86_64',
  8: '4.18.0-553.el8_10.x86_64',
  9: '5.14.0-427.el9.x86_64',
} as const;

const FIPS_PARAMETERS = 'fips=1 boot=UUID=7c1f';

export type MountLine = readonly [at: string, fsType: string, root?: string, device?: string];

/** Files of the FIPS policy in each of their languages; shorter than the real ones. */
export const FIPS_BACK_ENDS: Readonly<Record<string, string>> = {
  bind: 'disable-algorithms "." {\nRSAMD5;\nDSA;\n};\n',
  gnutls:
    '[global]\noverride-mode = allowlist\n\n[overrides]\ntls-enabled-cipher = AES-256-GCM\ntls-session-hash = require\n',
  krb5: '[libdefaults]\npermitted_enctypes = aes256-cts-hmac-sha1-96 aes128-cts-hmac-sha1-96\n',
  nss: 'library=\nname=Policy\nNSS=flags=policyOnly,moduleDB\nconfig="disallow=ALL allow=HMAC-SHA256:SECP256R1"\n\n\n',
  openssh:
    'Ciphers aes256-gcm@openssh.com,aes256-ctr,aes128-ctr\nMACs hmac-sha2-256,hmac-sha2-512\nRequiredRSASize 2048\n',
  opensshserver: "CRYPTO_POLICY='-oCiphers=aes256-gcm@openssh.com,aes256-ctr -oMACs=hmac-sha2-256,hmac-sha2-512'\n",
  openssl: '@SECLEVEL=2:kEECDH:kEDH:kPSK:-kRSA:-aDSS:-CHACHA20-POLY1305:-3DES:!DES:!RC4:!eNULL:!aNULL:!MD5\n',
  opensslcnf:
    'CipherString = @SECLEVEL=2:kEECDH:-CHACHA20:!RC4:!MD5\nCiphersuites = TLS_AES_256_GCM_SHA384\nMinProtocol = TLSv1.2\n',
};

/** A made-up RHEL host in FIPS mode, with real HMACs; each test takes something away from it. */
export class RhelTree extends HostTree {
  readonly kernel: string;
  readonly generation: RhelGeneration;

  /** @param root as for every tree */
  constructor(generation: RhelGeneration, root?: string) {
    super(root);
    this.generation = generation;
    this.kernel = KERNELS[generation];
    this.osRelease({ ID: 'rhel', VERSION_ID: VERSIONS[generation], NAME: 'Red Hat Enterprise Linux' });
    this.link('/etc/os-release', '../usr/lib/os-release');
    this.directory('/usr/lib64').link('/lib', 'usr/lib').link('/lib64', 'usr/lib64');
    this.fips('1').write('/proc/sys/kernel/osrelease', `${this.kernel}\n`);
    this.commandLine(FIPS_PARAMETERS);
    this.mounts(['/proc', 'proc'], ['/boot', 'xfs']);
    if (generation < 9) this.write('/etc/system-fips');
    this.write('/usr/lib/dracut/modules.d/01fips/module-setup.sh', '#!/bin/bash\n');
    this.write(`/boot/vmlinuz-${this.kernel}`, `kernel ${this.kernel}`).seal(
      `/boot/vmlinuz-${this.kernel}`,
      'hmaccalc',
    );
    if (generation === 7) this.#fillSeven();
    else this.#fillPolicies();
  }

  osRelease(fields: Readonly<Record<string, string>>): this {
    const lines = Object.entries(fields).map(([name, value]) => `${name}="${value}"\n`);
    return this.write('/usr/lib/os-release', lines.join(''));
  }

  /** As `fips-mode-setup --disable` and a reboot leave it. */
  leaveFipsMode(): this {
    return this.fips('0').commandLine('').cryptoPolicy('DEFAULT');
  }

  enterFipsMode(): this {
    return this.fips('1').commandLine(FIPS_PARAMETERS).cryptoPolicy('FIPS');
  }

  commandLine(parameters: string): this {
    return this.write(
      '/proc/cmdline',
      `BOOT_IMAGE=(hd0,msdos1)/vmlinuz-${this.kernel} root=/dev/mapper/r ro ${parameters}\n`,
    );
  }

  /** Init's mount table: the root and these, one a line; `root` and `device` as a bind mount has them. */
  mounts(...mounts: readonly MountLine[]): this {
    const lines = mounts.map(
      ([at, fsType, root = '/', device = fsType === 'proc' ? '0:4' : '253:7'], i) =>
        `${String(i + 30)} 1 ${device} ${root} ${at} rw,relatime shared:${String(i + 2)} - ${fsType} ${fsType} rw\n`,
    );
    return this.write(
      '/proc/1/mountinfo',
      `1 0 253:0 / / rw,relatime shared:1 - xfs /dev/mapper/r rw\n${lines.join('')}`,
    );
  }

  cryptoPolicy(name: string, applied: string = name): this {
    return this.write('/etc/crypto-policies/config', `# set by hand\n${name}\n`).write(
      '/etc/crypto-policies/state/current',
      `${applied}\n`,
    );
  }

  /** A back-end that update-crypto-policies links to the shipped file of a policy. */
  backEnd(name: string, policy: string): this {
    return this.link(
      `/etc/crypto-policies/back-ends/${name}.config`,
      `/usr/share/crypto-policies/${policy}/${name}.txt`,
    );
  }

  /** What an editor that breaks links leaves in a back-end's place. */
  editBackEnd(name: string, content: string): this {
    this.drop(`/etc/crypto-policies/back-ends/${name}.config`);
    return this.write(`/etc/crypto-policies/back-ends/${name}.config`, content);
  }

  /** Writes `.NAME.hmac` beside a file. */
  seal(path: string, key: HmacKeyName, content: Buffer = this.read(path)): this {
    const [, directory = '', name = ''] = /^(.*)\/([^/]+)$/.exec(path) ?? [];
    const kernel = key === 'hmaccalc';
    const hmac = createHmac(kernel ? 'sha512' : 'sha256', HMAC_KEYS[key])
      .update(content)
      .digest('hex');
    return this.write(`${directory}/.${name}.hmac`, kernel ? `${hmac}  ${path}\n` : `${hmac}\n`);
  }

  read(path: string): Buffer {
    return readFileSync(this.at(path));
  }

  drop(path: string): this {
    rmSync(this.at(path), { recursive: true });
    return this;
  }

  async observe(): Promise<PlatformObservation> {
    return observePlatform({ hostRoot: this.root, fileSystemOf: () => Promise.resolve('not-known') });
  }

  async judge(): Promise<PlatformJudgement> {
    return judgePlatform(await this.observe());
  }

  async codes(): Promise<string[]> {
    return (await this.judge()).deviations.map(({ code }) => code);
  }

  #fillSeven(): void {
    this.write('/etc/sysconfig/prelink', 'PRELINKING=no\n');
    for (const name of ['libcrypto.so.1.0.2k', 'libssl.so.1.0.2k']) {
      const short = name.replace('1.0.2k', '10');
      this.write(`/usr/lib64/${name}`, `code of ${name}`).seal(`/usr/lib64/${name}`, 'fipscheck');
      this.link(`/usr/lib64/${short}`, name).link(`/usr/lib64/.${short}.hmac`, `.${name}.hmac`);
    }
    this.write('/usr/sbin/sshd', 'code of sshd');
    const hmac = createHmac('sha256', HMAC_KEYS.fipscheck).update('code of sshd').digest('hex');
    this.write('/usr/lib64/fipscheck/sshd.hmac', `${hmac}\n`);
  }

  #fillPolicies(): void {
    for (const [name, content] of Object.entries(FIPS_BACK_ENDS)) {
      this.write(`/usr/share/crypto-policies/FIPS/${name}.txt`, content).backEnd(name, 'FIPS');
    }
    // as on every host with p11-kit
    this.editBackEnd('nss', `${FIPS_BACK_ENDS['nss'] ?? ''}\nname=p11-kit-proxy\nlibrary=p11-kit-proxy.so\n`);
    this.cryptoPolicy('FIPS').write('/etc/dracut.conf.d/40-fips.conf', 'add_dracutmodules+=" fips "\n');
    this.write('/usr/lib64/libgnutls.so.30.28.2', 'code of gnutls').link(
      '/usr/lib64/libgnutls.so.30',
      'libgnutls.so.30.28.2',
    );
    if (this.generation === 9) this.#sealGnutlsByName();
    else this.#fillEight();
  }

  #fillEight(): void {
    this.seal('/usr/lib64/libgnutls.so.30.28.2', 'fipscheck');
    for (const name of ['libcrypto.so.1.1.1k', 'libssl.so.1.1.1k', 'libgcrypt.so.20']) {
      this.write(`/usr/lib64/${name}`, `code of ${name}`).seal(`/usr/lib64/${name}`, 'fipscheck');
    }
    this.write(`/lib/modules/${this.kernel}/vmlinuz`, `kernel ${this.kernel}`);
    const image = this.read(`/boot/.vmlinuz-${this.kernel}.hmac`);
    this.write(`/lib/modules/${this.kernel}/.vmlinuz.hmac`, image);
  }

  #sealGnutlsByName(): void {
    this.write('/usr/lib64/libnettle.so.8', 'code of nettle');
    const section = (name: string, content: string): string => {
      const hmac = createHmac('sha256', HMAC_KEYS.fipscheck).update(content).digest('hex');
      return `[${name}]\npath = /lib64/${name}\nhmac = ${hmac}\n`;
    };
    this.write(
      '/usr/lib64/.libgnutls.so.30.28.2.hmac',
      `[global]\nformat-version = 1\n${section('libgnutls.so.30', 'code of gnutls')}${section('libnettle.so.8', 'code of nettle')}`,
    );
    this.link('/usr/lib64/.libgnutls.so.30.hmac', '.libgnutls.so.30.28.2.hmac');
    this.write('/usr/lib64/libcrypto.so.3', 'code of libcrypto').write('/usr/lib64/libgcrypt.so.20', 'code of gcrypt');
  }
}
