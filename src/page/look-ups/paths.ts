export interface Path {
  readonly network: string;
  readonly isBest: boolean;
  readonly protocol: string;
  /** Empty: our own. */
  readonly asns: readonly string[];
}

/** The lines of the look-up `path`: `172.20.0.0/24 * dn42_4242420001: 4242420001 4242420002`. */
export function parsePaths(text: string): readonly Path[] {
  return text.split('\n').flatMap((line) => {
    const [, network, star, protocol, path] = /^(\S+\/\d+) ([* ]) ([\w.-]+): (.*)$/.exec(line) ?? [];
    if (network === undefined || protocol === undefined || path === undefined) return [];
    const asns = path === 'local' ? [] : path.split(/\s+/).filter(Boolean);
    return [{ network, isBest: star === '*', protocol, asns }];
  });
}
