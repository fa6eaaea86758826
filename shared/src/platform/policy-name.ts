import { textLines } from './text-lines.js';

/** A system-wide crypto policy, as `update-crypto-policies --set` takes it: `FIPS:OSPP`. */
export interface PolicyName {
  readonly base: string;
  readonly subpolicies: readonly string[];
}

const NAME = /^[A-Z0-9][A-Z0-9._-]{0,63}$/;
const MAX_SUBPOLICIES = 16;

/**
 * `/etc/crypto-policies/config` and `state/current`, as update-crypto-policies reads them: comments and case don't
 * matter, the first line names the policy, and every further line only adds subpolicies.
 * @returns undefined if no policy is named, or something that can't be a name
 */
export function parsePolicyName(bytes: Buffer): PolicyName | undefined {
  const lines = textLines(bytes)
    .map((line) => (line.split('#', 1)[0] ?? '').trim().toUpperCase())
    .filter((line) => line !== '');
  const [base = '', ...first] = (lines[0] ?? '').split(':');
  const subpolicies = [...first, ...lines.slice(1).flatMap((line) => line.split(':'))].filter((name) => name !== '');
  if (subpolicies.length > MAX_SUBPOLICIES || ![base, ...subpolicies].every((name) => NAME.test(name)))
    return undefined;
  return { base, subpolicies };
}

export function policyNameText({ base, subpolicies }: PolicyName): string {
  return [base, ...subpolicies].join(':');
}
