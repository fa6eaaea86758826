import type { Disturbance } from './disturbance.js';

/** The same reasons to look, each kind once and components in order; beside `everything` nothing else counts. */
export function mergeDisturbances(disturbances: readonly Disturbance[]): Disturbance[] {
  const everything = disturbances.find(({ kind }) => kind === 'everything');
  if (everything !== undefined) return [everything];
  const merged = new Map<Disturbance['kind'], Disturbance>();
  for (const disturbance of disturbances) {
    const { kind } = disturbance;
    switch (kind) {
      case 'files':
      case 'processes': {
        const before = merged.get(kind);
        merged.set(kind, before?.kind === kind ? both(before, disturbance) : ordered(disturbance));
        break;
      }
      case 'images':
      case 'services':
      case 'host':
      case 'everything':
        merged.set(kind, disturbance);
    }
  }
  return [...merged.values()];
}

type OfComponents = Extract<Disturbance, { components: unknown }>;

function both(a: OfComponents, b: OfComponents): OfComponents {
  if (a.components === 'all' || b.components === 'all') return { kind: 'processes', components: 'all' };
  return ordered({ kind: a.kind, components: [...a.components, ...b.components] });
}

function ordered(disturbance: OfComponents): OfComponents {
  if (disturbance.components === 'all') return disturbance;
  return { kind: disturbance.kind, components: [...new Set(disturbance.components)].sort() };
}
