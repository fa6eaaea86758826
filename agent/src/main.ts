#!/usr/bin/env node
import { processIo } from '@sealwatch/shared/cli/process-io.js';
import { runProgram } from '@sealwatch/shared/cli/run-program.js';
import { agentProgram } from './cli/program.js';

const io = processIo();
process.exitCode = await runProgram(agentProgram(io), process.argv.slice(2), io);
