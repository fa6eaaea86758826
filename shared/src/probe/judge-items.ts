import type { RuleSet, Standing } from './profile.js';
import { profileFinding, type ProfileFinding, type ProfileFindingCode } from './profile-finding.js';

/** Each item once: nothing if approved, a warning if deprecated or conditional, a failure if no rule names it. */
export function standingOf(items: readonly string[], rules: RuleSet, code: ProfileFindingCode): ProfileFinding[] {
  return [...new Set(items)].flatMap((item) => {
    const rule = rules.rules.find((candidate) => candidate.items.includes(item));
    if (rule === undefined) return [profileFinding(code, 'fail', item, rules.otherwise)];
    return standingFinding(code, item, rule);
  });
}

const MEANINGS = {
  deprecated: 'The profile still allows it, but it is deprecated',
  conditional: 'The profile allows it under conditions',
} as const;

export function standingFinding(
  code: ProfileFindingCode,
  item: string,
  { standing, source }: { readonly standing: Standing; readonly source: string },
): ProfileFinding[] {
  if (standing === 'approved') return [];
  return [{ ...profileFinding(code, 'warn', item, source), meaning: MEANINGS[standing] }];
}
