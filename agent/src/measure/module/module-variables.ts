import { fips140ItemOf } from '@sealwatch/shared/binary/go/fips140-setting.js';
import type { RelevantVariable } from '@sealwatch/shared/proc/process-facts.js';
import type { EnvironmentVariable } from '@sealwatch/shared/proc/security-variables.js';
import { pathText } from '@sealwatch/shared/subject/path-text.js';

/** GOFIPS is Microsoft's, GOLANG_FIPS Red Hat's. */
const NAMES = ['GODEBUG', 'GOFIPS', 'GOLANG_FIPS'];
const MAX_VALUE = 100;

/** The variables that switch Go's cryptography, as a report has them: of GODEBUG only what concerns it. */
export function moduleVariables(variables: readonly EnvironmentVariable[]): RelevantVariable[] {
  return NAMES.flatMap((name) => {
    // Go and C take the first of several
    const found = variables.find((variable) => variable.name === name);
    if (found === undefined) return [];
    const value = name === 'GODEBUG' ? fips140ItemOf(found.value.toString('latin1')) : found.value.toString('latin1');
    return value === undefined ? [] : [{ name, value: pathText(Buffer.from(value.slice(0, MAX_VALUE), 'latin1')) }];
  });
}
