import type { EngineReport } from '../../protocol/engine.js';
import type { Failure } from '../../protocol/webview.js';
import { shapeWords, sizeWords } from '../models/modelWords.js';

export interface ReportFacts {
  version: string;
  vscode: string;
  platform: string;
  trust: boolean;
  report: EngineReport | undefined;
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

function engineRows({ versions, backend, devices, threads, memory, model }: EngineReport): [string, string][] {
  return [
    ['Node', versions.node],
    ['node-llama-cpp', versions.nodeLlamaCpp],
    ['llama.cpp', versions.llamaCpp],
    ['router tap', versions.tap],
    ['backend', backend],
    ['devices', devices.join(', ') || 'none besides the processor'],
    ['threads', String(threads)],
    ['memory of the process', sizeWords(memory.residentBytes)],
    ['model in memory', model ? `${model.name}: ${shapeWords(model)}, ${model.quantization}` : 'none'],
    ['memory of the model', sizeWords(memory.modelBytes)],
    ['context', `${memory.contextCells.toLocaleString('en')} tokens`],
  ];
}
