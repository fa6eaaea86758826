import type { Scope } from '../measure/scope.js';
import type { Disturbance } from '../watch/disturbance.js';

/**
 * What is to be looked at after a disturbance: first what it was, then what may follow from it (who runs a file that was
 * replaced, and with which module), so that the first verdict is not kept waiting. None: the whole host.
 */
export function recheckScopes(disturbance: Disturbance): readonly Scope[] {
  switch (disturbance.kind) {
    case 'files': {
      const components = new Set(disturbance.components);
      return [
        new Map([['file', components]]),
        new Map([
          ['process', components],
          ['module', components],
        ]),
      ];
    }
    case 'processes': {
      const components = disturbance.components === 'all' ? 'all' : new Set(disturbance.components);
      return [
        new Map([
          ['process', components],
          ['module', components],
        ]),
      ];
    }
    case 'images':
      return [new Map([['image', 'all']])];
    case 'services':
      return [new Map([['service', 'all']])];
    case 'host':
      return [new Map([['host', 'all']])];
    case 'everything':
      return [];
  }
}
