import { connect, type TLSSocket } from 'node:tls';
import { type ServerIdentity, TlsListener } from '@sealwatch/collector/api/tls-listener.js';
import { createLogger } from '@sealwatch/shared/runtime/log.js';
import { COLLECTOR_DNS_NAME } from '@sealwatch/shared/trust/identity.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { opensslHandshake } from '../fakes/openssl-handshake.js';
import { TestAuthority, type TestIdentity } from '../fakes/test-authority.js';

const authority = new TestAuthority();
const [first, second]: ServerIdentity[] = [authority.collector(), authority.collector()];
const operator = authority.operator('root');
const accepted: TLSSocket[] = [];

let listener: TlsListener;

beforeAll(async () => {
  listener = await TlsListener.listen({
    address: { host: '127.0.0.1', port: 0 },
    identity: first!,
    clientRoot: authority.rootPem,
    limits: { maxConnections: 100, maxHandshakes: 100, handshakeTimeoutMs: 2000 },
    onConnection: (socket) => accepted.push(socket),
    log: createLogger({ program: 'test', level: 'silent' }),
  });
});

afterAll(async () => {
  await listener.close(0);
});

/** The serial number of the certificate the server shows, and whether it let us in. */
async function visit(identity: TestIdentity | undefined, alpn = 'h2'): Promise<{ serial: string; letIn: boolean }> {
  const { port } = listener.address;
  const own = identity === undefined ? {} : { key: identity.key, cert: identity.chain };
  const before = accepted.length;
  const socket = connect({
    port,
    host: '127.0.0.1',
    ca: authority.rootPem,
    servername: COLLECTOR_DNS_NAME,
    ALPNProtocols: [alpn],
    ...own,
  });
  const serial = await new Promise<string>((resolve, reject) => {
    socket.once('secureConnect', () => {
      resolve(socket.getPeerCertificate().serialNumber);
    });
    socket.once('error', reject);
  });
  // TLS 1.3 lets a client believe it is in before the server has looked at its certificate
  await new Promise((resolve) => {
    setTimeout(resolve, 100);
    socket.once('close', resolve).once('error', resolve);
  });
  socket.destroy();
  return { serial, letIn: accepted.length > before };
}

it('shows a new certificate to new connections, and asks as much of them as before', async () => {
  const before = await visit(operator);
  expect(before.letIn).toBe(true);
  listener.setIdentity(second!);
  const after = await visit(operator);
  expect(after.letIn).toBe(true);
  expect(after.serial).not.toBe(before.serial);
  expect((await visit(undefined)).letIn).toBe(false);
  const address = `127.0.0.1:${String(listener.address.port)}`;
  expect((await opensslHandshake(address, '-tls1_3', '-groups', 'X25519')).agreed).toBeUndefined();
});

it('has nothing for whoever does not speak HTTP/2', async () => {
  await expect(visit(operator, 'http/1.1')).rejects.toThrow(/no application protocol|ECONNRESET|disconnected/i);
});

it('cuts one connection and no other', async () => {
  const { port } = listener.address;
  const open = (): Promise<TLSSocket> =>
    new Promise((resolve, reject) => {
      const { key, chain: cert } = operator;
      const options = { port, host: '127.0.0.1', ca: authority.rootPem, servername: COLLECTOR_DNS_NAME, key, cert };
      const socket = connect({ ...options, ALPNProtocols: ['h2'] }, () => {
        resolve(socket);
      });
      socket.once('error', reject);
    });
  const [one, other] = [await open(), await open()];
  const closed = new Promise((resolve) => one.resume().once('close', resolve));
  listener.drop(`127.0.0.1:${String(one.localPort)}`);
  await closed;
  expect(other.destroyed).toBe(false);
  other.destroy();
});

it('refuses a port that is taken, naming it', async () => {
  const again = TlsListener.listen({
    address: listener.address,
    identity: first!,
    clientRoot: null,
    limits: { maxConnections: 1, maxHandshakes: 1, handshakeTimeoutMs: 1000 },
    onConnection: () => undefined,
    log: createLogger({ program: 'test', level: 'silent' }),
  });
  await expect(again).rejects.toMatchObject({
    code: 'address.in-use',
    message: expect.stringContaining(String(listener.address.port)) as string,
  });
});
