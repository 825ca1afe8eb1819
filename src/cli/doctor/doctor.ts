import { ConfigError } from '../../config/config-error.js';
import type { Diagnosis } from '../../doctor/finding.js';
import type { Configuration } from '../../wire/diagnose.js';
import type { Context } from '../commands.js';
import { screenOf } from '../terminal/screen.js';
import { toJson } from '../terminal/text.js';
import { renderDiagnosis } from './view.js';

/** `moenet-agent doctor`: 0 without a fault, 1 with one. */
export async function doctorCommand(context: Context): Promise<number> {
  const { io, json, commands } = context;
  const diagnosis: Diagnosis = await commands.diagnose(await findConfiguration(context));
  io.stdout.write(json ? toJson(diagnosis) : renderDiagnosis(diagnosis, screenOf(io)));
  return diagnosis.ok ? 0 : 1;
}

/** A configuration that cannot be used is a finding like any other. */
export async function findConfiguration({ load }: Context): Promise<Configuration> {
  try {
    const { config, warnings, path } = await load();
    return { config, warnings, path, problems: [] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const problems = error.problems.map(({ path, message }) =>
      path === '' ? message : `${path}: ${message}`,
    );
    return { config: undefined, path: error.file, warnings: [], problems };
  }
}
