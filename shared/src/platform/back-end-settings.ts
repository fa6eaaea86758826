import { textLines } from './text-lines.js';

/** What one back-end's file of a crypto policy allows and rules out, each as `setting: item`. */
export interface BackEndSettings {
  /** The settings it makes. One that is not made is left to the program's own, wider default. */
  readonly names: ReadonlySet<string>;
  readonly allowed: ReadonlySet<string>;
  readonly ruledOut: ReadonlySet<string>;
}

/**
 * Reads a file of `/etc/crypto-policies/back-ends` whose language lists what is allowed: OpenSSH's, libssh's,
 * OpenSSL's, Kerberos' and GnuTLS's allow list.
 * @returns undefined for the others (NSS, Java, BIND, Libreswan …): what they allow can't be told without their programs
 */
export function backEndSettings(name: string, bytes: Buffer): BackEndSettings | undefined {
  const lines = textLines(bytes).filter((line) => line !== '' && !line.startsWith('#') && !/^\[.*\]$/.test(line));
  switch (name) {
    case 'openssh':
    case 'opensshserver':
    case 'libssh':
      return settingsOf(lines.flatMap(sshSettings), ',');
    case 'openssl':
      // one bare cipher string
      return settingsOf([['ciphers', lines.join(':')]], ':');
    case 'opensslcnf':
    case 'openssl_fips':
      // `:` and `/` separate groups, `*` and `?` before one only say how it is offered
      return settingsOf(lines.map(assignment), /[:/]/, /^[*?]+/);
    case 'krb5':
      return settingsOf(lines.map(assignment), ' ');
    case 'gnutls':
      return lines.some((line) => /^override-mode\s*=\s*allowlist$/.test(line))
        ? settingsOf(lines.map(assignment), ':')
        : undefined;
    default:
      return undefined;
  }
}

type Setting = readonly [name: string, items: string];

/** `Ciphers a,b`, or Enterprise Linux 8's one line `CRYPTO_POLICY='-oCiphers=a,b -oMACs=c'`. */
function sshSettings(line: string): Setting[] {
  const [, options] = /^CRYPTO_POLICY=(["'])(.*)\1$/.exec(line) ?? [];
  if (options !== undefined) return options.split(/\s+/).map((option) => assignment(option.replace(/^-o/, '')));
  const [name = '', ...items] = line.split(/\s+/);
  return [[name, items.join(' ')]];
}

function assignment(line: string): Setting {
  const at = line.indexOf('=');
  return at === -1 ? [line, ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
}

/** OpenSSL writes it into the cipher list; it is a setting of its own. */
export const SECURITY_LEVEL = 'security level';

function settingsOf(settings: readonly Setting[], separator: string | RegExp, marks = /^(?!)/): BackEndSettings {
  const names = new Set<string>();
  const allowed = new Set<string>();
  const ruledOut = new Set<string>();
  for (const [written, items] of settings) {
    const name = written.toLowerCase();
    names.add(name);
    for (const item of items.split(separator)) {
      const text = item.trim().replace(marks, '');
      const [, level] = /^@SECLEVEL=(\d)$/.exec(text) ?? [];
      if (level !== undefined) {
        names.add(`${name} ${SECURITY_LEVEL}`);
        allowed.add(`${name} ${SECURITY_LEVEL}: ${level}`);
        continue;
      }
      // `-` and `!` are OpenSSL's marks for taking out; an OpenSSH list that begins so is widened from its default
      if (separator !== ',' && /^[-!]/.test(text)) ruledOut.add(`${name}: ${text.slice(1)}`);
      else if (text !== '') allowed.add(`${name}: ${text}`);
    }
  }
  return { names, allowed, ruledOut };
}
