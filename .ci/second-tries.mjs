// A vitest reporter: appends each test that passed only at its second try, and what was wrong at the first, to the file
// that SECOND_TRIES names. A machine that is busy with something else must not fail a run; what it shows is a defect all
// the same, and is said.
import { appendFileSync } from 'node:fs';
import { relative } from 'node:path';

export default class SecondTries {
  onTestCaseResult(test) {
    if (test.diagnostic()?.flaky !== true) return;
    const lines = (test.result().errors ?? []).flatMap(({ message }) => message.split('\n').slice(0, 4));
    const place = `${relative(process.cwd(), test.module.moduleId)} > ${test.fullName}`;
    appendFileSync(process.env.SECOND_TRIES, [place, ...lines.map((line) => `    ${line}`), ''].join('\n'));
  }
}
