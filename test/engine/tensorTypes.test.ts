import { expect, it } from 'vitest';
import { getLlama } from 'node-llama-cpp';
import { TENSOR_TYPES } from '../../src/engine/process/gguf/tensorTypes.js';

interface TypeSizes {
  getTypeSizeForGgmlType(type: number): number | undefined;
  getBlockSizeForGgmlType(type: number): number | undefined;
}

it('ggml stores its types as the pre-check believes, and has no others', async () => {
  const llama = await getLlama({ gpu: false, build: 'never', skipDownload: true, progressLogs: false });
  const ggml = (llama as unknown as { _bindings: TypeSizes })._bindings;
  try {
    for (let type = 0; type < 64; type++) {
      const block = ggml.getBlockSizeForGgmlType(type) ?? 0;
      const known = TENSOR_TYPES.get(type);
      if (block === 0) expect(known, `type ${type}`).toBeUndefined();
      else expect(known, `type ${type}`).toMatchObject({ block, bytes: ggml.getTypeSizeForGgmlType(type) });
    }
  } finally {
    await llama.dispose();
  }
});
