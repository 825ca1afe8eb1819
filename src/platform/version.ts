import { readFileSync } from 'node:fs';
import { packageDirectory } from './package-directory.js';

/** The package's version. */
export const version: string = JSON.parse(readFileSync(`${packageDirectory}package.json`, 'utf8')).version;
