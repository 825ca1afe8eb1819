import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node';

/** After everything: prints the table of what the tests found, as a document has it. */
export abstract class MarkdownTable implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  async onTestRunEnd(modules: readonly TestModule[]): Promise<void> {
    const [head = [], ...rows] = await this.rows(
      modules.flatMap((module) => [...module.children.allTests()]),
    );
    const lines = [head, head.map(() => '---'), ...rows];
    this.#vitest?.logger.log(`\n${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`);
  }

  /** The cells of each row, the head first. */
  protected abstract rows(tests: readonly TestCase[]): Promise<readonly (readonly string[])[]>;
}
