import { type BirdConnection, connectBird } from '../../../../src/adapters/bird/socket/socket.js';

/**
 * What a running BIRD has made of its files, line by line: every symbol with its kind (protocols, tables, filters,
 * functions, templates, constants), the value of each constant, and what is configured of each protocol. States and
 * descriptions are not in it.
 */
export async function parsedByBird(controlSocket: string): Promise<readonly string[]> {
  const bird = await connectBird({ controlSocket, connectTimeoutMs: 2_000, replyTimeoutMs: 10_000 });
  try {
    // Whatever else a file names, keywords for example, is there as undefined.
    const symbols = (await linesOf(bird, 'show symbols'))
      .map(readSymbol)
      .filter(({ name, kind }) => name !== '' && kind !== 'undefined');
    const constants = symbols.filter(({ kind }) => kind.startsWith('constant'));
    const values: string[] = [];
    for (const { name } of constants) {
      values.push(`${name} = ${(await linesOf(bird, `eval ${name}`)).join(' ')}`);
    }
    const lines = [...symbols.map(({ name, kind }) => `${kind} ${name}`), ...values];
    return [...lines, ...(await configured(bird))].sort();
  } finally {
    bird.close();
  }
}

async function linesOf(bird: BirdConnection, command: string): Promise<string[]> {
  return (await bird.ask(command)).lines.map(({ text }) => text);
}

// "moenet_refuse\tfunction"
function readSymbol(line: string): { readonly name: string; readonly kind: string } {
  const [name = '', ...kind] = line.trim().split(/\s+/);
  return { name, kind: kind.join(' ') };
}

const kept =
  /^\s*(Channel|Table|Preference|Input filter|Output filter|Receive limit|Import limit|Export limit|Action|Neighbor|Local AS|Cache server|Status of)/;

/** Each protocol with those of its details that its configuration sets. */
async function configured(bird: BirdConnection): Promise<string[]> {
  const { lines } = await bird.ask('show protocols all');
  const blocks: string[] = [];
  for (const { code, text } of lines) {
    if (code === '1002') blocks.push(text.trim().split(/\s+/).slice(0, 3).join(' '));
    if (code === '1006' && kept.test(text))
      blocks.push(`${blocks.pop()} | ${text.trim().replace(/\s+/g, ' ')}`);
  }
  return blocks;
}
