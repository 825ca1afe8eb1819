import type { Dialect } from './dialect.js';
import { documented } from './documented.js';
import { moenetCore } from './moenet-core.js';
import type { Wire } from './wire.js';

export const wires: Readonly<Record<Dialect, Wire>> = { documented, 'moenet-core': moenetCore };
