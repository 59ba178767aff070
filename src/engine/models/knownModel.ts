/** Whose folder a model lies in. */
export type Origin =
  'demo' | 'workspace' | 'download' | 'folder' | 'LM Studio' | 'Ollama' | 'llama.cpp' | 'Hugging Face';

/** A GGUF on this computer. */
export interface KnownModel {
  /** What a person calls it; unique within a list. */
  name: string;
  /** The file, or the first part of a split one. */
  path: string;
  /** Of all parts. */
  bytes: number;
  /** Milliseconds since 1970. */
  modified: number;
  origin: Origin;
}

/** Gives models of one name their origins in front, and numbers where those are the same too. */
export function withUniqueNames(models: readonly KnownModel[]): KnownModel[] {
  const named = addWhereShared(models, ({ origin, name }) => `${origin.replaceAll(' ', '-').toLowerCase()}/${name}`);
  const seen = new Map<string, number>();
  return named.map((model) => {
    const number = (seen.get(model.name) ?? 0) + 1;
    seen.set(model.name, number);
    return number === 1 ? model : { ...model, name: `${model.name}#${number}` };
  });
}

function addWhereShared(models: readonly KnownModel[], longer: (model: KnownModel) => string): KnownModel[] {
  const counts = new Map<string, number>();
  for (const { name } of models) counts.set(name, (counts.get(name) ?? 0) + 1);
  return models.map((model) => (counts.get(model.name)! > 1 ? { ...model, name: longer(model) } : model));
}
