/** Copies the pictures that the tests took into media/screenshots, where the README shows them. */
import { copyFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { artifacts, checkout, made } from './harness/folders.js';

const target = made(join(checkout, 'media/screenshots'));
for (const file of readdirSync(artifacts)) {
  const picture = /^pictures-(light|dark)-\d+-(sidebar|charts|playground)\.png$/.exec(file);
  if (picture) copyFileSync(join(artifacts, file), join(target, `${picture[2]}-${picture[1]}.png`));
}
