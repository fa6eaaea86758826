import type { RuleSet, Sizes, Standing } from './profile.js';
import { profileFinding, type ProfileFinding } from './profile-finding.js';
import type { TlsFindingCode } from './tls-findings.js';

/** Each item once: nothing if approved, a warning if deprecated or conditional, a failure if no rule names it. */
export function standingOf(items: readonly string[], rules: RuleSet, code: TlsFindingCode): ProfileFinding[] {
  return [...new Set(items)].flatMap((item) => {
    const rule = rules.rules.find((candidate) => candidate.items.includes(item));
    if (rule === undefined) return [profileFinding(code, item, rules.otherwise)];
    return standingFinding(item, rule);
  });
}

export function standingFinding(
  item: string,
  { standing, source }: { readonly standing: Standing; readonly source: string },
): ProfileFinding[] {
  return standing === 'approved' ? [] : [profileFinding(`tls.${standing}`, item, source)];
}

export function sizeFits(bits: number, sizes: Sizes): boolean {
  return 'min' in sizes ? bits >= sizes.min : sizes.exactly.includes(bits);
}
