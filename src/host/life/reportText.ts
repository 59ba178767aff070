import type { Offload } from '../../core/memory/fitGpu.js';
import type { EngineReport } from '../../protocol/engine.js';
import type { Failure } from '../../protocol/webview.js';
import { shapeWords, sizeWords } from '../models/modelWords.js';

/** With why models run elsewhere than they were meant to. */
export type ReportedEngine = EngineReport & { fallback: string | null };

export interface ReportFacts {
  version: string;
  vscode: string;
  platform: string;
  trust: boolean;
  report: ReportedEngine | undefined;
  failure: Failure | null;
}

/** The engine report as Markdown. */
export function reportText({ version, vscode, platform, trust, report, failure }: ReportFacts): string {
  const rows: [string, string][] = [
    ['SteerMoE', version],
    ['VS Code', vscode],
    ['platform', platform],
    ['workspace', trust ? 'trusted' : 'not trusted: models of the workspace are not loaded'],
    ...(report ? engineRows(report) : [['engine', 'does not run'] as [string, string]]),
  ];
  const list = rows.map(([what, value]) => `- ${what}: ${value}`).join('\n');
  const last = failure ? `${failure.message} ${failure.next}` : 'none';
  return `# SteerMoE Engine Report\n\n${list}\n\n## Last error\n\n${last}\n`;
}

function engineRows(report: ReportedEngine): [string, string][] {
  const { versions, backend, devices, threads, memory, model, fallback, gpuMemory, offload } = report;
  return [
    ['Node', versions.node],
    ['node-llama-cpp', versions.nodeLlamaCpp],
    ['llama.cpp', versions.llamaCpp],
    ['router tap', versions.tap],
    ['backend', backend],
    ['devices', devices.join(', ') || 'none besides the processor'],
    ...(fallback === null ? [] : [['fallback', fallback] as [string, string]]),
    ...(gpuMemory === null ? [] : [['memory of the GPU', gpuWords(gpuMemory)] as [string, string]]),
    ...(offload === null || backend === 'cpu' ? [] : [['on the GPU', offloadWords(offload)] as [string, string]]),
    ['threads', String(threads)],
    ['memory of the process', sizeWords(memory.residentBytes)],
    ['model in memory', model ? `${model.name}: ${shapeWords(model)}, ${model.quantization}` : 'none'],
    ['memory of the model', sizeWords(memory.modelBytes)],
    ['context', `${memory.contextCells.toLocaleString('en')} tokens`],
  ];
}

function gpuWords({ total, free }: { total: number; free: number }): string {
  return `${sizeWords(total)}, ${sizeWords(free)} of it free`;
}

function offloadWords({ gpuLayers, cpuMoeLayers }: Offload): string {
  const experts = cpuMoeLayers === 0 ? '' : `, without the experts of the first ${cpuMoeLayers}`;
  return `${gpuLayers} layers${experts}`;
}
