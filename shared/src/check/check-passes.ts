import type { Verdict } from '../appraisal/verdict.js';
import type { Mode } from '../trust/inception.js';

/**
 * The one rule behind the last sentence and the exit status, so that they can't differ: the whole cluster is compliant,
 * and it is a FIPS cluster. No option changes it.
 */
export function checkPasses({ verdict, cluster }: { verdict: Verdict; cluster: { readonly mode: Mode } }): boolean {
  return verdict === 'compliant' && cluster.mode === 'fips';
}
