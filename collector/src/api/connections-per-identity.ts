import type { TLSSocket } from 'node:tls';

/**
 * Whoever proved who they are is bounded by that: one host with a valid certificate must not take every place of a
 * listener that all hosts share.
 */
export class ConnectionsPerIdentity {
  readonly #open = new Map<string, number>();

  /** Counts the socket until it closes; false if `most` of this identity are open already. */
  admit(socket: TLSSocket, identity: string, most: number): boolean {
    const open = this.#open.get(identity) ?? 0;
    if (open >= most) return false;
    this.#open.set(identity, open + 1);
    socket.once('close', () => {
      const left = (this.#open.get(identity) ?? 1) - 1;
      if (left === 0) this.#open.delete(identity);
      else this.#open.set(identity, left);
    });
    return true;
  }
}
