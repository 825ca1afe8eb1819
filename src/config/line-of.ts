import { findNodeAtLocation, parseTree } from 'jsonc-parser';

/**
 * The line of the JSON `text` that has the value at `path` (`bootstrap.apiUrl`); where it is missing, that of the object in
 * which it is missing. Undefined for a path of no key in the text.
 */
export function lineOf(text: string, path: string): number | undefined {
  const root = parseTree(text);
  const keys = path.split('.');
  if (!root || path === '') return undefined;
  for (let count = keys.length; count > 0; count -= 1) {
    const found = findNodeAtLocation(root, keys.slice(0, count).map(toSegment));
    // Of a whole property, so that a value on a line of its own counts with its key.
    const node = found?.parent?.type === 'property' ? found.parent : found;
    if (node) return text.slice(0, node.offset).split('\n').length;
  }
  return undefined;
}

function toSegment(key: string): string | number {
  return /^\d+$/.test(key) ? Number(key) : key;
}
