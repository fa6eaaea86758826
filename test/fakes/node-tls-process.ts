import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Daemon } from './daemon.js';
import { waitUntil } from './wait-until.js';

const PROGRAM = `
const { readFileSync } = require('node:fs');
const { createServer } = require('node:tls');
const [cert, key, port] = process.argv.slice(1);
const server = createServer({ cert: readFileSync(cert), key: readFileSync(key), maxVersion: 'TLSv1.2' });
server.on('tlsClientError', () => undefined);
server.listen(Number(port), '127.0.0.1', () => console.log('LISTENING'));
`;

/** A TLS server that is a process of its own: Node, on a given port. */
export async function startNodeTls(
  port: number,
  { cert, key }: { cert: Buffer; key: Buffer },
): Promise<{ stop(): Promise<void> }> {
  const directory = mkdtempSync(join(tmpdir(), 'sealwatch-node-tls-'));
  const [certFile, keyFile] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key);
  const daemon = new Daemon([process.execPath, '-e', PROGRAM, certFile, keyFile, String(port)]);
  const stop = async (): Promise<void> => {
    await daemon.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await waitUntil('Node listens', () => daemon.output.includes('LISTENING'), { explain: () => daemon.output });
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}
