import { resolve } from 'node:path';
import { type Inspection, inspectionOf, inspectionPasses } from '@sealwatch/shared/binary/inspection.js';
import { inspectionJson } from '@sealwatch/shared/binary/inspection-json.js';
import { observeFile } from '@sealwatch/shared/binary/observe-file.js';
import { observeProcess } from '@sealwatch/shared/binary/observe-process.js';
import { renderInspection } from '@sealwatch/shared/binary/render-inspection.js';
import type { Io } from '@sealwatch/shared/cli/io.js';
import { ExitStatus } from '@sealwatch/shared/cli/run-program.js';
import { EXIT } from '@sealwatch/shared/runtime/exit-code.js';
import { Command, Option } from 'commander';
import { inspectSurroundings } from '../measure/process/inspect-surroundings.js';

interface InspectOptions {
  readonly output: 'text' | 'json';
}

const EXAMPLE = `
Examples:
  sealwatch-agent inspect /usr/bin/kubelet
  sealwatch-agent inspect 4711
  sealwatch-agent inspect ./4711 --output json

A number is a process: its memory is read, which takes root or its own user. A file of that name is ./NUMBER.
No network, no cluster and no manifest are used; nothing printed here is a statement of conformance.

Exit status: 0 it could be inspected, 1 its module is corrupt, claimed but absent, or can't be told, 2 wrong usage, or
no program that can be read.`;

export function inspectCommand(io: Io): Command {
  return new Command('inspect')
    .description('Show which cryptographic module a binary or a process really has, and what that proves')
    .argument('<file|pid>', 'a program, or the number of a process')
    .addOption(new Option('--output <format>', 'how to print the result').choices(['text', 'json']).default('text'))
    .addHelpText('after', EXAMPLE)
    .action((target: string, { output }: InspectOptions) => inspect(target, output, io));
}

async function inspect(target: string, output: InspectOptions['output'], io: Io): Promise<void> {
  const inspection = /^[1-9]\d{0,9}$/.test(target)
    ? await inspectPid(Number(target))
    : await inspectFile(target, io.cwd);
  io.out.write(output === 'json' ? inspectionJson(inspection) : renderInspection(inspection));
  if (inspection.conclusion === null) throw new ExitStatus(EXIT.usage);
  if (!inspectionPasses(inspection)) throw new ExitStatus(EXIT.no);
}

async function inspectFile(path: string, cwd: string): Promise<Inspection> {
  return inspectionOf({ kind: 'file', path }, await observeFile(resolve(cwd, path)));
}

async function inspectPid(pid: number): Promise<Inspection> {
  const { path, observation } = await observeProcess(pid);
  const { process, godebug } = await inspectSurroundings(pid);
  const context = { process, ...(godebug === undefined ? {} : { godebug }) };
  return inspectionOf({ kind: 'process', pid, path }, observation, context);
}
