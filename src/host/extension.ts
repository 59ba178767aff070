import * as vscode from 'vscode';
import { BoardStore } from './boardStore.js';
import { ChartsEditor } from './charts/chartsEditor.js';
import { fileOf, registerCommands } from './commands.js';
import { tryDemo } from './demo/tryDemo.js';
import { DetectCommand } from './detection/detectCommand.js';
import { Detections } from './detection/detections.js';
import { EXPERTS } from './filePaths.js';
import { EngineReportDocument } from './life/engineReport.js';
import { EngineSession } from './life/engineSession.js';
import { Logs } from './life/logs.js';
import { readSettings } from './life/settings.js';
import { StatusItem } from './life/statusItem.js';
import { ListsIndex } from './lists/listsIndex.js';
import { ListsTree } from './lists/listsTree.js';
import { addModel, downloadModel } from './models/addModel.js';
import { deleteDownload, deleteModel } from './models/deleteModel.js';
import { DEMO_MODEL } from './models/demoModel.js';
import { ModelActions } from './models/modelActions.js';
import { ModelCatalog, type ModelFile } from './models/modelCatalog.js';
import { ModelChoice } from './models/modelChoice.js';
import { ModelDownloads, type ModelDownload } from './models/modelDownloads.js';
import { ModelsTree } from './models/modelsTree.js';
import { PairLenses } from './pairs/pairLenses.js';
import { newPairsFile } from './pairs/newPairsFile.js';
import { PairsDiagnostics } from './pairs/diagnostics.js';
import { PairsIndex } from './pairs/pairsIndex.js';
import { PairsTree } from './pairs/pairsTree.js';
import { RenderedPair } from './pairs/renderedPair.js';
import { Playgrounds } from './playground/playgrounds.js';
import { showSaved } from './showSaved.js';
import { followFiles } from './followFiles.js';

let session: EngineSession | undefined;

export function activate(context: vscode.ExtensionContext): void {
  const { extensionUri: extension, workspaceState: memory, subscriptions } = context;
  const demo = vscode.Uri.joinPath(extension, DEMO_MODEL).fsPath;
  const logs = new Logs();
  const engine = (session = new EngineSession({
    connect: async (options) => new (await import('../engine/client.js')).EngineClient(options),
    settings: readSettings,
    choice: new ModelChoice(memory),
    enginePath: context.asAbsolutePath('dist/engine.mjs'),
    onLog: logs.entry,
  }));
  const catalog = new ModelCatalog(demo, readSettings, context.globalState, async (path) => ({
    description: await engine.inspect(path),
    memory: await engine.readMemory(path),
  }));
  const downloads = new ModelDownloads(context.globalState, async (uri, options) => {
    const { downloadModel: fetchModel } = await import('../engine/models/downloadModel.js');
    return fetchModel(uri, { ...options, enginePath: context.asAbsolutePath('dist/engine.mjs') });
  });
  const models = new ModelActions(catalog, engine, demo);
  const pairs = new PairsIndex();
  const lists = new ListsIndex();
  const boards = new BoardStore(memory);
  const detections = new Detections(engine, readSettings);
  const detection = new DetectCommand(pairs, lists, models, detections);
  const rendered = new RenderedPair(engine, models, readSettings);
  const report = new EngineReportDocument(engine, versionOf(context));
  const status = new StatusItem(engine);
  const trees = {
    models: new ModelsTree(catalog, engine, downloads),
    pairs: new PairsTree(pairs, lists, detections),
    lists: new ListsTree(lists),
  };
  const parts = { extension, session: engine, models, pairs, lists, boards, memory, logs, showSaved: showSaved(lists) };
  const playgrounds = new Playgrounds(parts);

  const commands = registerCommands({
    tryDemo: () =>
      tryDemo({
        extension,
        storage: context.globalStorageUri,
        models,
        pairs,
        detect: (uri) => detection.run(uri),
        suggest: (list, prompt) => playgrounds.suggest(list, prompt),
      }),
    detect: (target) => detection.run(target),
    cancelDetection: (target) => {
      detections.cancel(target === undefined ? undefined : fileOf(target)?.fsPath);
    },
    newPairsFile: () => newPairsFile(),
    showRendered: (file, line) => rendered.show(file as vscode.Uri, Number(line)),
    openPlayground: (target) => playgrounds.open(EXPERTS.test(fileOf(target)?.path ?? '') ? fileOf(target) : undefined),
    chooseModel: () => models.choose(),
    loadModel: (target) => {
      const file = fileOf(target);
      return file ? models.load(file.fsPath) : models.choose();
    },
    unloadModel: () => models.unload(),
    addModel: () => addModel({ models, catalog, downloads }),
    addModelFolder: () => models.addFolder(),
    resumeDownload: (row) => downloadModel({ models, catalog, downloads }, (row as ModelDownload).uri),
    cancelDownload: (row) => {
      downloads.stop((row as ModelDownload).uri);
    },
    deleteDownload: (row) => deleteDownload(downloads, row as ModelDownload),
    deleteModel: (row) => deleteModel(catalog, engine, row as ModelFile),
    reveal: (target) => vscode.commands.executeCommand('revealFileInOS', fileOf(target)),
    openAsText: (target) => vscode.commands.executeCommand('vscode.openWith', fileOf(target), 'default'),
    savePlan: (target) => playgrounds.savePlan(fileOf(target)),
    refresh: () => {
      for (const index of [catalog, pairs, lists]) index.refresh();
    },
    showEngineReport: () => report.show(),
    restartEngine: () => engine.restart(),
    stopEngine: () => engine.stop(),
    showLogs: () => {
      logs.own.show();
    },
  });

  const anyPairs = { pattern: '**/*.pairs.{jsonl,csv}' };
  subscriptions.push(
    logs,
    catalog,
    downloads,
    pairs,
    lists,
    rendered,
    report,
    status,
    commands,
    playgrounds,
    new PairsDiagnostics(),
    vscode.window.createTreeView('steermoe.models', { treeDataProvider: trees.models }),
    vscode.window.createTreeView('steermoe.pairs', { treeDataProvider: trees.pairs }),
    vscode.window.createTreeView('steermoe.lists', { treeDataProvider: trees.lists }),
    vscode.window.registerCustomEditorProvider(ChartsEditor.viewType, new ChartsEditor(parts)),
    vscode.languages.registerCodeLensProvider(anyPairs, new PairLenses()),
    followFiles({ catalog, downloads, pairs, lists, detections, engine, boards, playgrounds, trees, status }),
  );
}

function versionOf({ extension }: vscode.ExtensionContext): string {
  return String((extension.packageJSON as { version: unknown }).version);
}

/** The engine process ends with its window. */
export async function deactivate(): Promise<void> {
  await session?.dispose();
}
