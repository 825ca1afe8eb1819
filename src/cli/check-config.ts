import type { ConfigCheck } from '../config/check.js';
import { counted, printable } from '../words/text.js';
import { type Context, exitCodes } from './commands.js';
import { printAnswer } from './terminal/text.js';

/** `moenet-agent check-config [FILE]`: 0 the agent starts with it; 78 it does not, with every problem and its remedy. */
export async function checkConfigCommand(context: Context, file: string | undefined): Promise<number> {
  const { io, configPath } = context;
  const { checkConfig } = await import('../config/check.js');
  const check = await checkConfig({ path: file ?? configPath, env: io.env, cwd: io.cwd });
  await printAnswer(context, check, describe);
  return check.ok ? 0 : exitCodes.config;
}

function describe({ file = 'the configuration', ok, problems, warnings }: ConfigCheck): string {
  const some = warnings.length > 0 ? `, with ${counted(warnings.length, 'warning')}` : '';
  const verdict = ok ? `ok${some}` : counted(problems.length, 'problem');
  return [`${printable(file)}: ${verdict}`, ...[...problems, ...warnings].map(describeFinding), ''].join(
    '\n',
  );
}

function describeFinding({ line, path, message }: ConfigCheck['problems'][number]): string {
  const isInWords = line === undefined || message.startsWith(`line ${line},`);
  return `  ${isInWords ? '' : `line ${line}: `}${printable(path === '' ? message : `${path}: ${message}`)}`;
}
