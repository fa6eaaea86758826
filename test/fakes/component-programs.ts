import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mustRun } from './run-command.js';

/** Waits. On SIGUSR1 it runs the program named by its last argument in its own place, as a taken-over one would. */
const MAIN = `package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

var version = "?"

func main() {
	fmt.Println(version)
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGUSR1)
	select {
	case <-asked:
		other := os.Args[len(os.Args)-1]
		panic(syscall.Exec(other, []string{other}, os.Environ()))
	case <-time.After(24 * time.Hour):
	}
}
`;

/** Small static Go programs, as Kubernetes' components are; each version is another one. Needs golang-1.19-go. */
export class ComponentPrograms {
  readonly #directory: string = mkdtempSync(join(tmpdir(), 'sealwatch-component-programs-'));

  path(version: string): string {
    return join(this.#directory, version);
  }

  async build(...versions: readonly string[]): Promise<void> {
    const source = join(this.#directory, 'source');
    mkdirSync(source);
    writeFileSync(join(source, 'main.go'), MAIN);
    for (const version of versions) {
      const flags = `-ldflags=-s -w -X main.version=${version}`;
      await mustRun(['/usr/lib/go-1.19/bin/go', 'build', flags, '-o', this.path(version), '.'], {
        cwd: source,
        timeoutMs: 300_000,
        env: {
          PATH: process.env['PATH'],
          HOME: this.#directory,
          CGO_ENABLED: '0',
          GO111MODULE: 'off',
          GOPROXY: 'off',
          GOFLAGS: '-p=2',
          GOCACHE: join(tmpdir(), 'sealwatch-go-cache'),
        },
      });
    }
  }

  dispose(): void {
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
