import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mustRun } from './run-command.js';

const KEYS = {
  rsa2048: ['-newkey', 'rsa:2048'],
  rsa1024: ['-newkey', 'rsa:1024'],
  p256: ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  p384: ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384'],
  ed25519: ['-newkey', 'ed25519'],
} as const;
export type KeyName = keyof typeof KEYS;

/** Server certificates of every kind for localhost, under one authority, made by openssl in a directory of their own. */
export class TlsIdentities {
  readonly directory: string;

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async create(names: readonly KeyName[] = ['rsa2048', 'p256']): Promise<TlsIdentities> {
    const identities = new TlsIdentities(mkdtempSync(join(tmpdir(), 'sealwatch-tls-identities-')));
    await identities.#request('ca', KEYS.p384, ['-subj', '/CN=Probe Test CA', '-sha384']);
    for (const name of names) await identities.#issue(name);
    return identities;
  }

  certificate(name: KeyName | 'ca'): string {
    return join(this.directory, `${name}.pem`);
  }

  key(name: KeyName | 'ca'): string {
    return join(this.directory, `${name}.key`);
  }

  pem(name: KeyName | 'ca'): { cert: Buffer; key: Buffer } {
    return { cert: readFileSync(this.certificate(name)), key: readFileSync(this.key(name)) };
  }

  /** Another certificate with another key in its place, under the same authority. */
  async renew(name: KeyName): Promise<void> {
    await this.#issue(name);
  }

  dispose(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  async #issue(name: KeyName): Promise<void> {
    await this.#request(name, KEYS[name], [
      ...['-subj', '/CN=localhost', '-CA', this.certificate('ca'), '-CAkey', this.key('ca'), '-sha384'],
      ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-addext', 'basicConstraints=CA:FALSE'],
      ...['-addext', 'extendedKeyUsage=serverAuth'],
    ]);
  }

  async #request(name: string, key: readonly string[], rest: readonly string[]): Promise<void> {
    const files = ['-keyout', join(this.directory, `${name}.key`), '-out', join(this.directory, `${name}.pem`)];
    await mustRun(['openssl', 'req', '-x509', '-nodes', '-days', '30', ...key, ...files, ...rest]);
  }
}
