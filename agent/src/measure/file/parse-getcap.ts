import { type FileCapabilities, MAX_CAPABILITIES_TEXT } from '@sealwatch/shared/measurement/file-capabilities.js';
import type { BoundedRun } from '@sealwatch/shared/runtime/run-bounded.js';

/** Clauses as cap_to_text(3) writes them. */
const CLAUSES = /^[a-z0-9_,=+-]+(?: [a-z0-9_,=+-]+)*$/;

/**
 * What `getcap -v PATH` said of one file: the path alone if it has no capabilities, else the path and them. Asked
 * without `-v`, it would be as silent of something it did not look at as of a file that has none.
 * @param asked the path it was given
 */
export function parseGetcap(run: BoundedRun, asked: string): FileCapabilities {
  if (run.state === 'failed') return { state: 'unreadable', reason: run.reason };
  const { status } = run;
  const stdout = run.stdout.toString('utf8');
  const stderr = run.stderr.toString('utf8');
  // a file system without extended attributes can keep no capabilities
  if (status === 0 && stdout === '' && stderr.endsWith(' (Operation not supported)\n')) return '';
  if (status !== 0 || stderr !== '' || !stdout.startsWith(asked) || !stdout.endsWith('\n')) return NO_ANSWER;
  const said = stdout.slice(asked.length, -1);
  if (said === '') return '';
  // older ones begin with an empty clause: `= cap_net_raw+ep`
  const text = said.replace(/^ (= (?=.))?/, '');
  return said.startsWith(' ') && CLAUSES.test(text) && text.length <= MAX_CAPABILITIES_TEXT ? text : NO_ANSWER;
}

const NO_ANSWER: FileCapabilities = { state: 'unreadable', reason: 'an answer of getcap that is none' };
