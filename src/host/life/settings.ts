import * as vscode from 'vscode';
import type { ThinkingWish } from '../../core/thinking.js';
import type { EngineOptions } from '../../protocol/engineOptions.js';

/** What the user set, read anew each time; paths of an untrusted workspace are left out by VS Code and here. */
export interface Settings {
  modelFolders: string[];
  gpu: EngineOptions['gpu'];
  /** Layers in GPU memory; "auto": as many as fit. */
  gpuLayers: number | 'auto';
  /** Blocks, from the first on, whose experts stay in the computer's memory. */
  cpuMoeLayers: number;
  threads: number;
  contextSize: number;
  idleMinutes: number;
  replicates: number;
  /** For detection; where the model cannot do it, its chat template decides. */
  thinking: ThinkingWish;
}

export function readSettings(): Settings {
  const read = vscode.workspace.getConfiguration('steermoe');
  return {
    modelFolders: folders(read),
    gpu: read.get<EngineOptions['gpu']>('gpu', 'auto'),
    gpuLayers: gpuLayers(read.get('gpuLayers', -1)),
    cpuMoeLayers: Math.max(0, read.get('cpuMoeLayers', 0)),
    threads: read.get('threads', 0),
    contextSize: read.get('contextSize', 0),
    idleMinutes: read.get('idleMinutes', 15),
    replicates: read.get('detection.replicates', 1000),
    thinking: read.get<ThinkingWish>('detection.thinking', 'off'),
  };
}

function gpuLayers(setting: number): number | 'auto' {
  return setting < 0 ? 'auto' : setting;
}

function folders(read: vscode.WorkspaceConfiguration): string[] {
  const found = read.inspect<string[]>('modelFolders');
  const value = vscode.workspace.isTrusted
    ? read.get<string[]>('modelFolders', [])
    : (found?.globalValue ?? found?.defaultValue ?? []);
  return value.filter((folder) => typeof folder === 'string' && folder !== '');
}
