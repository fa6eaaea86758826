import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentProgram } from '@sealwatch/agent/cli/program.js';
import type { AgentStatus } from '@sealwatch/agent/status/agent-status.js';
import { runProgram } from '@sealwatch/shared/cli/run-program.js';
import type { EnrollmentBundle } from '@sealwatch/shared/trust/enrollment-bundle.js';
import { type CapturedIo, capturedIo } from './captured-io.js';
import { RhelTree } from './rhel-tree.js';
import type { RunningCollector } from './running-collector.js';

export interface Finished {
  readonly status: number;
  readonly io: CapturedIo;
}

/** An agent on its own desk: bundle file, state directory, a host to look at. Commands run in this process. */
export class AgentDesk {
  readonly directory: string = mkdtempSync(join(tmpdir(), 'sealwatch-agent-'));
  readonly stateDir: string = join(this.directory, 'state');
  readonly tree: RhelTree = new RhelTree(8);

  run(...args: string[]): Promise<Finished> {
    return this.start(...args).finished;
  }

  /** The command goes on until it ends or `io.stop()`. */
  start(...args: string[]): { io: CapturedIo; finished: Promise<Finished> } {
    const io = capturedIo({ cwd: this.directory });
    const given = [...args, '--state-dir', this.stateDir];
    return { io, finished: runProgram(agentProgram(io), given, io).then((status) => ({ status, io })) };
  }

  startRunning(): { io: CapturedIo; finished: Promise<Finished> } {
    return this.start('run', '--host-root', this.tree.root);
  }

  bundle(collector: RunningCollector, token: string, changes: Partial<EnrollmentBundle> = {}): string {
    const { address, enrollAddress, authority } = collector;
    const bundle: EnrollmentBundle = {
      schema: 'sealwatch/enrollment-bundle/v1',
      root: authority.rootPem,
      address,
      enrollAddress,
      token,
      ...changes,
    };
    const path = join(this.directory, 'bundle.json');
    writeFileSync(path, JSON.stringify(bundle));
    return path;
  }

  async enroll(collector: RunningCollector, host = 'host-a'): Promise<void> {
    const { status, io } = await this.run(
      'enroll',
      '--bundle',
      this.bundle(collector, await collector.createToken(host)),
    );
    if (status !== 0) throw new Error(io.stderr);
  }

  async status(...args: string[]): Promise<AgentStatus> {
    const { status, io } = await this.run('status', '--output', 'json', ...args);
    // 1: it says what is wrong
    if (status > 1) throw new Error(io.stderr);
    return JSON.parse(io.stdout) as AgentStatus;
  }

  dispose(): void {
    this.tree.remove();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
