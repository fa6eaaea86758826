import type { Answer } from './answer.js';
import { answerText } from './enumerate.js';
import type { NoTls } from './tls-observation.js';

/** What stands at an address none of whose answers served TLS: the gravest of them says it. */
export function noTls(answers: readonly Answer[]): NoTls {
  for (const kind of ['stopped', 'unreachable', 'not-tls', 'too-much', 'timeout'] as const) {
    const answer = answers.find((ending) => ending.kind === kind);
    if (answer === undefined) continue;
    return { state: kind === 'too-much' ? 'not-tls' : kind, reason: answerText(answer) };
  }
  const alert = answers.find(({ kind }) => kind === 'alert') ?? answers[0];
  return { state: 'refused', reason: alert === undefined ? 'it answers otherwise than asked' : answerText(alert) };
}
