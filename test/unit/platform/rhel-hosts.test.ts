import { platformObservationSchema } from '@sealwatch/shared/platform/platform-observation-schema.js';
import { afterEach, describe, expect, it } from 'vitest';
import { FIPS_BACK_ENDS, type MountLine, type RhelGeneration, RhelTree } from '../../fakes/rhel-tree.js';

const trees: RhelTree[] = [];
afterEach(() => {
  for (const tree of trees.splice(0)) tree.remove();
});

function rhel(generation: RhelGeneration): RhelTree {
  const tree = new RhelTree(generation);
  trees.push(tree);
  return tree;
}

describe('a host that was put into FIPS mode', () => {
  it.each([7, 8] as const)('RHEL %i: enabled, supported, nothing to say against it', async (generation) => {
    const { system, fips, deviations } = await rhel(generation).judge();
    expect(deviations).toEqual([]);
    expect(fips.state).toBe('enabled');
    expect(system?.support).toBe('supported');
  });

  it('RHEL 9: enabled, and named as one that is only recognised', async () => {
    const { system, fips, deviations } = await rhel(9).judge();
    expect(deviations.map(({ code, observed }) => [code, observed])).toEqual([
      ['host.recognised-os', 'Red Hat Enterprise Linux 9.4'],
    ]);
    expect(fips.state).toBe('enabled');
    expect(system).toMatchObject({ support: 'recognised', generation: 9 });
  });

  it.each([7, 8, 9] as const)(
    'RHEL %i: the observation keeps its shape and says the same twice',
    async (generation) => {
      const tree = rhel(generation);
      const observation = await tree.observe();
      expect(platformObservationSchema.safeParse(observation).success).toBe(true);
      expect(JSON.stringify(await tree.observe())).toBe(JSON.stringify(observation));
      expect(platformObservationSchema.safeParse({ ...observation, extra: 1 }).success).toBe(false);
    },
  );
});

describe('the FIPS state', () => {
  it('is disabled when every sign says no', async () => {
    const tree = rhel(8).fips('0').commandLine('quiet').cryptoPolicy('DEFAULT');
    const { fips, deviations } = await tree.judge();
    expect(fips.state).toBe('disabled');
    expect(deviations.map(({ code }) => code)).toContain('host.fips-disabled');
  });

  it.each<[string, (tree: RhelTree) => RhelTree]>([
    ['only the kernel says no', (tree) => tree.fips('0')],
    ['only the command line says no', (tree) => tree.commandLine('quiet')],
    ['a later fips=0 takes the first back', (tree) => tree.commandLine('fips=1 boot=UUID=7c1f fips=0')],
    ['fips=1 is an argument of init', (tree) => tree.commandLine('boot=UUID=7c1f -- fips=1')],
    ['the policy applied is another', (tree) => tree.cryptoPolicy('FIPS', 'DEFAULT')],
    ['the policy asked for is another', (tree) => tree.cryptoPolicy('DEFAULT', 'FIPS')],
    ['there is no policy at all', (tree) => tree.drop('/etc/crypto-policies')],
    ['the kernel has no FIPS mode', (tree) => tree.drop('/proc/sys/crypto')],
  ])('is inconsistent, which fails, when %s', async (_, change) => {
    const { fips, deviations } = await change(rhel(8)).judge();
    expect(fips.state).toBe('inconsistent');
    expect(deviations.filter(({ code }) => code === 'host.fips-inconsistent')).toHaveLength(1);
  });

  it('needs no crypto policy on RHEL 7', async () => {
    expect((await rhel(7).cryptoPolicy('DEFAULT').judge()).fips.state).toBe('enabled');
  });

  it.each<[string, (tree: RhelTree) => RhelTree]>([
    ['the kernel answers something else', (tree) => tree.fips('2')],
    ['the command line is a directory', (tree) => tree.drop('/proc/cmdline').directory('/proc/cmdline')],
    ['the policy is no name', (tree) => tree.cryptoPolicy('../../tmp')],
  ])('is unknown, never enabled, when %s', async (_, change) => {
    const { fips, deviations } = await change(rhel(8)).judge();
    expect(fips.state).toBe('unknown');
    expect(deviations.map(({ code }) => code)).toContain('host.fips-unreadable');
  });

  it('takes the policy that was applied where none is configured', async () => {
    expect((await rhel(8).drop('/etc/crypto-policies/config').judge()).fips.state).toBe('enabled');
  });
});

describe('the crypto policy', () => {
  it.each([
    ['FIPS:OSPP', []],
    ['FIPS:ECDHE-ONLY:NO-SHA1', []],
    ['FIPS:NO-ENFORCE-EMS', ['host.crypto-policy-weakened']],
    ['FIPS:OSPP:AD-SUPPORT', ['host.crypto-policy-weakened']],
    ['FIPS:sha1', ['host.crypto-policy-weakened']],
    ['FIPS:OURS', ['host.crypto-policy-redefined']],
  ])('%s', async (name, codes) => {
    const { fips, deviations } = await rhel(8).cryptoPolicy(name).judge();
    expect(fips.state).toBe('enabled');
    expect(deviations.map(({ code }) => code)).toEqual(codes);
  });

  it('is pending when a subpolicy was asked for and not applied', async () => {
    expect(await rhel(8).cryptoPolicy('FIPS:OSPP', 'FIPS').codes()).toEqual(['host.crypto-policy-pending']);
  });

  it('is not what it is called when somebody redefined it', async () => {
    const tree = rhel(8).write('/etc/crypto-policies/policies/FIPS.pol', 'mac = HMAC-MD5\n');
    expect(await tree.codes()).toEqual(['host.crypto-policy-redefined']);
    tree.cryptoPolicy('FIPS:OSPP').write('/etc/crypto-policies/policies/modules/OSPP.pmod', 'cipher = +RC4-128\n');
    expect((await tree.judge()).deviations.map(({ observed }) => observed)).toEqual([
      'an own FIPS.pol',
      'an own OSPP.pmod',
    ]);
  });

  it('an unused definition of the operator’s is nobody’s business', async () => {
    expect(
      await rhel(8).write('/etc/crypto-policies/policies/modules/OSPP.pmod', 'cipher = +RC4-128\n').codes(),
    ).toEqual([]);
  });

  it('an edit that only takes away is a warning: DISA’s remedy for RHEL-08-010290', async () => {
    const tree = rhel(8).editBackEnd('opensshserver', "CRYPTO_POLICY='-oCiphers=aes256-ctr -oMACs=hmac-sha2-512'\n");
    const { deviations } = await tree.judge();
    expect(deviations).toMatchObject([{ code: 'host.crypto-policy-edited', observed: 'opensshserver' }]);
  });

  it.each([
    [
      'openssh',
      'Ciphers aes256-ctr,chacha20-poly1305@openssh.com\nMACs hmac-sha2-256\nRequiredRSASize 2048\n',
      'chacha20',
    ],
    ['openssh', 'Ciphers aes256-ctr\nMACs hmac-sha2-256\nRequiredRSASize 1024\n', '1024'],
    ['openssh', 'Ciphers +3des-cbc\nMACs hmac-sha2-256\nRequiredRSASize 2048\n', '3des'],
    ['openssh', 'MACs hmac-sha2-256\nRequiredRSASize 2048\n', 'not set: ciphers'],
    ['openssl', '@SECLEVEL=2:kEECDH:kEDH:kPSK:-kRSA:-aDSS:-CHACHA20-POLY1305:-3DES:!DES:!eNULL:!aNULL:!MD5\n', 'RC4'],
    ['openssl', FIPS_BACK_ENDS['openssl']!.replace('SECLEVEL=2', 'SECLEVEL=1'), 'security level: 1'],
    ['openssl', FIPS_BACK_ENDS['openssl']!.replace('@SECLEVEL=2:', ''), 'not set: ciphers security level'],
    ['opensslcnf', FIPS_BACK_ENDS['opensslcnf']!.replace('TLSv1.2', 'TLSv1.1'), 'TLSv1.1'],
    ['krb5', `${FIPS_BACK_ENDS['krb5']!}allow_weak_crypto = true\n`, 'allow_weak_crypto'],
    ['gnutls', `${FIPS_BACK_ENDS['gnutls']!}tls-enabled-cipher = CHACHA20-POLY1305\n`, 'CHACHA20'],
  ])('an edit of %s that allows more fails and is named', async (name, content, named) => {
    const { deviations } = await rhel(8).editBackEnd(name, content).judge();
    expect(deviations.map(({ code }) => code)).toEqual(['host.crypto-policy-weakened']);
    expect(deviations[0]?.observed).toContain(named);
  });

  it.each([
    ['opensslcnf', FIPS_BACK_ENDS['opensslcnf']!.replace('TLSv1.2', 'TLSv1.3').replace('LEVEL=2', 'LEVEL=3')],
    ['openssh', 'Ciphers aes256-ctr\nMACs hmac-sha2-256\nRequiredRSASize 3072\n'],
    ['bind', 'disable-algorithms "." {\nRSAMD5;\n};\n'],
  ])('an edit of %s that is stricter, or that nobody can compare, is a warning', async (name, content) => {
    expect(await rhel(8).editBackEnd(name, content).codes()).toEqual(['host.crypto-policy-edited']);
  });

  it('a back-end that is missing leaves its program to its own defaults: unknown', async () => {
    const tree = rhel(8).drop('/etc/crypto-policies/back-ends/openssl.config');
    expect((await tree.judge()).deviations).toMatchObject([
      { code: 'host.crypto-policy-unreadable', observed: 'openssl: not there, or leads nowhere' },
    ]);
    tree.drop('/etc/crypto-policies/back-ends').drop('/usr/share/crypto-policies');
    expect(await tree.codes()).toEqual(['host.crypto-policy-unreadable']);
    expect(await tree.directory('/etc/crypto-policies/back-ends').codes()).toEqual(['host.crypto-policy-unreadable']);
  });

  it('files that a narrowing subpolicy had written are no edits, unless nobody can compare them', async () => {
    const tree = rhel(8)
      .cryptoPolicy('FIPS:OSPP')
      .editBackEnd('openssh', 'Ciphers aes256-ctr\nMACs hmac-sha2-512\nRequiredRSASize 3072\n');
    expect(await tree.codes()).toEqual([]);
    const { deviations } = await tree.editBackEnd('bind', 'disable-algorithms "." {\n};\n').judge();
    expect(deviations).toMatchObject([{ code: 'host.crypto-policy-edited', observed: 'bind' }]);
  });

  it('a back-end of another policy under the name FIPS fails', async () => {
    const tree = rhel(8)
      .write('/usr/share/crypto-policies/LEGACY/openssl.txt', 'ALL\n')
      .drop('/etc/crypto-policies/back-ends/openssl.config');
    const { deviations } = await tree.backEnd('openssl', 'LEGACY').judge();
    expect(deviations).toMatchObject([{ code: 'host.crypto-policy-weakened', observed: 'as in LEGACY' }]);
  });

  it('the shipped file of another back-end is not taken for its own', async () => {
    const tree = rhel(8).replace(
      '/etc/crypto-policies/back-ends/krb5.config',
      '/usr/share/crypto-policies/FIPS/openssh.txt',
    );
    expect(await tree.codes()).toEqual(['host.crypto-policy-weakened']);
  });
});

describe('signs beside the state', () => {
  it.each<[string, RhelGeneration, (tree: RhelTree) => unknown, string[]]>([
    ['no /etc/system-fips', 8, (tree) => tree.drop('/etc/system-fips'), ['host.system-fips-missing']],
    ['no /etc/system-fips on 9, where nothing reads it', 9, () => undefined, []],
    ['no dracut-fips on 7', 7, (tree) => tree.drop('/usr/lib/dracut/modules.d/01fips'), ['host.dracut-fips-missing']],
    ['no 40-fips.conf on 8', 8, (tree) => tree.drop('/etc/dracut.conf.d/40-fips.conf'), ['host.dracut-fips-missing']],
    [
      'the module is left out again',
      8,
      (tree) => tree.write('/etc/dracut.conf.d/99-local.conf', 'omit_dracutmodules+=" plymouth fips "\n'),
      ['host.dracut-fips-missing'],
    ],
    ['no boot= though /boot is its own', 8, (tree) => tree.commandLine('fips=1'), ['host.boot-parameter-missing']],
    ['no boot= and no own /boot', 8, (tree) => tree.commandLine('fips=1').mounts(['/proc', 'proc']), []],
    [
      'the kernel check is skipped',
      8,
      (tree) => tree.commandLine('fips=1 boot=UUID=7c1f rd.fips.skipkernel'),
      ['host.kernel-check-skipped'],
    ],
    ['prelink is on', 7, (tree) => tree.write('/etc/sysconfig/prelink', 'PRELINKING=yes\n'), ['host.prelink']],
    ['prelink ran', 7, (tree) => tree.write('/etc/prelink.cache', 'x'), ['host.prelink']],
  ])('%s', async (_, generation, change, codes) => {
    const tree = rhel(generation);
    change(tree);
    expect((await tree.codes()).filter((code) => code !== 'host.recognised-os')).toEqual(codes);
  });
});

describe('HMAC sidecars', () => {
  it('name the key that made them', async () => {
    const { libraries, kernelImages } = await rhel(8).observe();
    expect(kernelImages.map(({ path, seal }) => [path.split('/')[1], seal.state === 'matches' && seal.key])).toEqual([
      ['boot', 'hmaccalc'],
      ['usr', 'hmaccalc'],
    ]);
    expect(libraries.state === 'value' && libraries.value.sealed.map(({ path, seal }) => [path, seal.state])).toEqual([
      ['/usr/lib64/libcrypto.so.1.1.1k', 'matches'],
      ['/usr/lib64/libgcrypt.so.20', 'matches'],
      ['/usr/lib64/libgnutls.so.30.28.2', 'matches'],
      ['/usr/lib64/libssl.so.1.1.1k', 'matches'],
    ]);
  });

  it('of RHEL 9 name several files themselves', async () => {
    const { libraries } = await rhel(9).observe();
    expect(libraries.state === 'value' && libraries.value.sealed.map(({ path, seal }) => [path, seal.state])).toEqual([
      ['/lib64/libgnutls.so.30', 'matches'],
      ['/lib64/libnettle.so.8', 'matches'],
    ]);
  });

  it('are tried with other makers’ keys, too', async () => {
    const tree = rhel(8)
      .seal('/usr/lib64/libssl.so.1.1.1k', 'suse-openssl')
      .seal('/usr/lib64/libgcrypt.so.20', 'libgcrypt');
    expect(await tree.codes()).toEqual([]);
  });

  it.each<[string, (tree: RhelTree) => RhelTree]>([
    ['a changed library', (tree) => tree.write('/usr/lib64/libcrypto.so.1.1.1k', 'other code')],
    ['a changed kernel', (tree) => tree.write(`/boot/vmlinuz-${tree.kernel}`, 'another kernel')],
    [
      'an HMAC under a key nobody knows',
      (tree) => tree.write('/usr/lib64/.libssl.so.1.1.1k.hmac', `${'ab'.repeat(32)}\n`),
    ],
    [
      'a library that only claims to be prelinked, where there is no prelink',
      (tree) => tree.write('/usr/lib64/libcrypto.so.1.1.1k', 'code\0.gnu.prelink_undo\0'),
    ],
  ])('%s fails', async (_, change) => {
    expect(await change(rhel(8)).codes()).toEqual(['host.hmac-mismatch']);
  });

  it('a library that prelink changed is a warning of its own on RHEL 7', async () => {
    const undo = Buffer.concat([Buffer.alloc(128 * 1024 - 8, 0x41), Buffer.from('.gnu.prelink_undo\0rest')]);
    const { deviations } = await rhel(7).write('/usr/lib64/libcrypto.so.1.0.2k', undo).judge();
    expect(deviations).toMatchObject([{ code: 'host.prelink', observed: 'prelinked' }]);
  });

  it('a sidecar that holds no HMAC is unknown, one without its file a warning', async () => {
    const tree = rhel(7).write('/usr/lib64/.libssl.so.1.0.2k.hmac', 'not hex\n');
    expect(await tree.codes()).toEqual(['host.hmac-unreadable']);
    tree
      .write('/usr/lib64/fipscheck/pluto.hmac', `${'ab'.repeat(32)}\n`)
      .seal('/usr/lib64/libssl.so.1.0.2k', 'fipscheck');
    expect(await tree.codes()).toEqual(['host.hmac-without-file']);
  });

  it('that are missing are warnings', async () => {
    const tree = rhel(8);
    tree.drop('/usr/lib64/.libcrypto.so.1.1.1k.hmac').drop(`/boot/.vmlinuz-${tree.kernel}.hmac`);
    tree.drop(`/lib/modules/${tree.kernel}/.vmlinuz.hmac`);
    expect(await tree.codes()).toEqual(['host.kernel-hmac-missing', 'host.library-hmac-missing']);
  });
});

describe('mounts over what was read', () => {
  it.each<[string, MountLine]>([
    ['a file over fips_enabled', ['/proc/sys/crypto/fips_enabled', 'xfs', '/tmp/one', '253:0']],
    ['a file system over /proc/sys', ['/proc/sys', 'tmpfs']],
    ['another part of procfs over the command line', ['/proc/cmdline', 'proc', '/version', '0:4']],
    ['a directory over the crypto policy', ['/etc/crypto-policies', 'xfs', '/tmp/policies', '253:0']],
    ['a file over a library', ['/usr/lib64/libcrypto.so.1.1.1k', 'xfs', '/tmp/lib', '253:0']],
    ['a file over a sidecar', ['/usr/lib64/.libcrypto.so.1.1.1k.hmac', 'tmpfs', '/h', '0:50']],
    ['a file where os-release leads', ['/usr/lib/os-release', 'xfs', '/tmp/os', '253:0']],
    ['an overlay over /usr', ['/usr', 'overlay']],
    ['a bind mount over /boot', ['/boot', 'xfs', '/fake', '253:0']],
    ['something where a missing sign should be', ['/etc/prelink.cache', 'tmpfs']],
  ])('%s fails and is named', async (_, mount) => {
    const tree = rhel(8).mounts(['/proc', 'proc'], mount);
    const { deviations } = await tree.judge();
    const covered = deviations.filter(({ code }) => code === 'host.facts-covered');
    expect(covered).toHaveLength(1);
    expect(covered[0]?.observed).toContain(`${mount[0]} is covered by`);
  });

  it('a covered sign is no sign', async () => {
    const tree = rhel(8).mounts(['/proc', 'proc'], ['/proc/sys/crypto/fips_enabled', 'xfs', '/tmp/one', '253:0']);
    const { fips, deviations } = await tree.judge();
    expect(fips.state).toBe('unknown');
    expect(deviations.map(({ observed }) => observed)).toContain(
      '/proc/sys/crypto/fips_enabled is covered by /tmp/one (xfs)',
    );
  });

  it.each<[string, readonly MountLine[]]>([
    [
      'file systems of their own',
      [
        ['/usr', 'xfs'],
        ['/boot', 'autofs'],
        ['/boot', 'ext4'],
        ['/boot/efi', 'vfat'],
      ],
    ],
    ['a btrfs subvolume', [['/usr', 'btrfs', '/usrvol']]],
    ['a read-only view of procfs itself', [['/proc/sys', 'proc', '/sys']]],
    [
      'mounts elsewhere',
      [
        ['/var/lib/kubelet/pods/x', 'tmpfs'],
        ['/etc/crypto-policies-old', 'tmpfs'],
        ['/proc/fs/nfsd', 'nfsd'],
      ],
    ],
  ])('%s are honest', async (_, mounts) => {
    expect(
      await rhel(8)
        .mounts(['/proc', 'proc'], ...mounts)
        .codes(),
    ).toEqual([]);
  });

  it('RHEL 9.6 mounts its own FIPS policy over another one: honest, and FIPS', async () => {
    const tree = rhel(9)
      .cryptoPolicy('FIPS', 'DEFAULT')
      .write('/usr/share/crypto-policies/default-fips-config', 'FIPS\n');
    const policy = [
      '/etc/crypto-policies/config',
      'xfs',
      '/usr/share/crypto-policies/default-fips-config',
      '253:0',
    ] as const;
    const backEnds = [
      '/etc/crypto-policies/back-ends',
      'xfs',
      '/usr/share/crypto-policies/back-ends/FIPS',
      '253:0',
    ] as const;
    tree.mounts(['/proc', 'proc'], policy, backEnds);
    expect(await tree.codes()).toEqual(['host.recognised-os']);
    tree.mounts(['/proc', 'proc'], policy, [
      '/etc/crypto-policies/back-ends',
      'xfs',
      '/usr/share/crypto-policies/back-ends/FIPS',
      '253:9',
    ]);
    expect(await tree.codes()).toEqual(['host.fips-inconsistent', 'host.facts-covered', 'host.recognised-os']);
  });

  it('without a mount table nothing is known of it', async () => {
    expect(await rhel(8).drop('/proc/1').codes()).toEqual(['host.mounts-unreadable']);
    expect(await rhel(8).write('/proc/1/mountinfo', 'no table\n').codes()).toEqual(['host.mounts-unreadable']);
    expect(await rhel(8).mounts().codes()).toEqual(['host.mounts-unreadable']);
  });
});
