import { hasVendorPolicyMounts } from './covered-facts.js';
import { valueOf } from './fact.js';
import type { Generation } from './operating-system.js';
import { deviation, type PlatformDeviation } from './platform-deviation.js';
import type { BackEnd, CryptoPolicyObservation, PlatformObservation } from './platform-observation.js';
import { type PolicyName, policyNameText } from './policy-name.js';
import { subpolicyEffect } from './subpolicies.js';

/**
 * What the crypto policy does beside being called FIPS: whether its base is, the FIPS state says. Enterprise Linux 7
 * has none; without a FIPS policy there is nothing to weaken.
 */
export function judgeCryptoPolicy(
  observation: PlatformObservation,
  generation: Generation | null,
): PlatformDeviation[] {
  const { cryptoPolicy } = observation;
  const names = [valueOf(cryptoPolicy.configured), valueOf(cryptoPolicy.applied)].filter(isFips);
  if (generation === 7 || names.length === 0) return [];
  return [
    ...judgePending(observation),
    ...judgeSubpolicies(names),
    ...judgeOwnDefinitions(cryptoPolicy, names),
    ...judgeBackEnds(
      cryptoPolicy,
      names.some(({ subpolicies }) => subpolicies.length > 0),
    ),
  ];
}

function isFips(name: PolicyName | undefined): name is PolicyName {
  return name?.base === 'FIPS';
}

function judgePending(observation: PlatformObservation): PlatformDeviation[] {
  const configured = valueOf(observation.cryptoPolicy.configured);
  const applied = valueOf(observation.cryptoPolicy.applied);
  if (configured === undefined || applied === undefined || hasVendorPolicyMounts(observation)) return [];
  const [wanted, found] = [policyNameText(configured), policyNameText(applied)];
  // another base is worse than pending: the state is inconsistent
  if (wanted === found || configured.base !== applied.base) return [];
  return [deviation('host.crypto-policy-pending', `applied ${wanted}`, found)];
}

function judgeSubpolicies(names: readonly PolicyName[]): PlatformDeviation[] {
  const found: PlatformDeviation[] = [];
  for (const name of unique(names.flatMap(({ subpolicies }) => subpolicies))) {
    const effect = subpolicyEffect(name);
    switch (effect.kind) {
      case 'narrows':
        break;
      case 'weakens':
        found.push(deviation('host.crypto-policy-weakened', 'FIPS as shipped', `subpolicy ${name}: ${effect.how}`));
        break;
      case 'unknown':
        found.push(deviation('host.crypto-policy-redefined', 'subpolicies as shipped', `subpolicy ${name}`));
        break;
    }
  }
  return found;
}

/** A file of the operator's that takes the place of one that is in use. An unknown subpolicy is named already. */
function judgeOwnDefinitions(
  { ownDefinitions }: CryptoPolicyObservation,
  names: readonly PolicyName[],
): PlatformDeviation[] {
  const expected = 'definitions as shipped';
  if (ownDefinitions.state === 'absent') return [];
  if (ownDefinitions.state === 'unreadable') {
    return [deviation('host.crypto-policy-unreadable', expected, ownDefinitions.reason)];
  }
  const used = names
    .flatMap(({ subpolicies }) => subpolicies)
    .filter((name) => subpolicyEffect(name).kind !== 'unknown');
  const files = ['FIPS.pol', ...unique(used).map((name) => `${name}.pmod`)];
  return files
    .filter((file) => ownDefinitions.value.includes(file))
    .map((file) => deviation('host.crypto-policy-redefined', expected, `an own ${file}`));
}

/** @param generated with subpolicies update-crypto-policies writes files of its own: one that allows no more is no edit */
function judgeBackEnds({ backEnds }: CryptoPolicyObservation, generated: boolean): PlatformDeviation[] {
  if (backEnds.state !== 'value' || backEnds.value.length === 0) {
    const reason = backEnds.state === 'unreadable' ? backEnds.reason : 'no back-ends';
    return [deviation('host.crypto-policy-unreadable', 'readable back-ends', reason)];
  }
  const edited: string[] = [];
  const found: PlatformDeviation[] = [];
  for (const backEnd of backEnds.value) {
    const { name, source } = backEnd;
    if (source.state !== 'edited' || source.weaker.length > 0) found.push(...judgeBackEnd(backEnd));
    else if (!generated || !source.compared) edited.push(name);
  }
  if (edited.length > 0) found.push(deviation('host.crypto-policy-edited', 'back-ends as shipped', edited.join(', ')));
  return found;
}

function judgeBackEnd({ name, source }: BackEnd): PlatformDeviation[] {
  const expected = `${name} as in FIPS`;
  switch (source.state) {
    case 'shipped':
      // a policy with subpolicies has a directory only if somebody made one
      return source.policy === 'FIPS'
        ? []
        : [deviation('host.crypto-policy-weakened', expected, `as in ${source.policy}`)];
    case 'edited':
      return [deviation('host.crypto-policy-weakened', expected, source.weaker.join('; '))];
    case 'unreadable':
      return [deviation('host.crypto-policy-unreadable', expected, `${name}: ${source.reason}`)];
  }
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
