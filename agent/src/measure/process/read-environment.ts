import { type Known, MAX_VALUE, MAX_VARIABLES, type RelevantVariable } from '@sealwatch/shared/proc/process-facts.js';
import { type EnvironmentVariable, securityVariables } from '@sealwatch/shared/proc/security-variables.js';
import { pathText } from '@sealwatch/shared/subject/path-text.js';
import { readFact } from './read-fact.js';

/** The kernel lets arguments and environment have 6 MiB together by default (fs/exec.c). */
const MAX_BYTES = 8 * 1024 * 1024;

/** The security-relevant variables a process was started with. @throws EndedMeanwhile */
export function readEnvironment(directory: string): Known<EnvironmentVariable[]> {
  const file = readFact(`${directory}/environ`, MAX_BYTES);
  return file.state === 'known' ? { state: 'known', value: securityVariables(file.value) } : file;
}

/** As they are reported: by name, bounded. */
export function environmentFacts(variables: readonly EnvironmentVariable[]): RelevantVariable[] {
  return variables
    .map(({ name, value }) => ({ name, value: pathText(value.subarray(0, MAX_VALUE)).slice(0, MAX_VALUE) }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
    .slice(0, MAX_VARIABLES);
}
