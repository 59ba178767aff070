import { dirname, join, relative } from 'node:path';
import * as vscode from 'vscode';
import type { Board } from '../../core/plans/board.js';
import type { ExpertsFile } from '../../core/statistics/expertStatistics.js';
import { HumanError } from '../../core/humanError.js';
import type { ModelFingerprint } from '../../core/model.js';
import type { PlanOrigin, SteeringPlan } from '../../core/plans/plan.js';
import { writeFileAtomic } from '../../engine/atomicFile.js';
import { fileNameOf, stem } from '../filePaths.js';
import { modifiedAt } from '../pairs/pairsIndex.js';

export interface PlanToSave {
  plan: SteeringPlan;
  board: Board;
  model: { name: string; fingerprint: ModelFingerprint };
  /** The list behind the board. */
  list: { path: string; file: ExpertsFile } | null;
}

/** Writes a plan beside its list; asks for a place where there is none. Fails with HumanError. */
export async function savePlan({ plan, board, model, list }: PlanToSave): Promise<vscode.Uri | undefined> {
  if (plan.activated.length + plan.deactivated.length === 0)
    throw new HumanError('plan-invalid', 'No expert is switched, so there is no plan to save.', 'Switch one first.');
  const path = list ? await freePath(list.path, list.file, board) : await askForPlace(model.name);
  if (path === undefined) return undefined;
  const { formatSteeringFile } = await import('../../core/files/steeringFile.js');
  const origin = list && originOf(relative(dirname(path), list.path).replaceAll('\\', '/'), list.file, board);
  const content = {
    version: 1 as const,
    model: { ...model.fingerprint, name: model.name },
    plan,
    ...(origin && { origin }),
  };
  await writeFileAtomic(path, formatSteeringFile(content));
  return vscode.Uri.file(path);
}

function originOf(experts: string, { labels }: ExpertsFile, board: Board): PlanOrigin {
  const { toward, on, off, layers, maxQ } = board;
  return {
    experts,
    toward,
    label: labels[toward],
    on,
    off,
    ...(layers && { layers }),
    ...(maxQ !== null && { maxQ }),
  };
}

/** "digits-or-words.digits-on2-off2.steering.json", with a number where there is one already. */
async function freePath(list: string, { labels }: ExpertsFile, { toward, on, off, byHand }: Board): Promise<string> {
  const hand = byHand.length > 0 ? `-hand${byHand.length}` : '';
  const name = `${stem(list)}.${fileNameOf(labels[toward])}-on${on}-off${off}${hand}`;
  for (let number = 1; ; number++) {
    const path = join(dirname(list), `${name}${number === 1 ? '' : `-${number}`}.steering.json`);
    if ((await modifiedAt(path)) === 0) return path;
  }
}

async function askForPlace(model: string): Promise<string | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = `${fileNameOf(model)}.steering.json`;
  const place = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save the steering plan'),
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, name) }),
    filters: { [vscode.l10n.t('Steering plan')]: ['steering.json', 'json'] },
  });
  return place && (place.fsPath.endsWith('.steering.json') ? place.fsPath : `${place.fsPath}.steering.json`);
}
