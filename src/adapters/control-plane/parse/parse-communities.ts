import { z } from 'zod';
import type { CommunityTable } from '../../../core/model/control-plane.js';
import { integer } from '../../../core/model/values/integer.js';
import { explainIssues } from './fields.js';
import { isRaw, kindOf, present } from './json.js';

/** The values of one community: two of 16 bits (RFC 1997), or three of 32 bits (RFC 8092). */
export const standardCommunity = z.tuple([value(65_535), value(65_535)]);
export const largeCommunity = z.tuple([value(4_294_967_295), value(4_294_967_295), value(4_294_967_295)]);

function value(max: number) {
  return integer(`a number from 0 to ${max}`, 0, max);
}

/**
 * A table of communities by group and name. Both become part of BIRD's identifiers, so only words of letters, digits
 * and "_" are let in. What is not understood is left out, with its reason in `refused`.
 */
export function parseCommunities(
  source: unknown,
  schema: z.ZodType<readonly number[]>,
  where: string,
  refused: string[],
): CommunityTable {
  return namedEntries(source, where, refused, (group, groupPath) =>
    namedEntries(group, groupPath, refused, (community, path) => {
      const result = schema.safeParse(community);
      if (result.success) return result.data;
      refused.push(explainIssues(result.error, community, [path]));
      return undefined;
    }),
  );
}

function namedEntries<T>(
  source: unknown,
  where: string,
  refused: string[],
  parse: (value: unknown, path: string) => T | undefined,
): Readonly<Record<string, T>> {
  if (present(source) === undefined) return {};
  if (!isRaw(source)) {
    refused.push(`${where}: ${kindOf(source)}, not an object`);
    return {};
  }
  const entries = Object.entries(source).flatMap(([name, item]): [string, T][] => {
    if (!isName(name)) {
      refused.push(`${where}: ${JSON.stringify(name).slice(0, 60)} is not a name of letters, digits and "_"`);
      return [];
    }
    const parsed = parse(item, `${where}.${name}`);
    return parsed === undefined ? [] : [[name, parsed]];
  });
  return Object.fromEntries(entries);
}

function isName(name: string): boolean {
  return /^[A-Za-z0-9_]{1,40}$/.test(name) && name !== '__proto__';
}
