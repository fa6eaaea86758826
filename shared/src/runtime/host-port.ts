import { isIPv6 } from 'node:net';

export interface HostPort {
  /** A DNS name or an address; IPv6 without its brackets. */
  readonly host: string;
  readonly port: number;
}

const NAME_OR_IPV4 = /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/;

/** Undefined for anything but `name:port`, `1.2.3.4:port` or `[v6]:port` with a port from 1 to 65535. */
export function parseHostPort(text: string): HostPort | undefined {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):([1-9]\d{0,4})$/.exec(text);
  if (match === null) return undefined;
  const [, v6, name, digits] = match;
  const port = Number(digits);
  if (port > 65_535) return undefined;
  if (v6 !== undefined) return isIPv6(v6) ? { host: v6, port } : undefined;
  return name !== undefined && NAME_OR_IPV4.test(name) ? { host: name, port } : undefined;
}

/** The inverse: `[fd00::5]:7443`. */
export function formatHostPort({ host, port }: HostPort): string {
  return isIPv6(host) ? `[${host}]:${String(port)}` : `${host}:${String(port)}`;
}
