import { common } from '../../rolldown.config.js';

export default {
  ...common,
  input: 'test/bench/run.ts',
  output: { dir: '.cache/bench/program', format: 'esm', cleanDir: true },
};
