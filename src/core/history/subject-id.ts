/** Names a session or mesh peer in the history: 16 hexadecimal digits, made of its `subjectKey`. */
export type SubjectId = string;

const prime = 0x100000001b3n;
const mask = 0xffffffffffffffffn;

/** FNV-1a with 64 bits: of a thousand subjects, two have the same id on one node of 10^13. */
export function subjectId(key: string): SubjectId {
  let hash = 0xcbf29ce484222325n;
  for (let index = 0; index < key.length; index += 1)
    hash = ((hash ^ BigInt(key.charCodeAt(index))) * prime) & mask;
  return hash.toString(16).padStart(16, '0');
}
