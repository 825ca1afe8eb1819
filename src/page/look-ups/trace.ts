export interface Hop {
  readonly number: number;
  /** None: nobody answered. */
  readonly addresses: readonly string[];
  readonly ms: readonly number[];
  /** Probes without an answer. */
  readonly lost: number;
  /** `!H`, `!N`, `!X`: the hop refuses. */
  readonly refusals: readonly string[];
}

/** What traceroute(8) with -n says: a line for each hop. */
export function parseTrace(text: string): readonly Hop[] {
  return text.split('\n').flatMap((line) => {
    const [, number, rest = ''] = /^\s*(\d{1,3})\s+(.*)$/.exec(line) ?? [];
    const words = rest.split(/\s+/);
    const isHop = words.some((word) => word === '*' || word === 'ms');
    return number === undefined || !isHop ? [] : [hopOf(Number(number), words)];
  });
}

function hopOf(number: number, words: readonly string[]): Hop {
  const addresses = words.filter(
    (word) => /^[\da-f.:]*[.:][\da-f.:]*(?:%\S+)?$/i.test(word) && !/^\d+\.\d+$/.test(word),
  );
  return {
    number,
    addresses: [...new Set(addresses)],
    ms: words.flatMap((word, index) =>
      words[index + 1] === 'ms' && /^[\d.]+$/.test(word) ? [Number(word)] : [],
    ),
    lost: words.filter((word) => word === '*').length,
    refusals: [...new Set(words.filter((word) => /^![A-Z]|^!\d+/.test(word) || word === '!'))],
  };
}
