import { gigabytes } from '../../core/memory/memoryWords.js';
import { downloadWords } from '../../core/memory/downloadWords.js';
import { catalogMemory, type CatalogModel } from '../../core/models/modelCatalog.js';
import type { ModelDownload } from './modelDownloads.js';

/** What stands behind and below a model that can be downloaded. @param total the computer's memory in bytes */
export function catalogWords(model: CatalogModel, total: number): { description: string; detail: string } {
  const [layers, experts, expertsPerToken] = model.shape;
  const need = catalogMemory(model);
  const more = need > total ? `, this computer has ${gigabytes(total)}` : '';
  return {
    description: `${model.quant} · about ${gigabytes(model.bytes)} · ${model.licence}`,
    detail: `${layers}x${experts} experts, top-${expertsPerToken} · needs about ${gigabytes(need)} of memory${more}`,
  };
}

/** What stands behind the name of a download in the Models view. */
export function downloadRowWords({ running, progress, failure }: ModelDownload): string {
  if (running) return progress ? downloadWords(progress) : 'download begins';
  return failure ? `download failed: ${failure.message}` : 'download stopped';
}
