import { basename } from 'node:path';
import * as vscode from 'vscode';
import { NEW_BOARD } from '../../core/plans/board.js';
import type { ExpertsFile } from '../../core/statistics/expertStatistics.js';
import { HumanError } from '../../core/humanError.js';
import { requireSameModel } from '../../core/files/requireSameModel.js';
import type { AnswerSide, PlaygroundContract, PlaygroundSnapshot } from '../../protocol/webview.js';
import { failureOf } from '../failure.js';
import { stem } from '../filePaths.js';
import { showFailure } from '../life/notices.js';
import { savePlan } from '../lists/savePlan.js';
import { ViewChannel } from '../panel/viewChannel.js';
import type { Parts } from '../parts.js';
import { BoardPlanner, type BoardPlan } from './boardPlan.js';
import { Conversation, NEW_SETTINGS } from './conversation.js';
import { engineView, modelView } from './engineView.js';
import { pairLine } from './pairLine.js';
import { keep, readKept } from './playgroundMemory.js';
import { playgroundRequests } from './playgroundRequests.js';
import { saveAsPair } from './saveAsPair.js';

/** One playground: a conversation, the board that steers it, and the view of both. */
export class PlaygroundPanel {
  private readonly conversation: Conversation;
  private readonly planner = new BoardPlanner();
  private readonly channel: ViewChannel<PlaygroundContract>;
  private readonly disposables: { dispose(): void }[];
  private list: { uri: vscode.Uri; file: ExpertsFile; shown: NonNullable<PlaygroundSnapshot['list']> } | undefined;
  private draft: PlaygroundSnapshot['draft'] = null;
  private drafts = 0;
  private choices: Pick<PlaygroundSnapshot, 'lists' | 'plans'> = { lists: [], plans: [] };

  constructor(
    readonly id: string,
    panel: vscode.WebviewPanel,
    private readonly parts: Parts,
  ) {
    const { session, boards, lists, logs } = parts;
    const changed = (): void => {
      this.channel.changed();
    };
    this.conversation = new Conversation(session, changed);
    this.channel = new ViewChannel<PlaygroundContract>({
      port: panel.webview,
      readers: playgroundRequests,
      handlers: this.handlers(),
      snapshot: () => this.snapshot(),
      log: (sentence) => {
        logs.own.warn(sentence);
      },
    });
    const reload = (): void => void this.reload();
    this.disposables = [
      this.channel,
      session.onDidChange(changed),
      session.onDidChangeModel(reload),
      lists.onDidChange(reload),
      boards.onDidChange((owner) => {
        if (owner === this.owner) changed();
      }),
    ];
    const kept = readKept(parts.memory, id);
    this.conversation.turns = kept.turns;
    this.conversation.settings = kept.settings ?? NEW_SETTINGS;
    if (kept.list !== undefined) void this.chooseList(vscode.Uri.parse(kept.list)).catch(showFailure);
    void this.reload();
  }

  get listUri(): vscode.Uri | undefined {
    return this.list?.uri;
  }

  /** Puts a list behind the board. Fails with HumanError where it cannot be read. */
  async chooseList(uri: vscode.Uri): Promise<void> {
    const file = await this.parts.lists.list(uri.fsPath);
    this.list = { uri, file, shown: { fileName: basename(uri.fsPath), file } };
    this.save();
    this.channel.changed();
  }

  /** Types a prompt into the composer, unless something is written there. */
  suggest(prompt: string): void {
    this.draft = { id: ++this.drafts, prompt };
    this.channel.changed();
  }

  /** The list's model, in memory; asks where it is not known. Fails with HumanError. */
  async chooseModel(): Promise<void> {
    await this.parts.models.ready(this.list?.file.model.fingerprint.tensors);
  }

  /** A list was renamed. */
  async moveList(from: vscode.Uri, to: vscode.Uri): Promise<void> {
    if (this.list?.uri.toString() === from.toString()) await this.chooseList(to);
  }

  dispose(): void {
    void this.conversation.stop();
    this.save();
    for (const disposable of this.disposables) disposable.dispose();
  }

  private get owner(): string {
    return this.list?.uri.toString() ?? `playground:${this.id}`;
  }

  private plan(): BoardPlan {
    return this.planner.get(this.parts.boards.get(this.owner), this.list?.file, this.parts.session.model);
  }

  private snapshot(): PlaygroundSnapshot {
    const { session, boards } = this.parts;
    const { turns, answering, settings } = this.conversation;
    const { key, dropped } = this.plan();
    return {
      model: modelView(session),
      engine: engineView(session),
      list: this.list?.shown ?? null,
      ...this.choices,
      board: boards.get(this.owner),
      planKey: key,
      dropped,
      settings,
      turns,
      answering,
      draft: this.draft,
    };
  }

  private handlers(): ConstructorParameters<typeof ViewChannel<PlaygroundContract>>[0]['handlers'] {
    const { conversation, parts } = this;
    return {
      send: async ({ prompt }) => {
        await this.begin((plan) => conversation.send(prompt, plan));
        return null;
      },
      stop: async () => {
        await conversation.stop();
        return null;
      },
      regenerate: async ({ turn }) => {
        await this.begin((plan) => conversation.again(turn, plan));
        return null;
      },
      editTurn: async ({ turn, prompt }) => {
        await this.begin((plan) => conversation.again(turn, plan, prompt));
        return null;
      },
      clear: async () => {
        await conversation.clear();
        this.save();
        return null;
      },
      draftTaken: () => {
        this.draft = null;
        this.channel.changed();
        return null;
      },
      setBoard: ({ board }) => {
        parts.boards.set(this.owner, board);
        return null;
      },
      setSettings: ({ settings }) => {
        conversation.settings = settings;
        this.save();
        this.channel.changed();
        return null;
      },
      chooseModel: async () => {
        await parts.models.choose();
        return null;
      },
      chooseList: async ({ uri }) => {
        await this.chooseList(vscode.Uri.parse(uri));
        return null;
      },
      loadPlan: async ({ uri }) => {
        await this.loadPlan(vscode.Uri.parse(uri));
        return null;
      },
      savePlan: () => this.savePlan(),
      saveAsPair: ({ turn, a }) => this.saveAsPair(turn, a),
      tokenExperts: ({ turn, side, token }) => {
        const experts = conversation.tokenExperts(turn, side, token);
        return experts && { experts };
      },
      copy: async ({ text }) => {
        await vscode.env.clipboard.writeText(text);
        return null;
      },
      restartEngine: async () => {
        await parts.session.restart();
        return null;
      },
    };
  }

  /** Resolves when the answering has begun; how it ends stands in the turn. */
  private async begin(work: (plan: BoardPlan) => Promise<void>): Promise<void> {
    const { models, session } = this.parts;
    const model =
      vscode.workspace.isTrusted && session.model
        ? session.model
        : await models.ready(this.list?.file.model.fingerprint.tensors);
    if (!model) throw new HumanError('model-missing', 'No model is chosen.', 'Choose a model first.');
    if (this.list) {
      const name = basename(this.list.uri.fsPath);
      requireSameModel(this.list.file.model.fingerprint, model.fingerprint, name);
    }
    work(this.plan()).then(
      () => {
        this.save();
      },
      (error: unknown) => void showFailure(error),
    );
  }

  private async loadPlan(uri: vscode.Uri): Promise<void> {
    const { lists, session, boards } = this.parts;
    const { plan, model } = await lists.plan(uri.fsPath);
    const current = session.model ?? (await session.ready());
    requireSameModel(model, current.fingerprint, basename(uri.fsPath));
    const byHand = [
      ...plan.activated.map((expert) => ({ ...expert, state: 'activated' as const })),
      ...plan.deactivated.map((expert) => ({ ...expert, state: 'deactivated' as const })),
    ];
    boards.set(this.owner, { ...NEW_BOARD, on: 0, off: 0, mode: plan.mode, byHand });
  }

  private async savePlan(): Promise<{ file: string } | null> {
    const { list } = this;
    const model = list?.file.model ?? this.parts.session.model;
    if (!model) throw new HumanError('model-missing', 'No model is chosen.', 'Choose a model first.');
    const board = this.parts.boards.get(this.owner);
    const from = list ? { path: list.uri.fsPath, file: list.file } : null;
    const saved = await savePlan({ plan: this.plan().plan, board, model, list: from });
    return saved ? this.parts.showSaved(saved) : null;
  }

  private async saveAsPair(turn: number, a: AnswerSide): Promise<{ file: string } | null> {
    const line = pairLine(this.conversation.all, turn, a, this.conversation.settings.systemPrompt);
    if (line === undefined)
      throw new HumanError('pairs-invalid', 'A pair needs two answers.', 'Switch Compare on and run the turn again.');
    const uri = await saveAsPair(this.parts.pairs, line, a);
    return uri ? { file: vscode.workspace.asRelativePath(uri) } : null;
  }

  /** Which lists and plans fit the model, and the list again if its file has changed. */
  private async reload(): Promise<void> {
    const { lists, session } = this.parts;
    const tensors = session.model?.fingerprint.tensors;
    const fits = (of: string): boolean => tensors === undefined || tensors === of;
    const [all, plans] = [await lists.lists(), await lists.plans()];
    this.choices = {
      lists: all.flatMap(({ uri, content }) =>
        'file' in content && fits(content.file.model.fingerprint.tensors) ? [choice(uri)] : [],
      ),
      plans: plans.flatMap(({ uri, content }) =>
        'file' in content && fits(content.file.model.tensors) ? [choice(uri)] : [],
      ),
    };
    if (this.list)
      await this.chooseList(this.list.uri).catch((error: unknown) => {
        this.parts.logs.own.warn(failureOf(error).message);
      });
    this.channel.changed();
  }

  private save(): void {
    const { all, settings } = this.conversation;
    keep(this.parts.memory, this.id, { list: this.list?.uri.toString(), settings, turns: all });
  }
}

function choice(uri: vscode.Uri): { uri: string; label: string } {
  return { uri: uri.toString(), label: stem(uri.path) };
}
