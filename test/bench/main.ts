/** npm run bench [-- --out FILE]: speed and memory against plain llama.cpp, as ratios within this one run. */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { ensureModel } from '../fixtures/models/ensure.js';
import { olmoeBench, qwen3Bench } from '../fixtures/models/presets.js';
import { holds, line, type Figure } from './bench.js';
import { loadHere } from './benchModel.js';
import { captureBench } from './captureBench.js';
import { memoryBench, startBench } from './processBench.js';
import { steeringBench } from './steeringBench.js';

const DEMO = fileURLToPath(new URL('../media/demo/demo.gguf', import.meta.url));
const out = process.argv.includes('--out') ? process.argv[process.argv.indexOf('--out') + 1] : undefined;

const figures: Figure[] = [];
function report(more: Figure[]): void {
  for (const figure of more) console.log(line(figure));
  figures.push(...more);
}

console.log(
  `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} logical processors, Node ${process.version}\n`,
);
report([await startBench(DEMO, 7)]);
const olmoe = await ensureModel(olmoeBench());
if (process.platform === 'linux') report(await memoryBench(olmoe, 'OLMoE 16 x 64'));
for (const [path, shape, bounds] of [
  [olmoe, 'OLMoE 16 x 64', true],
  [await ensureModel(qwen3Bench()), 'Qwen3 48 x 128', false],
] as const) {
  const model = await loadHere(path);
  report(await captureBench(model, shape));
  report(await steeringBench(model, shape, bounds));
  model.free();
}
if (out) writeFileSync(out, `${JSON.stringify({ cpu: cpus()[0]?.model, node: process.version, figures }, null, 2)}\n`);
// Bounds are for reading, not for failing: a busy machine is no regression.
const failing = figures.filter((figure) => holds(figure) === false).length;
console.log(`\n${figures.filter((figure) => holds(figure)).length} bounds hold, ${failing} do not.`);
process.exit(0);
