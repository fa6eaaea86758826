// Prints the failed tests of stages (each given as the path of its JSON report without ".json", its log beside it), with
// the beginning of each message: what a reader of the last screen of a long run needs first. A stage that ended badly
// without a failed test (lint, types, an error outside of every test) shows the end of its log instead.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

const MESSAGE_LINES = 12;
const LOG_LINES = 40;

const failuresOf = (report) =>
  report.testResults.flatMap(({ name, message, status, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (status === 'failed' && failed.length === 0) return [{ where: name, message }];
    return failed.map((test) => ({ where: `${name} > ${test.fullName}`, message: test.failureMessages.join('\n') }));
  });

const indented = (text, lines) =>
  lines(text.trimEnd().split('\n'))
    .map((line) => `    ${line}`)
    .join('\n');

for (const path of process.argv.slice(2)) {
  const stage = basename(path);
  let failures = [];
  try {
    failures = failuresOf(JSON.parse(readFileSync(`${path}.json`, 'utf8')));
  } catch {
    // No report was written: nothing ran, and the log says why.
  }
  for (const { where, message } of failures) {
    console.log(`${stage}: ${where}`);
    console.log(indented(message, (lines) => lines.slice(0, MESSAGE_LINES)));
  }
  if (failures.length === 0) {
    console.log(`${stage}: no test of it failed, yet it ended badly; its last lines:`);
    console.log(indented(readFileSync(`${path}.log`, 'utf8'), (lines) => lines.slice(-LOG_LINES)));
  }
}
