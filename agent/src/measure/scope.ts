import { EVIDENCE_KINDS, type EvidenceKind } from '@sealwatch/shared/subject/component.js';

/**
 * Which of a host's subjects a look is about: per kind of evidence all, or those of some components. What is of a kind
 * that is not in it is not looked at. Services and the host itself belong to no component: all or none.
 */
export type Scope = ReadonlyMap<EvidenceKind, 'all' | ReadonlySet<string>>;

export const WHOLE_HOST: Scope = new Map(EVIDENCE_KINDS.map((kind) => [kind, 'all'] as const));

export function hasKind(scope: Scope, kind: EvidenceKind): boolean {
  return scope.has(kind);
}

export function hasComponent(scope: Scope, kind: EvidenceKind, component: string): boolean {
  const components = scope.get(kind);
  return components === 'all' || components?.has(component) === true;
}

/** What either of two looks would look at. */
export function mergeScopes(a: Scope, b: Scope): Scope {
  const merged = new Map(a);
  for (const [kind, components] of b) {
    const known = merged.get(kind);
    const all = components === 'all' || known === 'all';
    merged.set(kind, all ? 'all' : new Set([...(known ?? []), ...components]));
  }
  return merged;
}
