import { sealOf } from '../desired/hand-edits.js';
import type { BirdFile } from '../model/artifacts.js';
import { formatMark } from '../model/owner.js';
import { fill, type View } from './fill.js';
import type { TemplateName, Templates } from './templates.js';

// 4,000 bytes of UTF-8 at the most: a string of 4,096 bytes crashes BIRD, also while it only checks a file.
const maxLineLength = 1_300;

export type MakeFile = (template: TemplateName, file: Omit<BirdFile, 'content'>, view: View) => BirdFile;

// A view that shows the same as in the last round may be the same object.
const viewTexts = new WeakMap<View, string>();

function textOf(view: View): string {
  const text = viewTexts.get(view) ?? JSON.stringify(view);
  viewTexts.set(view, text);
  return text;
}

// By what they were made from.
const lastFiles = new WeakMap<Templates, ReadonlyMap<string, BirdFile>>();

/**
 * Renders files as `birdFile`; what was the same in the last round is the same object as there. `keep` ends the round. Most passes change
 * nothing, and to render everything again would take most of their time.
 */
export function rememberedFiles(templates: Templates): { readonly make: MakeFile; keep(): void } {
  const last = lastFiles.get(templates);
  const files = new Map<string, BirdFile>();
  return {
    make: (template, file, view) => {
      const key = `${template} ${JSON.stringify(file)} ${textOf(view)}`;
      const made = last?.get(key) ?? birdFile(templates, template, file, view);
      files.set(key, made);
      return made;
    },
    keep: () => void lastFiles.set(templates, files),
  };
}

/**
 * Renders one file. Its first line is the owner's mark, by which the agent recognises its files; the first three
 * lines do not depend on the template, which may be an operator's.
 */
function birdFile(
  templates: Templates,
  template: TemplateName,
  { path, owner }: Omit<BirdFile, 'content'>,
  view: View,
): BirdFile {
  const body = tidy(fill(templates, template, view));
  const long = body.split('\n').findIndex((line) => line.length > maxLineLength);
  if (long >= 0) throw new Error(`template ${template}: line ${long + 1} is too long for BIRD`);
  return { path, owner, content: `# ${formatMark(owner)}\n${noticeOf(template)}\n${sealOf(`\n${body}\n`)}` };
}

/** True for the text of a file that the agent rendered from this template. */
export function isOfTemplate(text: string, template: TemplateName): boolean {
  return text.split('\n', 2)[1] === noticeOf(template);
}

function noticeOf(template: TemplateName): string {
  return `# Made by moenet-agent, which undoes edits; the text is from its template ${template}.`;
}

/** Omitted parts of a template leave empty lines. */
function tidy(text: string): string {
  return text.trim().replace(/\n{3,}/g, '\n\n');
}
