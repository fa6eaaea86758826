import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runProgram } from '@sealwatch/shared/cli/run-program.js';
import { envelopeFromJson } from '@sealwatch/shared/envelope/envelope-json.js';
import type { Envelope } from '@sealwatch/shared/envelope/envelope.js';
import { isFile, isImage } from '@sealwatch/shared/manifest/components-of-kind.js';
import type { FileComponent, ImageComponent } from '@sealwatch/shared/manifest/manifest-component.js';
import type { ManifestStatement } from '@sealwatch/shared/manifest/manifest.js';
import { sealwatchProgram } from '@sealwatch/collector/cli/program.js';
import { capturedIo } from './captured-io.js';

export interface Answer {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A build machine: a directory with keys, an unpacked tree in `rootfs`, and the sealwatch command run there. */
export class PublisherBench {
  readonly dir: string = mkdtempSync(join(tmpdir(), 'publisher-'));

  constructor() {
    this.key('publisher');
    this.file('/usr/bin/kubelet', 'kubelet 1.19.7');
    this.file('/usr/bin/runc', 'runc 1.0.0');
  }

  remove(): void {
    rmSync(this.dir, { recursive: true });
  }

  path(name: string): string {
    return join(this.dir, name);
  }

  read(name: string): Buffer {
    return readFileSync(this.path(name));
  }

  write(name: string, content: string | Uint8Array): void {
    writeFileSync(this.path(name), content);
  }

  /** NAME.key and NAME.pub, as openssl users have them. */
  key(name: string, options: { bits?: number; exponent?: number } = {}): void {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', {
      modulusLength: options.bits ?? 4096,
      publicExponent: options.exponent ?? 65537,
    });
    writeFileSync(this.path(`${name}.key`), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    writeFileSync(this.path(`${name}.pub`), publicKey.export({ type: 'spki', format: 'pem' }));
  }

  /** A file of the tree; a Buffer is a path of any bytes. */
  file(path: string | Buffer, content: string | Uint8Array): void {
    const at = Buffer.concat([Buffer.from(this.path('rootfs')), Buffer.from(path)]);
    mkdirSync(dirname(at.toString('latin1')), { recursive: true });
    writeFileSync(at, content);
  }

  async run(args: readonly string[], env: Record<string, string> = {}): Promise<Answer> {
    const io = capturedIo({ cwd: this.dir, env });
    const status = await runProgram(sealwatchProgram(io), ['manifest', ...args], io);
    return { status, stdout: io.stdout, stderr: io.stderr };
  }

  /** Creates from the tree; signed by publisher.key into manifest.json unless `args` say otherwise. */
  create(args: readonly string[], signing: readonly string[] = ['--key', 'publisher.key']): Promise<Answer> {
    const own = ['--out', 'manifest.json', '--force', '--root', 'rootfs', '--id', 'konvoy-1.7.0', ...signing];
    return this.run(['create', ...own, ...args]);
  }

  verify(...args: readonly string[]): Promise<Answer> {
    return this.run(['verify', 'manifest.json', '--publisher-key', 'publisher.pub', '--root', 'rootfs', ...args]);
  }

  envelope(name = 'manifest.json'): Envelope {
    return envelopeFromJson(this.read(name), name);
  }

  statement(name = 'manifest.json'): ManifestStatement {
    return JSON.parse(this.envelope(name).payload.toString('utf8')) as ManifestStatement;
  }

  files(name?: string): FileComponent[] {
    return this.statement(name).predicate.components.filter(isFile);
  }

  images(name?: string): ImageComponent[] {
    return this.statement(name).predicate.components.filter(isImage);
  }

  /** What `openssl dgst` says of a signature over these bytes, by publisher.key unless told otherwise. */
  opensslVerifies(bytes: Uint8Array, signature: string, key = 'publisher'): boolean {
    this.write('openssl.bytes', bytes);
    this.write('openssl.sig', Buffer.from(signature, 'base64'));
    const args = ['dgst', '-sha256', '-verify', `${key}.pub`, '-signature', 'openssl.sig', 'openssl.bytes'];
    return spawnSync('openssl', args, { cwd: this.dir, encoding: 'utf8' }).stdout === 'Verified OK\n';
  }
}
