import { z } from 'zod';
import { loadTemplates, type OwnTemplates, readOwnTemplates } from '../adapters/templates/load-templates.js';
import { untrustedTemplates } from '../adapters/templates/untrusted-templates.js';
import { wordsOf } from '../core/model/words-of.js';
import { templateNames } from '../core/render/templates.js';
import type { ReconcilerContext } from '../shell/pass/context.js';
import type { StateStore } from '../shell/ports/host.js';

type Loaded = Pick<ReconcilerContext, 'templates' | 'templateFault'>;

const documentName = 'templates';
const document = z.object({
  directory: z.string(),
  own: z.partialRecord(z.enum(templateNames), z.string()),
});

/**
 * The templates to render with. An operator's faulty templates do not replace the last good ones of the same `directory`,
 * which the state directory keeps. Without good ones, BIRD's files stay as they are.
 */
export async function loadGoodTemplates(directory: string | undefined, state: StateStore): Promise<Loaded> {
  if (directory === undefined) return { templates: await loadTemplates() };
  try {
    const own = await readTrusted(directory);
    await keep(state, { directory, own });
    return { templates: await loadTemplates(own) };
  } catch (error) {
    const kept = document.safeParse(await state.read(documentName)).data;
    const isKept = kept?.directory === directory;
    const meanwhile = isKept
      ? 'the agent uses the templates that it read there before'
      : "BIRD's files stay as they are";
    const reason = `${wordsOf(error)}; ${meanwhile}. Fix it, then run: systemctl reload moenet-agent`;
    const templates = await loadTemplates(isKept ? kept.own : {});
    return { templates, templateFault: { reason, blocksBird: !isKept } };
  }
}

async function readTrusted(directory: string): Promise<OwnTemplates> {
  const untrusted = await untrustedTemplates(directory);
  if (untrusted.length > 0) {
    const why = untrusted.join('; ');
    throw new Error(
      `templatesDir ${directory}: the agent does not use the templates in it, because others could change them: ${why}`,
    );
  }
  return readOwnTemplates(directory);
}

/** Another part of the status names a state directory that cannot be written. */
async function keep(state: StateStore, read: z.output<typeof document>): Promise<void> {
  const kept = document.safeParse(await state.read(documentName)).data;
  if (JSON.stringify(kept) !== JSON.stringify(read))
    await state.write(documentName, read).catch(() => undefined);
}
