import { dirname, resolve } from 'node:path';
import { Secret } from '../core/model/values/secret.js';
import type { AgentConfig } from './agent-config.js';
import { ConfigError, type ConfigProblem } from './config-error.js';
import { defaultPaths, type Env, type FoundFile, findConfigFile, type LoadOptions } from './find.js';
import { JsonSyntaxError, parseJsonText } from './json-text.js';
import { isObject, withPreviousKeys } from './previous-keys.js';
import { findProxy } from './proxy.js';
import { configSchema } from './schema.js';
import { toAgentConfig } from './to-agent-config.js';
import { findMetricsToken, findToken } from './token.js';
import { findUnknownKeys } from './unknown-keys.js';
import { findWarnings } from './warnings.js';

export interface LoadedConfig {
  readonly config: AgentConfig;
  /** One sentence each: unknown keys, a token that others can read, a token sent without encryption. */
  readonly warnings: readonly string[];
  readonly path: string | undefined;
  /** The configuration file and those of the tokens, where they are files. */
  readonly files: readonly string[];
}

/** Loads the configuration. Throws `ConfigError` with every problem at once. */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const file = await findConfigFile(options);
  const told = withEnvironment(withPreviousKeys(file ? parseFile(file) : {}), options.env);
  const document = options.withoutBootstrap ? withAnyBootstrap(told) : told;
  const baseDir = file ? dirname(file.path) : options.cwd;

  const parsed = configSchema.safeParse(document);
  const unknownKeys = findUnknownKeys(configSchema, document);
  const token = options.withoutToken
    ? { token: new Secret(''), warnings: [] }
    : await findToken(bootstrapOf(document), options.env, baseDir);
  const metricsToken = options.withoutToken
    ? undefined
    : await findMetricsToken(
        sectionOf(document, 'server')['metricsTokenFile'],
        baseDir,
        'token' in token ? token.token : new Secret(''),
      );
  const lacksMetricsToken = metricsToken !== undefined && 'problem' in metricsToken;
  if (!parsed.success || 'problem' in token || lacksMetricsToken) {
    const found = (parsed.error?.issues ?? []).map(({ path, message }) => ({
      path: path.join('.'),
      message,
    }));
    const problems = [
      ...found,
      ...('problem' in token && !isTold(found) ? [token.problem] : []),
      ...(lacksMetricsToken ? [metricsToken.problem] : []),
    ];
    // A missing key may be there under a misspelled name.
    problems.push(...unknownKeys.map((message) => ({ path: '', message })));
    throw new ConfigError(
      file?.path,
      problems,
      file ? undefined : notFound(options.systemPaths ?? defaultPaths),
    );
  }
  const { proxy, warnings: ofProxy } = findProxy(parsed.data.bootstrap.apiUrl, options.env);
  const config: AgentConfig = {
    ...toAgentConfig(parsed.data, { token: token.token, proxy, metricsToken: metricsToken?.token }, baseDir),
    unit: { helpersDir: options.env['MOENET_HELPERS'], sysctlsDir: options.env['MOENET_SYSCTLS'] },
  };
  const warnings = [
    ...unknownKeys,
    ...findWarnings(config, file, bootstrapOf(document)['token'] !== undefined),
    ...token.warnings,
    ...(metricsToken?.warnings ?? []),
    ...ofProxy,
  ];
  const tokenFiles = [bootstrapOf(document)['tokenFile'], parsed.data.server.metricsTokenFile];
  const files = [
    file?.path,
    ...tokenFiles.map((each) => (typeof each === 'string' ? resolve(baseDir, each) : undefined)),
  ];
  return { config, warnings, path: file?.path, files: files.filter((path) => path !== undefined) };
}

function parseFile(file: FoundFile): unknown {
  try {
    const document = parseJsonText(file.text);
    if (isObject(document)) return document;
    throw new JsonSyntaxError(['it does not hold a JSON object ({...})']);
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw new ConfigError(
      file.path,
      error.problems.map((message) => ({ path: '', message })),
    );
  }
}

function overlay(below: unknown, above: unknown): unknown {
  if (!isObject(below) || !isObject(above)) return above;
  const keys = new Set([...Object.keys(below), ...Object.keys(above)]);
  return Object.fromEntries(
    [...keys].map((key) => [key, Object.hasOwn(above, key) ? overlay(below[key], above[key]) : below[key]]),
  );
}

/** The environment says what the file does not. */
function withEnvironment(document: unknown, env: Env): unknown {
  const fallback = Object.fromEntries(
    Object.entries({ apiUrl: env['MOENET_CP_URL'], nodeName: env['MOENET_NODE_NAME'] }).filter(
      ([, value]) => value,
    ),
  );
  return overlay({ bootstrap: fallback }, document);
}

/** Names that stand for nobody, where there are none. */
function withAnyBootstrap(document: unknown): unknown {
  const { apiUrl, nodeName } = bootstrapOf(document);
  const bootstrap = { apiUrl: apiUrl || 'https://control-plane.invalid', nodeName: nodeName || 'unnamed' };
  return overlay(document, { bootstrap });
}

function bootstrapOf(document: unknown): Readonly<Record<string, unknown>> {
  return sectionOf(document, 'bootstrap');
}

function sectionOf(document: unknown, name: string): Readonly<Record<string, unknown>> {
  const section = isObject(document) ? document[name] : undefined;
  return isObject(section) ? section : {};
}

/** True where the schema has already reported the key that hides the token. */
function isTold(problems: readonly ConfigProblem[]): boolean {
  return problems.some(({ path }) => path === 'bootstrap' || path.startsWith('bootstrap.token'));
}

function notFound(systemPaths: readonly string[]): string {
  return `(neither -c nor MOENET_CONFIG names a file, and there is no ${systemPaths.join(', no ')}; a config.json in the working directory is read only where -c names it)`;
}
