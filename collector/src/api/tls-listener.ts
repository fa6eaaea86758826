import { constants } from 'node:crypto';
import type { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket, type TlsOptions } from 'node:tls';
import { CodedError, errnoOf, reasonOf } from '@sealwatch/shared/runtime/coded-error.js';
import type { Logger } from '@sealwatch/shared/runtime/log.js';
import { TLS_SETTINGS } from '@sealwatch/shared/wire/tls-settings.js';
import { formatHostPort, type HostPort } from '@sealwatch/shared/runtime/host-port.js';

/** What the server shows of itself, PEM: its key, its certificate and the issuing CA's. */
export interface ServerIdentity {
  readonly key: string;
  readonly chain: string;
}

export interface TlsListenerOptions {
  readonly address: HostPort;
  readonly identity: ServerIdentity;
  /** PEM of the root that client certificates must lead to; null: no client certificate is asked for. */
  readonly clientRoot: string | null;
  readonly limits: {
    readonly maxConnections: number;
    readonly maxHandshakes: number;
    readonly handshakeTimeoutMs: number;
  };
  /** Gets each socket whose handshake succeeded and which speaks HTTP/2. */
  readonly onConnection: (socket: TLSSocket) => void;
  readonly log: Logger;
}

/**
 * One port with our TLS rules. grpc-js has no connection cap, no handshake timeout and leaves versions, suites and
 * groups to defaults of the process, so it gets its sockets from here.
 */
export class TlsListener {
  readonly #options: TlsListenerOptions;
  readonly #server: Server;
  /** Open connections by `peerName`. */
  readonly #sockets = new Map<string, Socket>();
  readonly #handshakes = new Set<string>();

  private constructor(options: TlsListenerOptions) {
    this.#options = options;
    this.#server = createServer(this.#tlsOptions(options.identity), (socket) => {
      this.#handshakes.delete(peerName(socket));
      socket.on('error', (err) => {
        options.log.debug({ err }, 'connection failed');
      });
      if (socket.alpnProtocol === 'h2') options.onConnection(socket);
      else socket.destroy();
    });
    this.#server.maxConnections = options.limits.maxConnections;
    this.#server.on('connection', (socket: Socket) => {
      this.#admit(socket);
    });
    this.#server.on('tlsClientError', (err, socket) => {
      options.log.debug({ err, peer: socket.remoteAddress }, 'handshake failed');
      socket.destroy();
    });
    this.#server.on('drop', () => {
      options.log.warn({ address: formatHostPort(options.address) }, 'connection refused: too many are open');
    });
  }

  /** @throws CodedError('address.in-use' | 'config.invalid' | 'certificate.malformed') */
  static async listen(options: TlsListenerOptions): Promise<TlsListener> {
    let listener: TlsListener;
    try {
      listener = new TlsListener(options);
    } catch (error) {
      throw new CodedError('certificate.malformed', `the collector's TLS key can't be used: ${reasonOf(error)}`, {
        cause: error,
      });
    }
    await listener.#listen();
    return listener;
  }

  /** Where it really listens: the port that 0 became. */
  get address(): HostPort {
    const bound = this.#server.address();
    return typeof bound === 'object' && bound !== null
      ? { host: this.#options.address.host, port: bound.port }
      : this.#options.address;
  }

  /** For connections from now on; those that stand keep the certificate they saw. */
  setIdentity(identity: ServerIdentity): void {
    this.#server.setSecureContext(this.#tlsOptions(identity));
  }

  /** Ends a connection at once, whatever it still has to say or hear. @param peer as `call.getPeer()` names it */
  drop(peer: string): void {
    this.#sockets.get(peer)?.destroy();
  }

  /** No new connections. Those open have `graceMs` to end. */
  async close(graceMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
    const impatience = setTimeout(() => {
      for (const socket of this.#sockets.values()) socket.destroy();
    }, graceMs);
    await closed;
    clearTimeout(impatience);
  }

  /** The certificate is verified anew for each connection: tickets would carry an old verdict into a new one. */
  #tlsOptions({ key, chain }: ServerIdentity): TlsOptions {
    const { clientRoot, limits } = this.#options;
    const clients = clientRoot === null ? {} : { ca: clientRoot, requestCert: true, rejectUnauthorized: true };
    return {
      ...TLS_SETTINGS,
      ...clients,
      key,
      cert: chain,
      secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
      ALPNProtocols: ['h2'],
      handshakeTimeout: limits.handshakeTimeoutMs,
    };
  }

  async #listen(): Promise<void> {
    const { address } = this.#options;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error) => {
        reject(refusal(address, error));
      });
      this.#server.listen(address.port, address.host, resolve);
    });
    this.#server.on('error', (err) => {
      this.#options.log.error({ err }, 'listener error');
    });
  }

  #admit(socket: Socket): void {
    if (this.#handshakes.size >= this.#options.limits.maxHandshakes) {
      this.#options.log.warn({ peer: socket.remoteAddress }, 'connection refused: too many handshakes under way');
      socket.destroy();
      return;
    }
    const name = peerName(socket);
    this.#sockets.set(name, socket);
    this.#handshakes.add(name);
    socket.once('close', () => {
      this.#sockets.delete(name);
      this.#handshakes.delete(name);
    });
  }
}

/** The far end as grpc-js names it in `call.getPeer()`. */
function peerName({ remoteAddress, remotePort }: Socket): string {
  return `${String(remoteAddress)}:${String(remotePort)}`;
}

const CANT_LISTEN: Readonly<Record<string, string>> = {
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'this user may not use that port; choose one above 1023',
  ENOTFOUND: 'that name has no address',
};

function refusal(address: HostPort, error: unknown): CodedError {
  const where = formatHostPort(address);
  const errno = errnoOf(error) ?? '';
  if (errno === 'EADDRINUSE') {
    return new CodedError(
      'address.in-use',
      `another program listens on ${where} already; stop it or choose another address with listen, enrollListen or ` +
        '--listen, --enroll-listen (who has it: ss -ltnp)',
      { cause: error },
    );
  }
  return new CodedError('config.invalid', `can't listen on ${where}: ${CANT_LISTEN[errno] ?? reasonOf(error)}`, {
    cause: error,
  });
}
