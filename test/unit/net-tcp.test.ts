import { readFileSync } from 'node:fs';
import { endianness } from 'node:os';
import { createServer } from 'node:net';
import { once } from 'node:events';
import fc from 'fast-check';
import { endsListening, type ListeningSocket, parseNetTcp } from '@sealwatch/shared/proc/net-tcp.js';
import { describe, expect, it } from 'vitest';

/** Captured on Linux 6.18, x86-64. */
const TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     
   0: 0100007F:AC59 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1092603 1 00000000bf480e40 100 0 0 10 0                   
   1: 00000000:07E8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1061 1 000000002ba2555b 100 0 0 10 0                      
   2: 020200C0:CE3A 507100CB:0050 06 00000000:00000000 03:00000C57 00000000     0        0 0 3 00000000269039c5                                      
   3: 0100007F:AC59 0100007F:B1D2 01 00000000:00000000 00:00000000 00000000  1000        0 1092611 1 00000000e2b7a1c0 20 4 30 10 -1                  
`;
const TCP6 = `  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:B37B 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1145070 1 00000000fa1e56cf 100 0 0 10 0
   1: 00000000000000000000000001000000:18EB 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1145071 1 00000000fa1e56d0 100 0 0 10 0
   2: 0000000000000000FFFF00000500000A:18EC 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1145072 1 00000000fa1e56d1 100 0 0 10 0
`;

const v4 = (text: string | Buffer): ListeningSocket[] | undefined =>
  parseNetTcp(Buffer.from(text), { addressBytes: 4, endianness: 'LE' });
const v6 = (text: string): ListeningSocket[] | undefined =>
  parseNetTcp(Buffer.from(text), { addressBytes: 16, endianness: 'LE' });

describe('the listening sockets of a table', () => {
  it('have address, port, inode and owner; connections are none of them', () => {
    expect(v4(TCP)).toEqual([
      { address: Buffer.from([127, 0, 0, 1]), port: 44121, inode: '1092603', uid: 1000 },
      { address: Buffer.from([0, 0, 0, 0]), port: 2024, inode: '1061', uid: 0 },
    ]);
  });

  it('have IPv6 addresses in network order, mapped ones among them', () => {
    expect(v6(TCP6)?.map(({ address, port }) => [address.toString('hex'), port])).toEqual([
      ['00000000000000000000000000000000', 45947],
      ['00000000000000000000000000000001', 6379],
      ['00000000000000000000ffff0a000005', 6380],
    ]);
  });

  it('have the same addresses where a processor keeps its words the other way round', () => {
    const table = Buffer.from(TCP.replace(/0100007F/g, '7F000001'));
    expect(parseNetTcp(table, { addressBytes: 4, endianness: 'BE' })?.[0]?.address).toEqual(
      Buffer.from([127, 0, 0, 1]),
    );
  });

  it('are those of this machine', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const table = readFileSync('/proc/net/tcp');
    const sockets = parseNetTcp(table, { addressBytes: 4, endianness: endianness() });
    expect(sockets?.filter((socket) => socket.port === port)).toEqual([
      { address: Buffer.from([127, 0, 0, 1]), port, inode: expect.any(String) as string, uid: process.getuid?.() },
    ]);
    server.close();
  });
});

describe('what is no such table', () => {
  it.each([
    ['nothing', ''],
    ['no header', TCP.slice(TCP.indexOf('\n') + 1)],
    ['half a line at its end', TCP.slice(0, -20)],
    ['a line that is no socket', TCP.replace('   1: 0', '   1: X')],
    ['an address of the other family', TCP + TCP6.split('\n')[1]! + '\n'],
    ['a line without end', `${TCP}${'9'.repeat(100_000)}`],
    ['a line far too long', `${TCP}   4: ${' '.repeat(600)}\n`],
  ])('is refused as a whole: %s', (_, table) => {
    expect(v4(table)).toBeUndefined();
  });

  it('is refused soon if it is larger than any kernel makes it', () => {
    expect(v4(Buffer.alloc(33 * 1024 * 1024, '\n'))).toBeUndefined();
  });

  it('never makes the parser throw', () => {
    const edited = fc
      .tuple(fc.nat(TCP.length - 1), fc.uint8Array({ minLength: 1, maxLength: 8 }))
      .map(([at, bytes]) => Buffer.concat([Buffer.from(TCP).subarray(0, at), bytes, Buffer.from(TCP).subarray(at)]));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), edited), (bytes) => {
        for (const socket of v4(Buffer.from(bytes)) ?? []) {
          expect(socket.address).toHaveLength(4);
          expect(socket.port).toBeLessThanOrEqual(65_535);
          expect(socket.inode).toMatch(/^\d+$/);
        }
      }),
    );
  });
});

describe('the end of the listening sockets', () => {
  it('is seen at the first other line', () => {
    const lines = TCP.split('\n');
    expect(endsListening(Buffer.from(`${lines.slice(0, 3).join('\n')}\n`))).toBe(true);
    expect(endsListening(Buffer.from(`${lines.slice(0, 4).join('\n')}\n`))).toBe(false);
    expect(endsListening(Buffer.from(`${lines[0]!}\n`))).toBe(true);
  });
});
