import { runCommand } from './run-command.js';

/** What a foreign TLS client met. */
export interface Handshake {
  /** `TLSv1.3 TLS_AES_256_GCM_SHA384`; undefined if there was none. */
  readonly agreed: string | undefined;
  /** Everything it said, with the alert the server sent. */
  readonly said: string;
}

/** One handshake by `openssl s_client`, which offers whatever a test tells it to, at security level 0. */
export async function opensslHandshake(address: string, ...offer: string[]): Promise<Handshake> {
  const argv = ['openssl', 's_client', '-connect', address, '-alpn', 'h2', ...offer];
  const { stdout, stderr } = await runCommand(argv, { input: '', timeoutMs: 15_000 });
  const [, protocol, suite] = /^New, (\S+), Cipher is (\S+)$/m.exec(stdout) ?? [];
  const agreed = suite === undefined || suite === '(NONE)' ? undefined : `${String(protocol)} ${suite}`;
  return { agreed, said: stdout + stderr };
}
