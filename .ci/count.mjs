// Prints "PASSED FAILED" of a vitest JSON report. A run that ended badly without a failed test counts as one failure.
import { readFileSync } from 'node:fs';

const [file, status] = process.argv.slice(2);
let passed = 0;
let failed = 0;
try {
  const report = JSON.parse(readFileSync(file, 'utf8'));
  passed = report.numPassedTests;
  failed = report.numFailedTests;
} catch {
  failed = 0;
}
if (status !== '0' && failed === 0) failed = 1;
if (status === '0' && passed === 0) failed = 1;
console.log(`${passed} ${failed}`);
