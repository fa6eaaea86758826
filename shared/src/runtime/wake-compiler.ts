import { setFlagsFromString } from 'node:v8';

/**
 * Before work that JavaScript does byte by byte. The agent's package starts Node without V8's compilers (docs/packaging.md),
 * and interpreted such work takes ten to twenty times as long. Its best one is in use from then on, for good; where it
 * already is, nothing changes.
 */
export function wakeCompiler(): void {
  setFlagsFromString('--opt');
}
