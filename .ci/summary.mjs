// Says of each of these results (results-reporter.mjs) what failed and how long it took, and at last how many tests passed
// and failed: the end of the output is where one looks first.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

const maxLines = 60;
const parts = [];
const total = { passed: 0, failed: 0 };
for (const file of process.argv.slice(2)) {
  try {
    const { passed, failed, failures, seconds } = JSON.parse(readFileSync(file, 'utf8'));
    for (const { name, words } of failures) say(name, words);
    parts.push(`${basename(file, '.json')}: ${passed} passed, ${failed} failed, ${seconds} s`);
    total.passed += passed;
    total.failed += failed;
  } catch (error) {
    say(file, `no results: ${error.message}`);
    total.failed += 1;
  }
}
console.log(`\n${parts.join('\n')}`);
console.log(`${total.passed} passed, ${total.failed} failed`);

/** How the words begin and how they end; all of them stand further up. */
function say(what, words) {
  const lines = words.split('\n');
  const half = maxLines / 2;
  const shown = lines.length <= maxLines ? lines : [...lines.slice(0, half), '...', ...lines.slice(-half)];
  console.log(`\nFAILED ${what}\n${shown.join('\n')}`);
}
