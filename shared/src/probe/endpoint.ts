import { isIP } from 'node:net';

/** Where a TLS service listens. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** `localhost:6443`, `[::1]:2379`; null if the text is no address with a port. */
export function parseEndpoint(text: string): Endpoint | null {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^\s:/@[\]]+)):(\d{1,5})$/.exec(text);
  if (match === null) return null;
  const [, v6, name, digits] = match;
  const port = Number(digits);
  if (port < 1 || port > 65_535 || (v6 !== undefined && isIP(v6) !== 6)) return null;
  return { host: v6 ?? name ?? '', port };
}

/** An IP address is never sent as a server name (RFC 6066 §3). */
export function serverNameOf({ host }: Endpoint): string | undefined {
  return isIP(host) === 0 && host !== 'localhost' ? host : undefined;
}
