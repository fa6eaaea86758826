import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Daemon } from './daemon.js';
import { mustRun } from './run-command.js';
import { waitUntil } from './wait-until.js';

/** Of the package golang-1.19-go. */
const GO = '/usr/lib/go-1.19/bin/go';

const MAIN = `package main

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"os"
)

func main() {
	certificate, err := tls.LoadX509KeyPair(os.Args[1], os.Args[2])
	if err != nil {
		panic(err)
	}
	config := &tls.Config{Certificates: []tls.Certificate{certificate}}
	if len(os.Args) > 3 {
		config.ClientAuth = tls.RequireAnyClientCert
	}
	listener, err := tls.Listen("tcp", "127.0.0.1:0", config)
	if err != nil {
		panic(err)
	}
	fmt.Println("listening on", listener.Addr())
	panic(http.Serve(listener, nil))
}
`;

const FIPS_ONLY = `package main

import _ "crypto/tls/fipsonly"
`;

export type GoToolchain = 'plain' | 'boring' | 'fipsonly';

/** Real Go programs that serve TLS with Go's own defaults: what kubelet, etcd and the API server are made of. */
export class GoTlsServers {
  readonly #directory: string;
  readonly #running: Daemon[] = [];

  constructor() {
    this.#directory = mkdtempSync(join(tmpdir(), 'sealwatch-go-tls-'));
  }

  async build(toolchain: GoToolchain): Promise<void> {
    const source = join(this.#directory, `${toolchain}-source`);
    await mustRun(['mkdir', '-p', source]);
    writeFileSync(join(source, 'main.go'), MAIN);
    if (toolchain === 'fipsonly') writeFileSync(join(source, 'fipsonly.go'), FIPS_ONLY);
    await mustRun([GO, 'build', '-o', join(this.#directory, toolchain), '.'], {
      cwd: source,
      timeoutMs: 170_000,
      env: {
        PATH: process.env['PATH'],
        HOME: this.#directory,
        GO111MODULE: 'off',
        GOPROXY: 'off',
        GOFLAGS: '-p=2',
        GOCACHE: join(tmpdir(), 'sealwatch-go-cache'),
        ...(toolchain === 'plain' ? {} : { GOEXPERIMENT: 'boringcrypto', CGO_ENABLED: '1' }),
      },
    });
  }

  /** Starts one that was built, and tells its port. */
  async start(
    toolchain: GoToolchain,
    files: { certificate: string; key: string },
    clientAuth = false,
  ): Promise<number> {
    const args = [files.certificate, files.key, ...(clientAuth ? ['client-auth'] : [])];
    const daemon = new Daemon([join(this.#directory, toolchain), ...args]);
    this.#running.push(daemon);
    return waitUntil(
      'the Go server listens',
      () => {
        const port = /^listening on 127\.0\.0\.1:(\d+)$/m.exec(daemon.output)?.[1];
        return port === undefined ? undefined : Number(port);
      },
      { explain: () => daemon.output },
    );
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#running.map((daemon) => daemon.stop()));
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
