import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { createLogger, type LogLevel } from '@sealwatch/shared/runtime/log.js';
import { describe, expect, it } from 'vitest';

function logged(level: LogLevel, err: Error): Record<string, unknown> {
  const lines: string[] = [];
  const log = createLogger({ program: 'test', level, destination: { write: (line) => void lines.push(line) } });
  log.warn({ err }, 'Connection failed');
  return (JSON.parse(lines.join('')) as { err: Record<string, unknown> }).err;
}

describe('an error in the log', () => {
  const foreseen = new CodedError('host.revoked', 'the certificate was ended', { cause: new Error('7 DENIED') });

  it('is a code and one sentence if it was foreseen', () => {
    expect(logged('info', foreseen)).toEqual({
      type: 'CodedError',
      code: 'host.revoked',
      message: 'the certificate was ended',
    });
  });

  it('has its stack if it is a surprise, or when debugging', () => {
    expect(logged('info', new TypeError('x is undefined'))['stack']).toContain('log.test');
    expect(logged('debug', foreseen)['stack']).toContain('7 DENIED');
  });
});
