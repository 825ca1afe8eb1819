// The keys of the previous agents' configuration files for the settings in `bootstrap`.
const previousKeys = [
  { key: 'apiUrl', section: 'controlPlane', name: 'url' },
  { key: 'token', section: 'controlPlane', name: 'token' },
  { key: 'nodeName', section: 'node', name: 'name' },
] as const;

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads a previous agent's file: its control plane, token and node name move into `bootstrap`, unless `bootstrap` has them.
 * Its other keys stay: those with a name of ours have the same meaning, the rest is unknown.
 */
export function withPreviousKeys(document: unknown): unknown {
  if (!isObject(document)) return document;
  return previousKeys.reduce((moved, { key, section, name }) => move(moved, key, section, name), document);
}

function move(document: Json, key: string, section: string, name: string): Json {
  const { [section]: source, ...others } = document;
  const bootstrap = others['bootstrap'] ?? {};
  if (!isObject(source) || !Object.hasOwn(source, name) || !isObject(bootstrap)) return document;
  const { [name]: value, ...rest } = source;
  return {
    ...others,
    bootstrap: { [key]: value, ...bootstrap },
    ...(Object.keys(rest).length > 0 ? { [section]: rest } : {}),
  };
}

/** True for a JSON object. */
export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
