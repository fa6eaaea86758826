import { ByteReader, MalformedMessage } from './byte-reader.js';
import { VERSION_CODE } from './protocol-version.js';
import { readServerHello, type ServerHello } from './server-hello.js';
import { type KeyExchange, readServerKeyExchange } from './server-key-exchange.js';

/** What a server says in the clear, from its ServerHello on. In TLS 1.3 that is the ServerHello alone. */
export interface ServerFlight {
  readonly hello: ServerHello;
  /** DER, the server's own certificate first. */
  readonly chain: readonly Buffer[];
  readonly keyExchange: KeyExchange | null;
  readonly certificateRequested: boolean;
  /** The flight was read to its end. */
  readonly done: boolean;
}

/** RFC 5246 §7.4 */
const MESSAGE = {
  helloRequest: 0,
  serverHello: 2,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  serverHelloDone: 14,
} as const;

const MAX_CHAIN = 16;

/**
 * The flight with one more message; null as long as there is none.
 * @throws MalformedMessage
 */
export function withMessage(flight: ServerFlight | null, type: number, body: Buffer): ServerFlight | null {
  if (flight === null) {
    if (type === MESSAGE.helloRequest) return null;
    if (type !== MESSAGE.serverHello) throw new MalformedMessage('the first message is no ServerHello');
    const hello = readServerHello(body);
    const done = hello.version === VERSION_CODE['TLS 1.3'];
    return { hello, chain: [], keyExchange: null, certificateRequested: false, done };
  }
  const { suite, version } = flight.hello;
  switch (type) {
    case MESSAGE.certificate:
      return { ...flight, chain: readChain(body) };
    case MESSAGE.serverKeyExchange:
      return { ...flight, keyExchange: readServerKeyExchange(body, suite, version) };
    case MESSAGE.certificateRequest:
      return { ...flight, certificateRequested: true };
    case MESSAGE.serverHelloDone:
      return { ...flight, done: true };
    case MESSAGE.serverHello:
      throw new MalformedMessage('a second ServerHello');
    default:
      // CertificateStatus and whatever else stands between
      return flight;
  }
}

/** RFC 5246 §7.4.2 */
function readChain(body: Buffer): Buffer[] {
  const list = new ByteReader(new ByteReader(body).vector(3));
  const chain: Buffer[] = [];
  while (list.left > 0) {
    if (chain.length === MAX_CHAIN) throw new MalformedMessage('a chain of too many certificates');
    chain.push(Buffer.from(list.vector(3)));
  }
  return chain;
}
