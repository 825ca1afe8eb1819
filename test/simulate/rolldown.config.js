import { common } from '../../rolldown.config.js';

export default {
  ...common,
  input: 'test/simulate/run.ts',
  output: { dir: '.cache/simulate', format: 'esm', cleanDir: true },
};
