import { connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import { errnoOf } from '../runtime/coded-error.js';
import type { Endpoint } from './endpoint.js';
import { finiteField } from './named-group.js';

/** What only a finished handshake shows: the certificates of TLS 1.3, and what OpenSSL thinks of them. */
export interface FinishedHandshake {
  /** DER, the server's own certificate first. */
  readonly chain: readonly Buffer[];
  /** Null: it leads to the given authority. Else OpenSSL's word for why not. */
  readonly refusal: string | null;
  readonly alpn: string | null;
  readonly version: string;
  /** The IANA name. */
  readonly suite: string;
  /** As named in `NAMED_GROUPS`, or OpenSSL's word for it; null if this Node can't tell, as with a group of two halves. */
  readonly group: string | null;
}

export interface HandshakeOptions {
  readonly serverName: string | undefined;
  /** PEM. */
  readonly authorities: readonly string[];
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** TLS 1.3 alone, and only these signature schemes (IANA names): the server shows the certificate that can sign so. */
  readonly signatureSchemes?: readonly string[];
  /** Default: `h2` and `http/1.1`, then none if the server refuses them. */
  readonly alpn?: readonly string[];
}

/** Null if there was no handshake, as with a server that wants a certificate of ours (TLS 1.2) or speaks only the old. */
export type Handshake = (options: HandshakeOptions) => Promise<FinishedHandshake | null>;

const ALPN = ['h2', 'http/1.1'];
/** Also short keys and old suites: this is no judgement. */
const CIPHERS = 'ALL:@SECLEVEL=0';

/** The second pass: one handshake by Node's own TLS, with no certificate of ours. Nothing is sent over it. */
export function completeHandshake({ host, port }: Endpoint): Handshake {
  return async (options) => {
    const first = await shakeHands(host, port, options, options.alpn ?? ALPN);
    return first.done ?? (first.noProtocol ? (await shakeHands(host, port, options, [])).done : null);
  };
}

interface Attempt {
  readonly done: FinishedHandshake | null;
  /** The server knows none of the protocols offered (RFC 7301 §3.2). */
  readonly noProtocol: boolean;
}

function shakeHands(host: string, port: number, options: HandshakeOptions, alpn: readonly string[]): Promise<Attempt> {
  const { serverName, authorities, timeoutMs, signal, signatureSchemes } = options;
  return new Promise((resolve) => {
    let socket: TLSSocket | null = null;
    const finish = (attempt: Attempt): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
      socket?.destroy();
      resolve(attempt);
    };
    const giveUp = (): void => {
      finish({ done: null, noProtocol: false });
    };
    const timer = setTimeout(giveUp, timeoutMs);
    signal?.addEventListener('abort', giveUp, { once: true });
    try {
      socket = connect({
        host,
        port,
        ...(serverName === undefined ? {} : { servername: serverName }),
        // also when there is none: else OpenSSL would first read every root that Node knows
        ca: [...authorities],
        ...(alpn.length === 0 ? {} : { ALPNProtocols: [...alpn] }),
        ciphers: CIPHERS,
        ...(signatureSchemes === undefined
          ? { minVersion: 'TLSv1' }
          : { minVersion: 'TLSv1.3', sigalgs: signatureSchemes.join(':') }),
        rejectUnauthorized: false,
        checkServerIdentity: () => undefined,
      });
    } catch {
      // a build of OpenSSL without these settings
      giveUp();
      return;
    }
    const tls = socket;
    tls.on('error', (error) => {
      finish({ done: null, noProtocol: errnoOf(error) === 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL' });
    });
    tls.once('close', giveUp);
    tls.once('secureConnect', () => {
      finish({ done: finished(tls), noProtocol: false });
    });
  });
}

function finished(tls: TLSSocket): FinishedHandshake {
  return {
    chain: presented(tls.getPeerCertificate(true)),
    refusal: tls.authorized ? null : refusalOf(tls.authorizationError),
    alpn: typeof tls.alpnProtocol === 'string' ? tls.alpnProtocol : null,
    version: (tls.getProtocol() ?? 'unknown').replace(/^TLSv1$/, 'TLS 1.0').replace('TLSv', 'TLS '),
    suite: tls.getCipher().standardName,
    group: groupOf(tls),
  };
}

const NIST_NAMES: ReadonlyMap<string, string> = new Map([
  ['prime256v1', 'P-256'],
  ['secp384r1', 'P-384'],
  ['secp521r1', 'P-521'],
]);

function groupOf(tls: TLSSocket): string | null {
  // null only on the server's side; without a name for finite fields, empty for what it doesn't know
  const { name, size } = (tls.getEphemeralKeyInfo() ?? {}) as { name?: string; size?: number };
  if (name !== undefined) return NIST_NAMES.get(name) ?? name;
  return size === undefined ? null : finiteField(size);
}

/** Node gives an Error or a code, by version. */
function refusalOf(reason: unknown): string {
  return typeof reason === 'string' ? reason : (errnoOf(reason) ?? 'not trusted');
}

function presented(leaf: DetailedPeerCertificate): Buffer[] {
  const chain: Buffer[] = [];
  // empty for a server without a certificate; a root is its own issuer
  let current = leaf as DetailedPeerCertificate | undefined;
  while (current?.raw instanceof Buffer && !chain.some((der) => der.equals(current?.raw ?? der))) {
    chain.push(current.raw);
    current = current.issuerCertificate;
  }
  return chain;
}
