import type { PageFiles } from '../http/page-files.js';
import style from '../page/app.css?raw';
import icon from '../page/icon.svg?raw';
import html from '../page/index.html?raw';
import script from '../page/main.tsx?raw';

/** The page of the node, which the program carries. */
export const pageFiles: PageFiles = { html, script, style, icon };
