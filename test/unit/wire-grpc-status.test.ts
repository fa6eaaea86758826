import { Metadata, status } from '@grpc/grpc-js';
import { CodedError } from '@sealwatch/shared/runtime/coded-error.js';
import { fromStatus, toStatus } from '@sealwatch/shared/wire/grpc-status.js';
import { describe, expect, it } from 'vitest';

describe('an error on its way over the wire', () => {
  it('keeps its code and its sentence', () => {
    const back = fromStatus(toStatus(new CodedError('host.revoked', 'host-a was revoked')));
    expect(back).toMatchObject({ code: 'host.revoked', message: 'host-a was revoked' });
  });

  it('says nothing of our insides if it is not ours', () => {
    const sent = toStatus(new Error('SQLITE_CORRUPT at /var/lib/secret'));
    expect(sent).toMatchObject({ code: status.INTERNAL, details: 'internal error' });
    expect(JSON.stringify(sent)).not.toContain('secret');
  });

  it('survives text that percent-encoding refuses, and is cut where headers end', () => {
    const { details } = toStatus(new CodedError('usage.invalid', `half \ud800 pair ${'x'.repeat(9000)}`));
    expect(() => encodeURI(details)).not.toThrow();
    expect(details.length).toBeLessThanOrEqual(2000);
  });
});

describe('a status that carries no code of ours', () => {
  const bare = (code: status): object =>
    Object.assign(new Error('x'), { code, details: 'no connection', metadata: new Metadata() });

  it.each([
    [status.UNAVAILABLE, 'collector.unreachable'],
    [status.DEADLINE_EXCEEDED, 'collector.unreachable'],
    [status.CANCELLED, 'request.cancelled'],
    [status.RESOURCE_EXHAUSTED, 'limit.exceeded'],
    [status.UNIMPLEMENTED, 'collector.protocol'],
    [status.INTERNAL, 'collector.protocol'],
  ])('%i means %s', (code, expected) => {
    expect(fromStatus(bare(code)).code).toBe(expected);
  });

  it('is not believed when it names a code that does not exist', () => {
    const metadata = new Metadata();
    metadata.set('sealwatch-code', 'constructor');
    const error = Object.assign(new Error('x'), { code: status.UNAVAILABLE, details: 'x', metadata });
    expect(fromStatus(error).code).toBe('collector.unreachable');
  });
});
