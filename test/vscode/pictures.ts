/** Copies the pictures that the tests took into media/screenshots, where the README shows them. */
import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { artifacts, checkout, made } from './harness/folders.js';

/** What the README shows, in which theme. */
const SHOWN = { sidebar: 'light', charts: 'light', playground: 'dark' };

const target = made(join(checkout, 'media/screenshots'));
for (const [name, theme] of Object.entries(SHOWN)) {
  const ending = `-${name}.png`;
  const file = readdirSync(artifacts).find((file) => file.startsWith(`pictures-${theme}-`) && file.endsWith(ending));
  if (file === undefined) throw new Error(`The tests took no picture of the ${name} in the ${theme} theme.`);
  copyFileSync(join(artifacts, file), join(target, `${name}-${theme}.png`));
}
