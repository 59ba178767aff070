import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { HumanError } from '../../core/humanError.js';
import type { PairSet } from '../../core/pairs/pair.js';
import { parsePairs } from '../../core/pairs/parsePairs.js';
import { packageFile } from '../packageFile.js';
import { readAs, readBytes } from '../readText.js';
import type { HeldOutPrompt } from './judge.js';

/** How many experts to switch toward a side of a behaviour. */
export interface Recipe {
  on: number;
  off: number;
}

export interface Behaviour {
  /** The name of its files, for instance "digits-or-words". */
  id: string;
  pairsFile: string;
  set: PairSet;
  heldOut: HeldOutPrompt[];
  recipe: { a: Recipe; b: Recipe };
}

const pattern = z.object({ a: z.string(), b: z.string() });
const head = z.object({ marks: pattern.optional(), expect: pattern.optional() });
const line = head.extend({ prompt: z.string().min(1) });
const count = z.int().min(0);
const recipe = z.object({ on: count, off: count });
const recipes = z.record(z.string(), z.object({ a: recipe, b: recipe }));

/** The demo model and what belongs to it: media/demo, or a folder that is laid out like it. */
export class DemoFolder {
  private readonly folder: string;

  constructor(folder?: string) {
    this.folder = folder === undefined ? packageFile('media/demo') : resolve(folder);
  }

  get model(): string {
    return join(this.folder, 'demo.gguf');
  }

  /** The behaviours that the model was trained on, by name. */
  async list(): Promise<string[]> {
    const names = await readdir(this.folder).catch(() => []);
    return names
      .flatMap((name) => (name.endsWith('.pairs.jsonl') ? [name.slice(0, -'.pairs.jsonl'.length)] : []))
      .sort();
  }

  async behaviour(id: string): Promise<Behaviour> {
    const pairsFile = join(this.folder, `${id}.pairs.jsonl`);
    const { set } = parsePairs(await readBytes(pairsFile), pairsFile);
    const heldOut = await readAs(join(this.folder, 'heldout', `${id}.jsonl`), parseHeldOut);
    const all = await readAs(join(this.folder, 'recipes.json'), (text) => recipes.parse(JSON.parse(text)));
    const found = all[id];
    if (!found)
      throw new HumanError('file-invalid', `recipes.json of the demo does not name ${id}.`, 'Install SteerMoE anew.');
    return { id, pairsFile, set, heldOut, recipe: found };
  }
}

/** Held-out lines; `marks` and `expect` of the first line hold where a line has none of its own. */
export function parseHeldOut(text: string): HeldOutPrompt[] {
  const [first, ...rest] = text.split('\n').filter((row) => row.trim() !== '');
  const shared = head.parse(JSON.parse(first ?? '{}'));
  return rest.map((row) => {
    const own = line.parse(JSON.parse(row));
    const marks = own.marks ?? shared.marks;
    const expect = own.expect ?? shared.expect;
    if (!marks || !expect)
      throw new HumanError('file-invalid', 'A held-out line has no marks or expect.', 'Install SteerMoE anew.');
    return {
      prompt: own.prompt,
      marks: { a: new RegExp(marks.a), b: new RegExp(marks.b) },
      expect: { a: whole(expect.a), b: whole(expect.b) },
    };
  });
}

function whole(source: string): RegExp {
  return new RegExp(`^(?:${source})$`);
}
