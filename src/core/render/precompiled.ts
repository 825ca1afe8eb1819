/**
 * The shipped templates, compiled, by their texts. Empty here: the build puts another file in the place of this one
 * (`.release/precompiled-templates.mjs`).
 */
export const precompiled: ReadonlyMap<string, TemplateSpecification> = new Map();
