// Says of each of these results of Vitest what failed, and at last how many tests passed and failed: the end of the output
// is where one looks first.
import { readFileSync } from 'node:fs';

const total = { passed: 0, failed: 0 };
for (const file of process.argv.slice(2)) {
  try {
    count(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    say(file, `no results: ${error.message}`);
    total.failed += 1;
  }
}
console.log(`${total.passed} passed, ${total.failed} failed`);

function count({ success, numPassedTests, numFailedTests, testResults }) {
  for (const { name, status, message, assertionResults } of testResults) {
    const failed = assertionResults.filter((test) => test.status === 'failed');
    for (const { fullName, failureMessages } of failed)
      say(`${name} > ${fullName}`, failureMessages.join('\n'));
    if (status === 'failed' && failed.length === 0) say(name, message);
  }
  total.passed += numPassedTests;
  // A run that did not succeed counts as one failure at least: some fail before their first test.
  total.failed += success ? 0 : Math.max(1, numFailedTests);
}

/** How the words begin and how they end; all of them stand further up. */
function say(what, words) {
  const lines = words.split('\n');
  const shown = lines.length <= 20 ? lines : [...lines.slice(0, 8), '...', ...lines.slice(-8)];
  console.log(`\nFAILED ${what}\n${shown.join('\n')}`);
}
