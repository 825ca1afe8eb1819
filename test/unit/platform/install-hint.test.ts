import { expect, it } from 'vitest';
import { installHint } from '../../../src/platform/install-hint.js';

it('a program that is known comes with the line that installs it', () => {
  expect(installHint('wg')).toBe(' (apt-get install --no-install-recommends -y wireguard-tools)');
  expect(installHint('cat')).toBe('');
});
