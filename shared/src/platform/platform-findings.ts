import type { CatalogueEntry } from '../appraisal/catalogue-entry.js';

/** What can be wrong with a host's FIPS mode and the facts it is told from. */
const TABLE = {
  'host.fips-inconsistent': {
    severity: 'fail',
    fixed: true,
    meaning: 'Some signs of the host say FIPS mode and others do not',
    remedy: 'fips-mode-setup --enable (EL8, EL9) or dracut-fips and fips=1 (EL7), then reboot',
  },
  'host.facts-covered': {
    severity: 'fail',
    fixed: true,
    meaning: 'Something is mounted over what the host says about its FIPS mode',
    remedy: 'Unmount it, then find out who mounted it: this is how FIPS mode is faked',
  },
  'host.mounts-unreadable': {
    severity: 'unknown',
    fixed: true,
    meaning: 'The mount table could not be read, so what was read may come from elsewhere',
    remedy: 'Run the agent as root with /proc mounted',
  },
  'host.unsupported-os': {
    severity: 'fail',
    fixed: false,
    meaning: 'The operating system is none that FIPS mode can be told of',
    remedy: 'Use RHEL or CentOS 7 or 8, or lower this finding in the policy',
  },
  'host.recognised-os': {
    severity: 'warn',
    fixed: false,
    meaning:
      'The operating system is measured like the Enterprise Linux it is built as, but is not RHEL or CentOS 7 or 8',
    remedy: 'Compare the operating environments of the certificates in use with this system',
  },
  'host.os-unreadable': {
    severity: 'unknown',
    fixed: true,
    meaning: 'Which operating system the host runs could not be read',
    remedy: 'Restore /etc/os-release; run the agent as root',
  },
  'host.vendor-without-validation': {
    severity: 'warn',
    fixed: false,
    meaning: 'The vendor of the operating system has had none of its cryptographic modules validated',
    remedy: 'Have an assessor accept it, or use a system whose vendor has certificates',
  },
  'host.crypto-policy-pending': {
    severity: 'warn',
    fixed: false,
    meaning: 'The configured crypto policy is not the one that was applied',
    remedy: 'update-crypto-policies, then reboot',
  },
  'host.crypto-policy-weakened': {
    severity: 'fail',
    fixed: false,
    meaning: 'The system-wide crypto policy allows more than the FIPS policy does',
    remedy: 'update-crypto-policies --set FIPS, then reboot',
  },
  'host.crypto-policy-redefined': {
    severity: 'unknown',
    fixed: false,
    meaning: 'The crypto policy uses a definition that is not the shipped one, so what it allows is not known',
    remedy:
      'Remove it from /etc/crypto-policies/policies and run update-crypto-policies, or read it and lower this finding',
  },
  'host.crypto-policy-edited': {
    severity: 'warn',
    fixed: false,
    meaning: 'Files of the crypto policy were edited without allowing more, or can not be compared',
    remedy: 'update-crypto-policies --set FIPS writes them anew, unless a STIG remedy made the change',
  },
  'host.crypto-policy-unreadable': {
    severity: 'unknown',
    fixed: true,
    meaning: 'The files of the crypto policy could not be read',
    remedy: 'Run the agent as root; update-crypto-policies writes them anew',
  },
  'host.system-fips-missing': {
    severity: 'warn',
    fixed: false,
    meaning: 'There is no /etc/system-fips, by which GnuTLS and libgcrypt know FIPS mode',
    remedy: 'fips-mode-setup --enable (EL8) or yum install dracut-fips (EL7)',
  },
  'host.dracut-fips-missing': {
    severity: 'warn',
    fixed: false,
    meaning: 'The next initramfs will not have the FIPS module',
    remedy: 'fips-mode-setup --enable (EL8, EL9) or yum install dracut-fips, then dracut -f (EL7)',
  },
  'host.boot-parameter-missing': {
    severity: 'warn',
    fixed: false,
    meaning: '/boot is a file system of its own, but the kernel command line does not say which',
    remedy: 'grubby --update-kernel=ALL --args=boot=UUID=… of /boot',
  },
  'host.kernel-check-skipped': {
    severity: 'fail',
    fixed: false,
    meaning: 'The command line tells dracut not to check the kernel before it starts',
    remedy: 'grubby --update-kernel=ALL --remove-args=rd.fips.skipkernel, then reboot',
  },
  'host.kernel-hmac-missing': {
    severity: 'warn',
    fixed: false,
    meaning: 'The running kernel has no HMAC that its image could be checked with',
    remedy: 'Reinstall the kernel package',
  },
  'host.hmac-mismatch': {
    severity: 'fail',
    fixed: false,
    meaning: 'A kernel or a library is not the one its HMAC was made of',
    remedy: 'rpm -V and reinstall its package, then find out who changed it',
  },
  'host.hmac-unreadable': {
    severity: 'unknown',
    fixed: false,
    meaning: 'The HMAC of a kernel or a library could not be made anew',
    remedy: 'Run the agent as root; reinstall the package if the file is damaged',
  },
  'host.hmac-without-file': {
    severity: 'warn',
    fixed: false,
    meaning: 'There is an HMAC of a file that is not there, or not where its package puts it',
    remedy: 'Remove the left-over HMAC, or reinstall its package',
  },
  'host.library-hmac-missing': {
    severity: 'warn',
    fixed: false,
    meaning: 'A cryptographic library has no HMAC beside it, so it cannot work in FIPS mode',
    remedy: 'Reinstall its package',
  },
  'host.prelink': {
    severity: 'warn',
    fixed: false,
    meaning: 'prelink changes libraries, and with them what their HMACs were made of',
    remedy: 'Set PRELINKING=no in /etc/sysconfig/prelink, run prelink -ua and remove /etc/prelink.cache',
  },
} as const;

export type PlatformFindingCode = keyof typeof TABLE;

export const PLATFORM_FINDINGS: Readonly<Record<PlatformFindingCode, CatalogueEntry>> = TABLE;
