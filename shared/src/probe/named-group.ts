export interface NamedGroup {
  readonly id: number;
  /** As the registry has it, the NIST curves under their NIST names. */
  readonly name: string;
  readonly tls13: boolean;
}

const group = (id: number, name: string, tls13 = true): NamedGroup => ({ id, name, tls13 });
const old = (id: number, name: string): NamedGroup => group(id, name, false);

export const P256 = 0x0017;

/**
 * IANA's TLS Supported Groups (RFC 8446 §4.2.7, RFC 8422, RFC 7919, RFC 8734, RFC 9189, draft-ietf-tls-ecdhe-mlkem), the
 * ones of FIPS first: a server that follows its client is asked to prefer them.
 */
export const NAMED_GROUPS: readonly NamedGroup[] = [
  group(P256, 'P-256'),
  group(0x0018, 'P-384'),
  group(0x0019, 'P-521'),
  group(0x001d, 'X25519'),
  group(0x001e, 'X448'),
  group(0x0100, 'ffdhe2048'),
  group(0x0101, 'ffdhe3072'),
  group(0x0102, 'ffdhe4096'),
  group(0x0103, 'ffdhe6144'),
  group(0x0104, 'ffdhe8192'),
  group(0x11eb, 'SecP256r1MLKEM768'),
  group(0x11ec, 'X25519MLKEM768'),
  group(0x11ed, 'SecP384r1MLKEM1024'),
  group(0x0200, 'MLKEM512'),
  group(0x0201, 'MLKEM768'),
  group(0x0202, 'MLKEM1024'),
  group(0x6399, 'X25519Kyber768Draft00'),
  group(0x001f, 'brainpoolP256r1tls13'),
  group(0x0020, 'brainpoolP384r1tls13'),
  group(0x0021, 'brainpoolP512r1tls13'),
  group(0x0029, 'curveSM2'),
  group(0x0022, 'GC256A'),
  group(0x0023, 'GC256B'),
  group(0x0024, 'GC256C'),
  group(0x0025, 'GC256D'),
  group(0x0026, 'GC512A'),
  group(0x0027, 'GC512B'),
  group(0x0028, 'GC512C'),
  old(0x001a, 'brainpoolP256r1'),
  old(0x001b, 'brainpoolP384r1'),
  old(0x001c, 'brainpoolP512r1'),
  old(0x0016, 'secp256k1'),
  old(0x0015, 'P-224'),
  old(0x0014, 'secp224k1'),
  old(0x0013, 'P-192'),
  old(0x0012, 'secp192k1'),
  old(0x0011, 'secp160r2'),
  old(0x0010, 'secp160r1'),
  old(0x000f, 'secp160k1'),
  old(0x000e, 'sect571r1'),
  old(0x000d, 'sect571k1'),
  old(0x000c, 'sect409r1'),
  old(0x000b, 'sect409k1'),
  old(0x000a, 'sect283r1'),
  old(0x0009, 'sect283k1'),
  old(0x0008, 'sect239k1'),
  old(0x0007, 'sect233r1'),
  old(0x0006, 'sect233k1'),
  old(0x0005, 'sect193r2'),
  old(0x0004, 'sect193r1'),
  old(0x0003, 'sect163r2'),
  old(0x0002, 'sect163r1'),
  old(0x0001, 'sect163k1'),
];

const NAMES = new Map(NAMED_GROUPS.map(({ id, name }) => [id, name]));

export function groupName(id: number): string {
  return NAMES.get(id) ?? `group 0x${id.toString(16).padStart(4, '0')}`;
}

/** What stands for a group where Diffie-Hellman goes by a prime of so many bits. */
export function finiteField(bits: number): string {
  return `finite field of ${String(bits)} bits`;
}
