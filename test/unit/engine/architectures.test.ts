import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { refusedArchitectures, requireSupported } from '../../../src/engine/process/architectures.js';
import { ALL_FAMILIES } from '../../fixtures/families/allFamilies.js';
import { llamaSource } from '../../fixtures/llamaSource.js';

/** Architectures that share the code of one with experts, or read the tensors of some, but whose graph has none. */
const WITHOUT_EXPERTS: Record<string, string> = {
  bert: 'has experts only as nomic-bert-moe',
  phi3: 'has experts only as phimoe',
  ernie4_5: 'loads routers only as ernie4_5-moe',
  paddleocr: 'loads what ernie4_5 does',
  lfm2: 'declares all its layers dense',
  refact: 'has no experts in its graph',
};

describe('the table of architectures', () => {
  let routed: string[];
  beforeAll(async () => {
    routed = routedArchitectures(await llamaSource('src/llama-arch.cpp', 'src/llama-model.cpp', 'src/models'));
  }, 60_000);

  it('accounts for every architecture of the pinned llama.cpp that knows of routers', () => {
    const known = new Set([
      ...ALL_FAMILIES.map(({ architecture }) => architecture),
      ...refusedArchitectures(),
      ...Object.keys(WITHOUT_EXPERTS),
    ]);
    expect(routed.length).toBeGreaterThan(60);
    expect(routed.filter((architecture) => !known.has(architecture))).toEqual([]);
    expect([...known].filter((architecture) => !routed.includes(architecture))).toEqual([]);
  });

  it('is the README’s', async () => {
    const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');
    const section = /## Which models\n(.*?)\n## /s.exec(readme)![1]!;
    const named = new Set(section.match(/[\w-]+/g));
    for (const architecture of [...ALL_FAMILIES.map((family) => family.architecture), ...refusedArchitectures()])
      expect(named).toContain(architecture);
  });

  it('refuses in a sentence what does not write token by token', () => {
    for (const architecture of refusedArchitectures())
      expect(() => requireSupported(architecture)).toThrow(
        expect.objectContaining({
          reason: 'model-unsupported',
          message: expect.stringMatching(/^Models of the architecture ".*" cannot be steered: .*\.$/) as string,
        }),
      );
  });

  it('refuses none that the families prove', () => {
    for (const { architecture } of ALL_FAMILIES) expect(() => requireSupported(architecture)).not.toThrow();
  });
});

/**
 * Names of the architectures whose class, or one that it derives from, loads a router (FFN_GATE_INP) or builds routed
 * experts (build_moe_ffn).
 */
function routedArchitectures(source: Map<string, string>): string[] {
  const read = (path: string): string => source.get(path) ?? '';
  const names = new Map(
    [...read('src/llama-arch.cpp').matchAll(/\{\s*LLM_ARCH_(\w+),\s*"([^"]+)"\s*\}/g)].map(([, id, name]) => [
      id!,
      name!,
    ]),
  );
  const bases = new Map(
    [...read('src/models/models.h').matchAll(/struct llama_model_(\w+) : public llama_model_(\w+)/g)].map(
      ([, derived, base]) => [derived!, base!],
    ),
  );
  const knowsRouters = (model: string): boolean => {
    const code = read(`src/models/${model.replaceAll('_', '-')}.cpp`);
    if (/LLM_TENSOR_FFN_GATE_INP,|build_moe_ffn\(/.test(code)) return true;
    const base = bases.get(model);
    return base !== undefined && base !== 'base' && knowsRouters(base);
  };
  return [...read('src/llama-model.cpp').matchAll(/case LLM_ARCH_(\w+):\s*return new llama_model_(\w+)\(/g)]
    .filter(([, , model]) => knowsRouters(model!))
    .map(([, id]) => names.get(id!)!);
}
