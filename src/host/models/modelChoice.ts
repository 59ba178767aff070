import type { ModelDescription } from '../../core/model.js';
import { Changes } from '../changes.js';
import type { Memory } from '../memory.js';

export interface ChosenModel {
  path: string;
  /** As it was when it was last loaded. */
  description: ModelDescription | null;
}

const KEY = 'model';

/** Which model the workspace works with; survives the window. */
export class ModelChoice {
  private readonly changes = new Changes();
  readonly onDidChange = this.changes.on;
  current: ChosenModel | undefined;

  constructor(private readonly memory: Memory) {
    this.current = memory.get<ChosenModel>(KEY);
  }

  async choose(model: ChosenModel | undefined): Promise<void> {
    const same = this.current?.description?.fingerprint.tensors === model?.description?.fingerprint.tensors;
    this.current = model;
    if (!same) this.changes.fire();
    await this.memory.update(KEY, model);
  }
}
