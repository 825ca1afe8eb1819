import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { keyRows } from '../../src/cli/manual/key-rows.js';
import { makeProgram } from '../../src/cli/program/program.js';
import { configSchema } from '../../src/config/schema.js';
import { documents, read } from './documents.js';

const packageScripts = Object.keys(JSON.parse(read('package.json')).scripts);

/** The lines of the blocks that a reader may paste into a shell, without comments. */
function shellLines(text: string): string[] {
  return [...text.matchAll(/^( *)```sh\n(.*?)^\1```/gms)]
    .flatMap(([, , block = '']) => block.split('\n'))
    .map((line) => line.replace(/(^|\s)#.*/, '').trim());
}

interface Named {
  readonly command: string;
  /** In a sentence a command may stand without its arguments. */
  readonly isMention: boolean;
}

/** The single commands of a document: of its shell blocks, and those in its sentences. */
function commandsOf(text: string): Named[] {
  const inSentences = [...text.matchAll(/`((?:moenet-agent|npm) [^`\n]+)`/g)].map(([, code = '']) => code);
  return [...split(shellLines(text), false), ...split(inSentences, true)];
}

function split(lines: readonly string[], isMention: boolean): Named[] {
  return lines.flatMap((line) =>
    line.split(/\s*(?:&&|\|\||\\?\||;|>)\s*/).map((command) => ({ command: command.trim(), isMention })),
  );
}

class Parsed extends Error {}

/** Why the program does not take the command line; undefined where it does. */
function refusal(args: readonly string[], isMention = false): string | undefined {
  const program = makeProgram(
    '1',
    () => {
      throw new Parsed();
    },
    () => undefined,
  );
  for (const command of [program, ...program.commands])
    command.configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
  const [first = ''] = args;
  const names = [...program.commands.map((command) => command.name()), 'help'];
  if (/^[a-z]/.test(first) && !names.includes(first)) return `there is no command ${first}`;
  try {
    program.parse([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof Parsed) return undefined;
    const isGood =
      error instanceof CommanderError &&
      (error.exitCode === 0 || (isMention && error.code === 'commander.missingArgument'));
    return isGood ? undefined : String(error);
  }
  return undefined;
}

it('a command that there is not is found', () => {
  expect(refusal(['teleport'])).toBeDefined();
  expect(refusal(['plan', '--dif'])).toBeDefined();
  expect(refusal(['maintenance', 'perhaps'])).toBeDefined();
  expect(refusal(['plan', '--diff'])).toBeUndefined();
});

describe.each(documents)('%s', (path) => {
  const text = read(path);

  it('has only commands and options that the program takes', () => {
    const own = commandsOf(text).filter(
      ({ command }) => /^(?:sudo )?\S*moenet-agent [-a-z]/.test(command) && !/[[<…]/.test(command),
    );
    const refused = own.flatMap(({ command, isMention }) => {
      const why = refusal(command.replace(/^(?:sudo )?\S+ /, '').split(/\s+/), isMention);
      return why === undefined ? [] : [`${command}: ${why}`];
    });
    expect(refused).toEqual([]);
  });

  it('has only scripts that package.json has', () => {
    const named = commandsOf(text).flatMap(({ command }) => command.match(/\bnpm run ([\w:-]+)/)?.[1] ?? []);
    expect(named.filter((name) => !packageScripts.includes(name))).toEqual([]);
  });

  it('has only keys of the configuration that there are', () => {
    const keys = keyRows(configSchema).map(({ key }) => key.replaceAll('`', ''));
    expect(keys).toContain('bird.kernelTable');
    const sections = new Set(keys.map((key) => key.split('.')[0] ?? ''));
    const named = [...text.matchAll(/`([a-z][A-Za-z]*)((?:\.[a-z][A-Za-z]*)+)`/g)]
      .filter(([, section = '']) => sections.has(section))
      .map(([, section, rest]) => `${section}${rest}`);
    const isKnown = (name: string) => keys.some((key) => key === name || key.startsWith(`${name}.`));
    expect(
      named.filter((name) => !isKnown(name) && !/\.(?:conf|json|md|ts|ctl|sock|key|orig)$/.test(name)),
    ).toEqual([]);
  });
});
