import { type Constants, numberOf, readConstants } from '../bird-syntax/constants.js';
import { nameProtocols } from '../bird-syntax/protocols.js';
import { type Statement, splitDeclarations, splitStatements } from '../bird-syntax/statements.js';
import { type SourcePiece, tokenize } from '../bird-syntax/tokens.js';
import { type PreviousBgp, readBgp } from './previous-bgp.js';

/** What the agent needs to know of a configuration that is not its own. */
export interface PreviousConfig {
  readonly bgp: readonly PreviousBgp[];
  readonly hostname: string | undefined;
  /** Kernel protocol → seconds between its scans; undefined where that is unknown. */
  readonly scanTimes: ReadonlyMap<string, number | undefined>;
  readonly constants: Constants;
}

/** Reads a whole configuration. Throws where its braces do not match. */
export function readPreviousConfig(source: readonly SourcePiece[]): PreviousConfig {
  const statements = splitDeclarations(tokenize(source));
  const constants = readConstants(statements);
  return {
    bgp: readBgp(statements, constants),
    scanTimes: scanTimesOf(statements, constants),
    hostname: globalString(statements, 'hostname'),
    constants,
  };
}

const defaultScanTime = 60;

function scanTimesOf(
  statements: readonly Statement[],
  constants: Constants,
): ReadonlyMap<string, number | undefined> {
  const kernels = nameProtocols(statements).filter(({ type }) => type === 'kernel');
  return new Map(
    kernels.map(({ name, block }) => {
      const scan = splitStatements(block).findLast(({ words }) => words[0]?.text === 'scan');
      return [name, scan ? numberOf(scan.words[2], constants) : defaultScanTime] as const;
    }),
  );
}

function globalString(statements: readonly Statement[], keyword: string): string | undefined {
  const found = statements.findLast(({ words }) => words[0]?.text === keyword);
  return found?.words[1]?.kind === 'string' ? found.words[1].text : undefined;
}
