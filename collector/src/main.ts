#!/usr/bin/env node
import { processIo } from '@sealwatch/shared/cli/process-io.js';
import { runProgram } from '@sealwatch/shared/cli/run-program.js';
import { collectorProgram } from './cli/collector-program.js';

const io = processIo();
process.exitCode = await runProgram(collectorProgram(io), process.argv.slice(2), io);
