import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { GgufFileType, readGgufFileInfo, type GgufFileInfo, type GgufTensorInfo } from 'node-llama-cpp';
import { HumanError } from '../../core/humanError.js';
import type { ModelDescription } from '../../core/model.js';
import type { RoutingTraits } from './architectures.js';

export interface Inspection {
  description: ModelDescription;
  traits: RoutingTraits;
}

const ROUTER = /^blk\.(\d+)\.ffn_gate_inp\.weight$/;

/** Long lists that nothing here asks for: as JavaScript values they would take tens of megabytes. */
const VOCABULARY = ['tokens', 'scores', 'token_type', 'merges'].map((key) => `tokenizer.ggml.${key}`);

/** Bytes of each router that go into the fingerprint: enough to tell a fine-tune from its base, quick to read. */
const ROUTER_SAMPLE = 4096;

/** Reads what a GGUF says of itself, without its weights. Throws HumanError for what is no MoE model. */
export async function inspect(path: string): Promise<Inspection> {
  await requireGguf(path);
  let info: GgufFileInfo;
  try {
    info = await readGgufFileInfo(path, { sourceType: 'filesystem', logWarnings: false, ignoreKeys: VOCABULARY });
  } catch (error) {
    throw broken(path, error instanceof Error ? error.message : String(error));
  }
  if (info.version !== 2 && info.version !== 3)
    throw broken(path, `its format version ${info.version} is not one that llama.cpp reads (2 or 3)`);
  // A file may say anything: the library's types describe a good one.
  const metadata = info.metadata as unknown as Record<string, Record<string, unknown> | undefined>;
  const { general = {}, tokenizer = {} } = metadata;
  const { architecture, name, file_type: fileType } = general;
  if (typeof architecture !== 'string') throw broken(path, 'its metadata names no architecture');
  const facts = metadata[architecture] ?? {};
  const tensors = info.fullTensorInfo ?? [];
  const layers = count(facts['block_count']);
  if (layers === 0 || tensors.length === 0) throw broken(path, 'it holds no layers');
  // The reader takes a table that was cut off for tensors without names.
  if (tensors.some((tensor) => tensor.name === '' || tensor.dimensions.length === 0))
    throw broken(path, 'its list of tensors is cut off; the download may be incomplete');
  const moeLayers = routedLayers(tensors, layers - count(facts['nextn_predict_layers']));
  const experts = count(facts['expert_count']);
  const expertsPerToken = count(facts['expert_used_count']);
  if (moeLayers.length === 0 || experts < 2) throw dense(path, architecture);
  if (expertsPerToken < 1 || expertsPerToken > experts)
    throw broken(path, `it says that ${expertsPerToken} of ${experts} experts are used per token`);
  const template = tokenizer['chat_template'];
  const description: ModelDescription = {
    architecture,
    name: typeof name === 'string' && name !== '' ? name : basename(path, '.gguf'),
    moeLayers,
    layers,
    experts,
    expertsPerToken,
    fingerprint: {
      architecture,
      layers,
      experts,
      expertsPerToken,
      tensors: await tensorHash(path, tensors),
    },
    trainedContext: count(facts['context_length']),
    parameters: tensors.reduce((sum, tensor) => sum + elements(tensor), 0),
    bytes: (await stat(path)).size,
    quantization: quantizationName(fileType),
    chatTemplate: typeof template === 'string' && template !== '' ? template : null,
  };
  const selectionBias = tensors.some((tensor) => /^blk\.\d+\.exp_probs_b(\.bias)?$/.test(tensor.name));
  return { description, traits: { architecture, selectionBias, expertGroups: count(facts['expert_group_count']) } };
}

/** Says in a sentence what is wrong with the file itself, before a parser meets it. */
async function requireGguf(path: string): Promise<void> {
  const file = await open(path, 'r').catch((error: unknown) => {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT')
      throw new HumanError(
        'model-missing',
        `There is no model file ${path}.`,
        'Check the path, or use "demo" for the model that comes with SteerMoE.',
      );
    throw new HumanError(
      'model-missing',
      `The model file ${path} cannot be opened (${code ?? String(error)}).`,
      'Check its permissions.',
    );
  });
  try {
    if (!(await file.stat()).isFile())
      throw new HumanError('model-missing', `${path} is a folder, not a model file.`, 'Name a .gguf file in it.');
    const magic = Buffer.alloc(4);
    const { bytesRead } = await file.read(magic, 0, 4, 0);
    if (bytesRead < 4 || magic.toString('latin1') !== 'GGUF')
      throw new HumanError(
        'model-invalid',
        `${path} is not a GGUF model: it does not start with "GGUF".`,
        'Choose a .gguf file; models in other formats are converted with llama.cpp’s convert_hf_to_gguf.py.',
      );
  } finally {
    await file.close();
  }
}

function routedLayers(tensors: readonly GgufTensorInfo[], executed: number): number[] {
  return tensors
    .map((tensor) => Number(ROUTER.exec(tensor.name)?.[1] ?? -1))
    .filter((layer) => layer >= 0 && layer < executed)
    .sort((one, other) => one - other);
}

/** SHA-256 over the tensor table and the start of each router's weights. */
async function tensorHash(path: string, tensors: readonly GgufTensorInfo[]): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    for (const tensor of tensors) {
      hash.update(`${tensor.name} ${tensor.ggmlType} ${tensor.dimensions.join('x')}\n`);
      // The weights of later parts of a split model lie in other files; their table still counts.
      if (tensor.filePart > 1) continue;
      if (Number(tensor.fileOffset) >= size)
        throw broken(path, `its tensor ${tensor.name} lies behind the end of the file; the download may be incomplete`);
      if (!ROUTER.test(tensor.name)) continue;
      const { buffer, bytesRead } = await file.read(
        Buffer.alloc(ROUTER_SAMPLE),
        0,
        ROUTER_SAMPLE,
        Number(tensor.fileOffset),
      );
      hash.update(buffer.subarray(0, Math.min(bytesRead, elements(tensor))));
    }
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}

/** For instance "Q4_K_M", from the GGUF's file type. */
function quantizationName(fileType: unknown): string {
  const names = GgufFileType as unknown as Record<number, string | undefined>;
  return (names[Number(fileType ?? -1)] ?? 'unknown').replace(/^(MOSTLY|ALL)_/, '');
}

function elements(tensor: GgufTensorInfo): number {
  return tensor.dimensions.reduce<number>((product, dimension) => product * Number(dimension), 1);
}

/** A non-negative whole number of the metadata; per-layer arrays count by their largest. */
function count(value: unknown): number {
  const number = Array.isArray(value) ? Math.max(0, ...value.map(Number)) : Number(value ?? 0);
  return Number.isFinite(number) && number > 0 ? Math.floor(number) : 0;
}

function broken(path: string, why: string): HumanError {
  return new HumanError(
    'model-invalid',
    `${path} is a broken GGUF model: ${why}.`,
    'Download or convert the model again.',
  );
}

function dense(path: string, architecture: string): HumanError {
  return new HumanError(
    'model-dense',
    `${path} is a dense ${architecture} model: it has no routers and no experts, so there is nothing to detect or steer.`,
    'Choose a Mixture-of-Experts model, for instance OLMoE, Qwen3-30B-A3B, Mixtral or gpt-oss.',
  );
}
