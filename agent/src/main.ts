#!/usr/bin/env node
import { processIo } from '@sealwatch/shared/cli/process-io.js';
import { runProgram } from '@sealwatch/shared/cli/run-program.js';
import { calledProgram } from './cli/called-program.js';

void main();

/** A function, because the bundle is a CommonJS module, which can't await. */
async function main(): Promise<void> {
  const io = processIo();
  const args = process.argv.slice(2);
  process.exitCode = await runProgram(await calledProgram(args, io), args, io);
}
