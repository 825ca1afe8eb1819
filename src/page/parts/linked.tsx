import { linkTo } from '../route.js';
import type { PageRow } from '../rows.js';

/** How a sentence names a session or a node of ours: `session a1 (AS4242421080)`, `AS4242421080`, `mesh peer 2`, `node 2`. */
const names = /session [^\s:;,]+(?: \(AS\d+\))?|AS\d+|(?:mesh peer|node) \d+/g;

/** A sentence in which the name of a session or a node leads to it; a name that several have leads nowhere. */
export function Linked({ text, rows }: { readonly text: string; readonly rows: readonly PageRow[] }) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(names)) {
    const row = rowNamed(match[0], rows);
    if (!row) continue;
    parts.push(
      text.slice(end, match.index),
      <a key={match.index} href={linkTo('session', row.word)}>
        {match[0]}
      </a>,
    );
    end = match.index + match[0].length;
  }
  return (
    <>
      {parts}
      {text.slice(end)}
    </>
  );
}

function rowNamed(name: string, rows: readonly PageRow[]): PageRow | undefined {
  const [kind, word] = name.split(' ');
  const found = rows.filter((row) => {
    if (kind === 'session') return row.kind === 'session' && row.word === word;
    return row.id === (row.kind === 'mesh' ? `node ${name.split(' ').at(-1)}` : name);
  });
  return found.length === 1 ? found[0] : undefined;
}
