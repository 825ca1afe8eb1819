import { hashOf } from '../model/fingerprint.js';

const seal = /^(.*\n.*\n)# Checksum of the lines below: ([0-9a-f]{16})\n([\s\S]*)$/;

/** The line of a BIRD file by which the agent sees later that somebody edited the text `body` below it. */
export function sealOf(body: string): string {
  return `# Checksum of the lines below: ${hashOf([body])}\n${body}`;
}

/**
 * True for the text of a file that the agent made and somebody changed since then. False for the files of agents that wrote no
 * checksum yet, and for files whose checksum somebody removed with the mark.
 */
export function isHandEdited(text: string): boolean {
  const [, , checksum, body] = seal.exec(text) ?? [];
  return body !== undefined && checksum !== hashOf([body]);
}
