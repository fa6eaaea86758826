import { type BackEndSettings, SECURITY_LEVEL } from './back-end-settings.js';

/** What every FIPS policy asks of RSA and Diffie-Hellman at least (NIST SP 800-131A). */
const LEAST_BITS = 2048;
const SIZES = new Set(['requiredrsasize', 'default_bits', 'pkinit_dh_min_bits']);

/** Settings with an order, each from the weakest on. */
const ORDERS: readonly (readonly string[])[] = [
  ['SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'],
  ['DTLSv1', 'DTLSv1.2'],
  ['low', 'medium', 'high', 'ultra'],
];

/**
 * In what an edited back-end goes beyond the policy's own file: what it allows that the policy does not, what it no
 * longer rules out, what it leaves to a default. Sorted. Taking away is no weakening: DISA's own remedies do that.
 */
export function weakerSettings(policy: BackEndSettings, edited: BackEndSettings): string[] {
  const beyond = [...edited.allowed].filter((item) => !policy.allowed.has(item) && !isStricter(item, policy));
  const back = [...policy.ruledOut]
    .filter((item) => !edited.ruledOut.has(item))
    .map((item) => `not ruled out: ${item}`);
  const unset = [...policy.names].filter((name) => !edited.names.has(name)).map((name) => `not set: ${name}`);
  return [...beyond, ...back, ...unset].sort();
}

function isStricter(item: string, policy: BackEndSettings): boolean {
  const at = item.indexOf(': ');
  const name = item.slice(0, at);
  const now = item.slice(at + 2);
  // the newest version that is spoken: the oldest one counts
  if (name.endsWith('maxprotocol')) return true;
  const before = [...policy.allowed]
    .filter((known) => known.startsWith(`${name}: `))
    .map((known) => known.slice(at + 2));
  if (SIZES.has(name)) {
    return /^\d{1,6}$/.test(now) && Number(now) >= Math.max(LEAST_BITS, ...before.map(Number));
  }
  if (name.endsWith(SECURITY_LEVEL)) return Number(now) >= Math.max(...before.map(Number));
  return ORDERS.some((order) => {
    const floor = before.map((known) => order.indexOf(known)).filter((index) => index !== -1);
    return floor.length > 0 && order.indexOf(now) >= Math.max(...floor);
  });
}
