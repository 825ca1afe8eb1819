import style from '../../page/app.css?raw';
import icon from '../../page/icon.svg?raw';
import html from '../../page/lab/index.html?raw';
import labStyle from '../../page/lab/lab.css?raw';
import script from '../../page/lab/main.tsx?raw';

/** What the browser gets of the lab's page besides data. */
export const labPageFiles = { html, script, style, labStyle, icon };

export type LabPageFiles = typeof labPageFiles;
