import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Answer, ReadUntil } from '@sealwatch/shared/probe/answer.js';
import { AnswerReader } from '@sealwatch/shared/probe/answer-reader.js';
import { describe, expect, it } from 'vitest';
import { alertRecord, record, serverHello } from '../fakes/scripted-tls.js';

const CAPTURES = (
  JSON.parse(readFileSync(join(import.meta.dirname, '../vectors/tls/server-answers.json'), 'utf8')) as {
    name: string;
    hex: string;
  }[]
).map(({ name, hex }) => ({ name, bytes: Buffer.from(hex, 'hex') }));

function read(pieces: Iterable<Uint8Array>, until: ReadUntil = 'done'): Answer | null {
  const reader = new AnswerReader(until);
  for (const piece of pieces) {
    const answer = reader.push(piece);
    if (answer !== null) return answer;
  }
  return reader.unfinished();
}

const bytewise = (bytes: Buffer): Buffer[] => Array.from(bytes, (byte) => Buffer.from([byte]));

/** The same messages, every byte in a record of its own. */
function* shattered(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 5 + bytes.readUInt16BE(at + 3)) {
    const fragment = bytes.subarray(at + 5, at + 5 + bytes.readUInt16BE(at + 3));
    for (const byte of fragment) yield record(bytes.readUInt8(at), Buffer.from([byte]));
  }
}

/** The same handshake messages in as few records as possible. */
function joined(bytes: Buffer): Buffer {
  const fragments: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 5 + bytes.readUInt16BE(at + 3)) {
    if (bytes.readUInt8(at) === 22) fragments.push(bytes.subarray(at + 5, at + 5 + bytes.readUInt16BE(at + 3)));
  }
  return record(22, Buffer.concat(fragments));
}

const flightOf = (name: string): Extract<Answer, { kind: 'hello' }>['flight'] => {
  const answer = read([CAPTURES.find((capture) => capture.name.startsWith(name))!.bytes]);
  if (answer?.kind !== 'hello') throw new Error(`${name}: ${JSON.stringify(answer)}`);
  return answer.flight;
};

describe('captures of real servers say', () => {
  it.each([
    ['TLS 1.2, ECDHE with RSA', { version: 0x0303, suite: 0xc030 }, { group: 0x17, primeBits: null, scheme: 0x0804 }],
    ['TLS 1.2, DHE with RSA', { suite: 0x009f }, { group: null, primeBits: 2048, scheme: 0x0804 }],
    ['TLS 1.2, anonymous ECDH', { suite: 0xc019 }, { group: 0x17, primeBits: null, scheme: null }],
    ['TLS 1.2, ECDHE with a shared secret', { suite: 0xc036 }, { group: 0x17, primeBits: null, scheme: null }],
    ['TLS 1.0, ECDHE with RSA', { version: 0x0301, suite: 0xc014 }, { group: 0x17, primeBits: null, scheme: null }],
    ['TLS 1.3, ServerHello', { version: 0x0304, suite: 0x1302, group: 0x17, retry: false }, null],
    ['TLS 1.3, HelloRetryRequest', { version: 0x0304, suite: 0x1301, retry: true }, null],
  ])('%s', (name, hello, keyExchange) => {
    expect(flightOf(name)).toMatchObject({ hello, keyExchange, done: true });
  });

  it('what stands between ServerHello and ServerHelloDone', () => {
    expect(flightOf('TLS 1.2, ECDHE with RSA')).toMatchObject({
      certificateRequested: false,
      hello: { extendedMasterSecret: true, secureRenegotiation: true, compression: 0, alpn: null },
    });
    expect(flightOf('TLS 1.2, ECDHE with RSA').chain.map((der) => der[0])).toEqual([0x30]);
    expect(flightOf('TLS 1.2, RSA key transport, client certificate wanted')).toMatchObject({
      certificateRequested: true,
      keyExchange: null,
    });
    expect(flightOf('TLS 1.2, anonymous ECDH').chain).toEqual([]);
  });

  it.each([
    ['handshake_failure', 40],
    ['protocol_version', 70],
  ])('the alert %s', (name, description) => {
    expect(read([CAPTURES.find((capture) => capture.name === `alert: ${name}`)!.bytes])).toEqual({
      kind: 'alert',
      description,
    });
  });
});

describe.each(CAPTURES)('$name', ({ bytes }) => {
  const whole = read([bytes]);

  it('means the same however the network and the records cut it', () => {
    expect(read(bytewise(bytes))).toEqual(whole);
    expect(read(shattered(bytes))).toEqual(whole);
    if (whole?.kind === 'hello') expect(read([joined(bytes)])).toEqual(whole);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }), (sizes) => {
        const pieces: Buffer[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const size = sizes[turn % sizes.length]!;
          pieces.push(bytes.subarray(at, at + size));
          at += size;
        }
        expect(read(pieces)).toEqual(whole);
      }),
    );
  });

  it('cut short at any byte is no crash and no other answer', () => {
    for (let end = 0; end < bytes.length; end++) {
      const answer = read([bytes.subarray(0, end)]);
      if (answer === null) continue;
      expect(answer.kind).toBe(whole?.kind);
      if (answer.kind === 'hello' && whole?.kind === 'hello') expect(answer.flight.hello).toEqual(whole.flight.hello);
    }
  });

  it('with damaged bytes is always a value', () => {
    const damage = fc.array(fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(damage, fc.constantFrom<ReadUntil>('hello', 'key-exchange', 'done'), (changes, until) => {
        const damaged = Buffer.from(bytes);
        for (const [at, value] of changes) damaged[at] = value;
        const answer = read([damaged], until);
        expect(read(bytewise(damaged), until)).toEqual(answer);
      }),
      { numRuns: 500 },
    );
  });
});

describe('what is not TLS', () => {
  it.each([
    ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n'), 'it speaks HTTP without TLS'],
    ['SSH', Buffer.from('SSH-2.0-OpenSSH_9.2\r\n'), 'the answer is no TLS record'],
    ['a version of another kind', Buffer.from([22, 9, 3, 0, 1, 0]), 'the answer is no TLS record'],
    ['a record that is too long', Buffer.from([22, 3, 3, 0xff, 0xff]), 'a record is too long'],
    ['application data first', record(23, Buffer.alloc(3)), 'the first record is no handshake'],
    ['a message that is too long', record(22, Buffer.from([2, 0xff, 0xff, 0xff])), 'a handshake message is too long'],
    ['no ServerHello first', record(22, Buffer.from([14, 0, 0, 0])), 'the first message is no ServerHello'],
    ['a ServerHello without a body', record(22, Buffer.from([2, 0, 0, 0])), 'a message ends too early'],
  ])('%s', (_, bytes, reason) => {
    expect(read([bytes])).toEqual({ kind: 'not-tls', reason });
    expect(read(bytewise(bytes))).toEqual({ kind: 'not-tls', reason });
  });

  it('any bytes at all are a value', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        expect(() => read([bytes])).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });

  it('any handshake messages after a true ServerHello are a value', () => {
    const message = fc.tuple(fc.constantFrom(2, 11, 12, 13, 14, 22), fc.uint8Array({ maxLength: 80 }));
    fc.assert(
      fc.property(fc.constantFrom(0xc02f, 0x009e, 0xc036, 0xc018, 0x002f), fc.array(message), (suite, messages) => {
        const rest = messages.map(([type, body]) =>
          record(22, Buffer.concat([Buffer.from([type, 0, 0, body.length]), body])),
        );
        const answer = read([serverHello(0x0303, suite), ...rest]);
        expect(answer).toMatchObject({ kind: 'hello', flight: { hello: { suite } } });
      }),
      { numRuns: 2000 },
    );
  });
});

describe('an answer is given as soon as it is known', () => {
  it('after the ServerHello, if that is all that is asked', () => {
    expect(read([serverHello(0x0303, 0xc02f)], 'hello')).toMatchObject({ kind: 'hello', flight: { done: false } });
    expect(new AnswerReader('done').push(serverHello(0x0303, 0xc02f))).toBeNull();
  });

  it('an alert after the ServerHello takes nothing back', () => {
    const answer = new AnswerReader('done').push(Buffer.concat([serverHello(0x0303, 0xc02f), alertRecord(80)]));
    expect(answer).toMatchObject({ kind: 'hello', flight: { done: false } });
  });

  it('an alert in two records is one alert', () => {
    expect(read([record(21, Buffer.from([2])), record(21, Buffer.from([70]))])).toEqual({
      kind: 'alert',
      description: 70,
    });
  });
});
