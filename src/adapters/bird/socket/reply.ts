/** One line of a reply: its code, four digits, and its text. */
interface ReplyLine {
  readonly code: string;
  readonly text: string;
}

/** A whole reply. `code` and `text` are those of the line that ends it, which is also the last of `lines`. */
export interface Reply {
  readonly code: string;
  readonly text: string;
  readonly lines: readonly ReplyLine[];
}

export interface ReplyReader {
  /** Reads a chunk of any size, and returns the replies that it completes. Throws where the text is no reply. */
  push(chunk: string): readonly Reply[];
}

/** A line, and a reply, longer than any of BIRD: beyond it the other side is no BIRD. */
const maxLineLength = 1024 * 1024;
const maxReplyLines = 2_000_000;

/**
 * Reads the text of BIRD's control socket (BIRD User's Guide, chapter "Remote control"; nest/cli.c). `NNNN-text` goes
 * on, `NNNN text` ends the reply, a leading space repeats the code of the line before, also when the text itself has a
 * space as its fifth character. A line that starts with `+` is asynchronous and may stand anywhere.
 */
export function replyReader(): ReplyReader {
  let rest = '';
  let lines: ReplyLine[] = [];
  const take = (line: string): Reply | undefined => {
    if (line.startsWith('+')) return undefined;
    const { code, text, ends } = parseLine(line, lines.at(-1)?.code);
    lines.push({ code, text });
    if (lines.length > maxReplyLines) throw new Error('the reply has no end');
    if (!ends) return undefined;
    const reply = { code, text, lines };
    lines = [];
    return reply;
  };
  return {
    push: (chunk) => {
      const complete = (rest + chunk).split('\n');
      rest = complete.pop() ?? '';
      if (rest.length > maxLineLength) throw new Error('the reply has no line end');
      return complete.map(take).filter((reply) => reply !== undefined);
    },
  };
}

function parseLine(line: string, previous: string | undefined): ReplyLine & { readonly ends: boolean } {
  if (line.startsWith(' ') && previous !== undefined)
    return { code: previous, text: line.slice(1), ends: false };
  const [, code, separator, text] = /^(\d{4})([- ])(.*)$/s.exec(line) ?? [];
  if (code === undefined || text === undefined)
    throw new Error(`not a line of BIRD's: ${JSON.stringify(line.slice(0, 80))}`);
  return { code, text, ends: separator === ' ' };
}
