import { describe, expect, it } from 'vitest';
import { isHandEdited, sealOf } from '../../../../src/core/desired/hand-edits.js';

const made = `# moenet-agent:abc-123\n# Made by moenet-agent.\n${sealOf('\nprotocol device { }\n')}`;

describe('a file that the agent made', () => {
  it('is edited where the text below the checksum differs, also by a comment', () => {
    expect(isHandEdited(made)).toBe(false);
    expect(isHandEdited(`${made}# mine\n`)).toBe(true);
    expect(isHandEdited(made.replace('device', 'direct'))).toBe(true);
    expect(isHandEdited(made.replace(/checksum.*/i, 'Checksum of the lines below: 0123456789abcdef'))).toBe(
      true,
    );
  });

  it('is not known to be edited without a checksum, as of an older agent', () => {
    expect(isHandEdited(made.replace(/# Checksum.*\n/, ''))).toBe(false);
    expect(isHandEdited('')).toBe(false);
  });
});
