import { messageSize } from '@sealwatch/collector/api/message-size.js';
import type { AttestRequest } from '@sealwatch/shared/wire/generated/sealwatch/v1/AttestRequest.js';
import { expect, it } from 'vitest';

const body = (bytes: number): { digest: string; deflated: Buffer } => ({ digest: '', deflated: Buffer.alloc(bytes) });
const envelope = { payloadType: '', payload: Buffer.alloc(5_000), signatures: [] };

it.each<[string, Partial<AttestRequest>, number]>([
  ['a heartbeat costs next to nothing', {}, 64],
  ['a report costs its payload and its bodies', { report: { envelope, bodies: [body(1_000)] } }, 6_128],
  ['a seal costs its payload', { seal: { envelope } }, 5_064],
  [
    'a crowd of empty bodies is not empty',
    { bodies: { bodies: Array.from({ length: 1_000 }, () => body(0)) } },
    64_064,
  ],
])('%s', (_, message, bytes) => {
  expect(messageSize(message as AttestRequest)).toBe(bytes);
});
