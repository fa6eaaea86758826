import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unpackDebianPackages } from './debian-packages.js';
import { mustRun } from './run-command.js';

/** Uses TLS as any server does, and waits if it is told to. */
const MAIN = `package main

import (
	"crypto/sha256"
	"crypto/tls"
	"fmt"
	"net/http"
	"os"
	"time"
)

func main() {
	server := http.Server{TLSConfig: &tls.Config{}}
	fmt.Printf("started %x %v\\n", sha256.Sum256(nil), server.TLSConfig.MinVersion)
	if len(os.Args) > 1 {
		time.Sleep(time.Hour)
	}
}
`;

const FIPS_ONLY = `package main

import _ "crypto/tls/fipsonly"
`;

export interface GoBuild {
  /** Of golang-1.19-go, which is installed; 1.24 is fetched, unpacked aside and kept. */
  readonly toolchain?: '1.19' | '1.24';
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly fipsOnly?: boolean;
}

const BORING = { GOEXPERIMENT: 'boringcrypto', CGO_ENABLED: '1' };
const STRIPPED = '-ldflags=-s -w';

/** Every way in which a Go program has, has not, or claims a module. */
export const GO_BUILDS = {
  boring: { env: BORING },
  fipsonly: { env: BORING, fipsOnly: true },
  stripped: { env: BORING, args: [STRIPPED] },
  pie: { env: BORING, args: ['-buildmode=pie'] },
  'stripped pie': { env: BORING, args: ['-buildmode=pie', STRIPPED] },
  static: { env: BORING, args: ['-ldflags=-s -w -linkmode=external -extldflags=-static'] },
  liar: { env: { GOEXPERIMENT: 'boringcrypto', CGO_ENABLED: '0' } },
  'stripped liar': { env: { GOEXPERIMENT: 'boringcrypto', CGO_ENABLED: '0' }, args: [STRIPPED] },
  plain: {},
  'boring 1.24': { toolchain: '1.24', env: BORING, args: [STRIPPED] },
  'plain 1.24': { toolchain: '1.24' },
  native: { toolchain: '1.24', env: { GOFIPS140: 'v1.0.0' } },
  'native pie': { toolchain: '1.24', env: { GOFIPS140: 'v1.0.0' }, args: ['-buildmode=pie', STRIPPED] },
  'native arm64': { toolchain: '1.24', env: { GOFIPS140: 'v1.0.0', GOARCH: 'arm64', CGO_ENABLED: '0' } },
  'plain 386': { env: { GOARCH: '386', CGO_ENABLED: '0' } },
  'plain s390x': { env: { GOARCH: 's390x', CGO_ENABLED: '0' } },
} as const satisfies Record<string, GoBuild>;

export type GoBuildName = keyof typeof GO_BUILDS;

const NEWER = join(tmpdir(), 'sealwatch-go-1.24');

/** Real Go programs, built here without a network. */
export class GoBinaries {
  readonly directory: string = mkdtempSync(join(tmpdir(), 'sealwatch-go-binaries-'));

  path(name: GoBuildName): string {
    return join(this.directory, name.replace(/ /g, '-'));
  }

  async build(name: GoBuildName): Promise<string> {
    const build: GoBuild = GO_BUILDS[name];
    if (build.toolchain === '1.24') await unpackDebianPackages('trixie', ['golang-1.24-go', 'golang-1.24-src'], NEWER);
    const go = build.toolchain === '1.24' ? join(NEWER, 'usr/lib/go-1.24/bin/go') : '/usr/lib/go-1.19/bin/go';
    const source = `${this.path(name)}-source`;
    mkdirSync(source);
    writeFileSync(join(source, 'main.go'), MAIN);
    if (build.fipsOnly === true) writeFileSync(join(source, 'fipsonly.go'), FIPS_ONLY);
    await mustRun([go, 'build', ...(build.args ?? []), '-o', this.path(name), '.'], {
      cwd: source,
      timeoutMs: 300_000,
      env: {
        PATH: process.env['PATH'],
        HOME: this.directory,
        GO111MODULE: 'off',
        GOPROXY: 'off',
        GOTOOLCHAIN: 'local',
        GOFLAGS: '-p=2',
        GOCACHE: join(tmpdir(), 'sealwatch-go-cache'),
        GOMODCACHE: join(tmpdir(), 'sealwatch-go-modules'),
        ...build.env,
      },
    });
    return this.path(name);
  }

  dispose(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
