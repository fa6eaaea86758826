/** One member of an archive, and every way in which it can lie. Names are bytes, one character each (`latin1`). */
export interface TarMember {
  readonly name: string;
  /** Type flag; default a regular file. */
  readonly type?: string;
  readonly mode?: number;
  readonly content?: Buffer | string;
  readonly linkName?: string;
  /** What the header says; default the content's length. */
  readonly size?: number;
  /** Records of an extended header before it. */
  readonly pax?: Readonly<Record<string, string>>;
  /** Changes the finished header block, before its checksum is made. */
  readonly header?: (block: Buffer) => void;
}

export const file = (name: string, content: Buffer | string = '', mode = 0o644): TarMember => ({ name, content, mode });
export const program = (name: string, content: Buffer | string = name): TarMember => file(name, content, 0o755);
export const directory = (name: string, mode = 0o755): TarMember => ({ name: `${name}/`, type: '5', mode });
export const symlink = (name: string, linkName: string): TarMember => ({ name, type: '2', linkName, mode: 0o777 });
export const hardLink = (name: string, linkName: string, mode = 0o755): TarMember => ({
  name,
  type: '1',
  linkName,
  mode,
});
export const whiteout = (name: string): TarMember => file(name.replace(/([^/]*)$/, '.wh.$1'));
export const opaque = (name: string): TarMember => file(`${name === '' ? '' : `${name}/`}.wh..wh..opq`);

/** A tar archive in ustar format; names that do not fit get an extended header. */
export function tarOf(members: readonly TarMember[], end: Buffer = Buffer.alloc(1024)): Buffer {
  return Buffer.concat([...members.flatMap(memberBlocks), end]);
}

function memberBlocks(member: TarMember): Buffer[] {
  const { name, type = '0', mode = 0o644, linkName = '', header } = member;
  const content = Buffer.from(member.content ?? '');
  const long: Record<string, string> = {
    ...(name.length > 100 ? { path: name } : {}),
    ...(linkName.length > 100 ? { linkpath: linkName } : {}),
    ...member.pax,
  };
  const records = Object.entries(long).map(([key, value]) => paxRecord(key, value));
  const extended =
    records.length === 0 ? [] : memberBlocks({ name: 'PaxHeader', type: 'x', content: Buffer.concat(records) });
  const block = Buffer.alloc(512);
  block.write(name.slice(0, 100), 0, 'latin1');
  block.write(octal(mode, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(member.size ?? content.length, 11), 124);
  block.write(octal(0, 11), 136);
  block.write(type, 156, 'latin1');
  block.write(linkName.slice(0, 100), 157, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  header?.(block);
  block.fill(' ', 148, 156);
  block.write(
    `${octal(
      block.reduce((sum, byte) => sum + byte, 0),
      6,
    )}\0 `,
    148,
  );
  return [...extended, block, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

function paxRecord(key: string, value: string): Buffer {
  const rest = Buffer.from(` ${key}=${value}\n`, 'latin1');
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}
