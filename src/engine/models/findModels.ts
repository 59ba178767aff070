import { resolve } from 'node:path';
import { readRecord } from './downloadRecord.js';
import { ggufFiles, modelOfFile } from './ggufFiles.js';
import { withUniqueNames, type KnownModel, type Origin } from './knownModel.js';
import { downloadFolder, foldersOfOthers, ollamaFolders, thisComputer, type Surrounding } from './modelFolders.js';
import { ollamaModels } from './ollamaModels.js';

/**
 * The GGUF models on this computer: the given folders, what SteerMoE downloaded, and what other programs keep in their
 * own places, which are only read and never left through links. A file is listed once, under the first of its origins.
 */
export async function findModels(
  folders: readonly string[],
  around: Surrounding = thisComputer(),
): Promise<KnownModel[]> {
  const places: { origin: Origin; folder: string; inside: boolean }[] = [
    { origin: 'download', folder: downloadFolder(around), inside: false },
    ...folders.map((folder) => ({ origin: 'folder' as const, folder: resolve(folder), inside: false })),
    ...foldersOfOthers(around).map((place) => ({ ...place, inside: true })),
  ];
  const inFolders = places.map(async ({ origin, folder, inside }) => {
    const paths = (await ggufFiles(folder, inside)).sort();
    return Promise.all(
      paths.map(async (path) =>
        // What came whole and was not checked yet is a download, and no model.
        origin === 'download' && (await readRecord(path))?.complete === false ? undefined : modelOfFile(path, origin),
      ),
    );
  });
  const [files, stores] = await Promise.all([
    Promise.all(inFolders),
    Promise.all(ollamaFolders(around).map((folder) => ollamaModels(folder))),
  ]);
  const models = [...files.flat(), ...stores.flat()].filter((model) => model !== undefined);
  const paths = new Set<string>();
  return withUniqueNames(models.filter(({ path }) => !paths.has(path) && paths.add(path)));
}
