import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bashCompletion } from '../../../src/cli/completion/bash.js';
import { fishCompletion } from '../../../src/cli/completion/fish.js';
import { zshCompletion } from '../../../src/cli/completion/zsh.js';
import { run } from '../../../src/platform/exec.js';
import { tree } from './tree.js';

let directory = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'moenet-agent-completion-'));
  await writeFile(join(directory, 'bash'), bashCompletion(tree));
  await writeFile(join(directory, '_moenet-agent'), zshCompletion(tree));
  await writeFile(join(directory, 'fish'), fishCompletion(tree));
  await writeFile(join(directory, 'some config.json'), '{}');
});
afterAll(() => rm(directory, { recursive: true }));

/** What each shell offers at the end of the line; files lie in its working directory. */
const lines: readonly (readonly [line: string, offered: readonly string[]])[] = [
  ['moenet-agent st', ['status']],
  ['moenet-agent bird ', ['restart']],
  ['moenet-agent maintenance o', ['off', 'on']],
  ['moenet-agent --json maintenance o', ['off', 'on']],
  ['moenet-agent -c bird maintenance o', ['off', 'on']],
  ['moenet-agent completion ', ['bash', 'fish', 'zsh']],
  ['moenet-agent help tem', ['template']],
  ['moenet-agent template wire', ['wireguard.conf.hbs']],
  ['moenet-agent plan --of', ['--offline']],
  ['moenet-agent plan --log-level d', ['debug']],
  ['moenet-agent lab --dialect ', ['documented', 'moenet-core']],
  ['moenet-agent plan --sessions some', ['some config.json']],
  ['moenet-agent status --of', []],
  ['moenet-agent resync --session ', []],
];

describe('bash', () => {
  const completed = async (words: readonly string[]) => {
    // As readline calls it: the words are those between blanks and at "=".
    const script = `
      cd "$1" && source ./bash && shift && complete -p moenet-agent >/dev/null || exit
      COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) && _moenet_agent
      ((\${#COMPREPLY[@]} == 0)) || printf '%s\\n' "\${COMPREPLY[@]}"`;
    return sorted((await run('bash', ['--norc', '-uc', script, 'bash', directory, ...words])).stdout);
  };

  it.each(lines)('%s', async (line, offered) => {
    expect(await completed(line.split(' '))).toEqual(offered);
  });

  it('an option and its value joined by "="', async () => {
    expect(await completed(['moenet-agent', '--log-level', '='])).toContain('silent');
    expect(await completed(['moenet-agent', 'plan', '--log-level', '=', 'd'])).toEqual(['debug']);
    const after = ['moenet-agent', '--config', '=', 'bird', 'maintenance', 'o'];
    expect(await completed(after)).toEqual(['off', 'on']);
  });
});

describe('fish', () => {
  it.each(lines)('%s', async (line, offered) => {
    const script = `cd ${directory}; source ./fish; complete -C ${JSON.stringify(line)}`;
    const { stdout } = await run('fish', ['--no-config', '-c', script]);
    const words = stdout.split('\n').map((each) => each.split('\t')[0] ?? '');
    expect(sorted(words.join('\n'))).toEqual(offered);
  });
});

describe('zsh', () => {
  // Only in a terminal does it complete: the line is typed, and the command says what it was called with.
  it.each([
    ['moenet-agent st\t', 'status'],
    ['moenet-agent bird \t', 'bird restart'],
    ['moenet-agent --json maintenance of\t', '--json maintenance off'],
    ['moenet-agent plan --of\t', 'plan --offline'],
    ['moenet-agent plan --log-level d\t', 'plan --log-level debug'],
    ['moenet-agent template wire\t', 'template wireguard.conf.hbs'],
    ['moenet-agent plan --sessions some\t', 'plan --sessions some config.json'],
  ])('%j', async (typed, called) => {
    const script = `
      zmodload zsh/zpty
      zpty terminal zsh -f -i
      zpty -w terminal "cd $1; PS1=; unsetopt beep; fpath=($1 \\$fpath); autoload -Uz compinit; compinit -D -u; moenet-agent() { print \\"called: \\$* .\\" }; print REA''DY"
      zpty -r terminal out '*READY*'
      zpty -wn terminal "$2"$'\\n'
      zpty -r terminal out '*called: * .*'
      print -r -- "$out"
      zpty -d terminal`;
    const { stdout } = await run('zsh', ['-fc', script, 'zsh', directory, typed], { timeoutMs: 30_000 });
    expect(stdout).toContain(`called: ${called} .`);
  });
});

function sorted(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .sort();
}
