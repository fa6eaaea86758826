import { printable } from '../runtime/printable.js';
import type { SubjectResult } from './check-result.js';
import { renderFindings } from './render-findings.js';
import { renderSubjectLine } from './render-subject-line.js';

const SUITE_INDENT = ' '.repeat(16);

/** One TLS service: its preferred and supported suites as the seed prints them, then what they were judged by. */
export function renderService(result: SubjectResult, color: boolean): string[] {
  const { label, statement, status, findings, service } = result;
  if (status === 'not-checked') return [renderSubjectLine(label, statement, status, color)];
  return [
    printable(label),
    ...(service === undefined || service.preferred === null
      ? []
      : [
          `Preferred Cipher: ${printable(service.preferred.suite)}`,
          'Supported Ciphers:',
          '',
          ...service.supported.map((suite) => `${SUITE_INDENT}${printable(suite)}`),
          '',
        ]),
    renderSubjectLine(statement, '', status, color),
    ...renderFindings(findings),
  ];
}
