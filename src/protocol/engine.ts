/**
 * The messages between a client (the extension host or the command line) and the engine process, as vscode-jsonrpc
 * requests and notifications over the fork's channel. Typed arrays are copied by structured clone.
 */
import { NotificationType, RequestType, RequestType0 } from 'vscode-jsonrpc';
import type { Reason } from '../core/humanError.js';
import type { Offload } from '../core/memory/fitGpu.js';
import type { ModelMemory } from '../core/memory/modelMemory.js';
import type { ModelDescription } from '../core/model.js';
import type { Conversation, Message, Side } from '../core/pairs/pair.js';
import type { SteeringPlan } from '../core/plans/plan.js';
import type { Thinking } from '../core/thinking.js';
import type { Backend } from './engineOptions.js';

/** What a failed request carries as error data; the message is the JSON-RPC error's own. */
export interface EngineFailure {
  reason: Reason;
  next: string;
}

// ---- client -> engine: where it computes ----

/** Backends that this computer has drivers for, best first; the last one is "cpu". Loads nothing. */
export const supportedBackends = new RequestType0<Backend[], EngineFailure>('backend/supported');

/**
 * Loads a backend's libraries, once a process. A GPU has to pass a trial, unless it did before: the demo model is loaded
 * on it, and its routing must be that of the processor. Fails with engine-missing where there are no libraries; a bad
 * driver may also take the process with it.
 */
export const startBackend = new RequestType<{ backend: Backend; trial: boolean }, null, EngineFailure>('backend/start');

// ---- client -> engine: the model ----

export interface LoadParams {
  /** Absolute path of the GGUF (the first part of a split one). */
  path: string;
  /** Cells of the KV cache for all lanes together; 0: the model's trained context, at most 8192. */
  contextSize: number;
  /** Layers in GPU memory, more than there are for all; "auto" lets the GPU's free memory decide. */
  gpuLayers: number | 'auto';
  /** Blocks, from the first on, whose experts stay in the computer's memory; more than there are for all. */
  cpuMoeLayers: number;
  /** 0: as many as there are physical cores, in practice half of the logical ones but at least 2. */
  threads: number;
  /** Lanes that can run at once. */
  lanes: number;
}

/** Reads a GGUF's metadata without its weights. Fails for files that are no GGUF, broken or dense. */
export const inspectModel = new RequestType<{ path: string }, ModelDescription, EngineFailure>('model/inspect');
/** What a model takes in memory, by its file. */
export const readMemory = new RequestType<{ path: string }, ModelMemory, EngineFailure>('model/memory');
export const loadModel = new RequestType<LoadParams, ModelDescription, EngineFailure>('model/load');
export const unloadModel = new RequestType0<null, EngineFailure>('model/unload');

// ---- client -> engine: conversations ----

export interface RenderParams {
  messages: Message[];
  /** End with the opening of an assistant turn. */
  generationPrompt: boolean;
  /** One of the model's ways of thinking; absent: what its template does by itself. */
  thinking?: Thinking;
  /** Extra variables of the chat template. */
  template?: Record<string, unknown>;
  target?: Conversation['target'];
}

export interface RenderedConversation {
  text: string;
  /** Token ids, and for each its UTF-16 offsets in text: token i covers [start[i], end[i]). */
  tokens: Int32Array;
  start: Int32Array;
  end: Int32Array;
  /** Token range [from, to) of the target span, where one was asked for. */
  target?: { from: number; to: number };
}

export const renderConversation = new RequestType<RenderParams, RenderedConversation, EngineFailure>(
  'conversation/render',
);

// ---- client -> engine: detection ----

export interface DetectionPair {
  /** The caller's number for the pair; comes back with its counts. */
  index: number;
  a: Conversation;
  b: Conversation;
}

export interface DetectParams {
  pairs: DetectionPair[];
  thinking?: Thinking;
  template?: Record<string, unknown>;
  /** Also send the selection of every target token. */
  routing: boolean;
}

/** Final counts of one pair. Arrays are L x E, layer by layer in the order of ModelShape.moeLayers. */
export interface PairCounts {
  index: number;
  /** Target tokens per side. */
  tokens: Record<Side, number>;
  counts: Record<Side, Uint32Array>;
  /** Present when routing was asked for: target token ids and their T x L x k expert ids, highest first. */
  routing?: Record<Side, { tokens: Int32Array; experts: Uint16Array }>;
}

export interface PairFailure {
  index: number;
  reason: Reason;
  message: string;
  next: string;
}

export interface DetectSummary {
  pairs: number;
  failed: number;
  /** Tokens that went through the model; shared prefixes count once. */
  computedTokens: number;
  /** Tokens of all conversations, as if each ran alone. */
  conversationTokens: number;
  milliseconds: number;
}

/** One detection at a time. Cancelling keeps every pair that was sent. */
export const detect = new RequestType<DetectParams, DetectSummary, EngineFailure>('detect');

// ---- client -> engine: answers ----

export interface Sampling {
  /** 0 is greedy. */
  temperature: number;
  topK: number;
  topP: number;
  minP: number;
  /** Unsigned 32-bit. */
  seed: number;
}

export interface LaneRequest {
  /** The caller's name for the lane within this request. */
  id: string;
  messages: Message[];
  plan: SteeringPlan;
  sampling: Sampling;
  maxTokens: number;
  thinking?: Thinking;
  template?: Record<string, unknown>;
  /** Send each answer token's selection. */
  routing: boolean;
}

export interface LaneResult {
  id: string;
  text: string;
  /** Answer tokens, without the end-of-turn token. */
  tokens: number;
  promptTokens: number;
  /** Prompt tokens that came from the cache of an earlier answer. */
  cachedTokens: number;
  /** Decoding speed of this lane, first token to last; 0 where there is no second token. */
  tokensPerSecond: number;
  stop: 'end' | 'length' | 'context';
}

/**
 * All lanes of all running requests share each llama_decode. Resolves when every lane has stopped.
 * `request` is a number of the client's choosing that its deltas carry.
 */
export const generate = new RequestType<{ request: number; lanes: LaneRequest[] }, LaneResult[], EngineFailure>(
  'generate',
);

// ---- client -> engine: the process ----

export interface EngineReport {
  versions: { node: string; nodeLlamaCpp: string; llamaCpp: string; tap: string };
  backend: Backend;
  /** Names of the devices that the backend computes on. */
  devices: string[];
  /** Of all GPUs together, in bytes; null on the processor. */
  gpuMemory: { total: number; free: number } | null;
  threads: number;
  /** What of the model is in GPU memory; null without a model. */
  offload: Offload | null;
  /** residentBytes is the process's own; contextCells the size of the KV cache in tokens. */
  memory: { residentBytes: number; modelBytes: number; contextCells: number };
  model: ModelDescription | null;
}

export const report = new RequestType0<EngineReport, EngineFailure>('report');

// ---- engine -> client ----

export const loadProgress = new NotificationType<{ fraction: number }>('model/progress');
export const pairDone = new NotificationType<PairCounts>('detect/pair');
export const pairFailed = new NotificationType<PairFailure>('detect/failed');

/** One answer token. Its selection follows one step later, when the token itself has gone through the routers. */
export interface LaneToken {
  kind: 'token';
  request: number;
  lane: string;
  /** Number of the token within the answer. */
  index: number;
  token: number;
  /** New text; empty while the answer ends in half a character. */
  text: string;
}

export interface LaneRouting {
  kind: 'routing';
  request: number;
  lane: string;
  /** Number of the answer token that was routed; the last token of an answer is never routed. */
  index: number;
  /** L x k expert ids, highest first. */
  experts: Uint16Array;
}

export type LaneEvent = LaneToken | LaneRouting;

/** In order; sent in batches, so that a fast model does not send a message a token. */
export const laneEvents = new NotificationType<LaneEvent[]>('generate/events');
export const log = new NotificationType<{
  level: 'debug' | 'info' | 'warn' | 'error';
  source: 'engine' | 'llama.cpp';
  text: string;
}>('log');

/** Answered at once while the process is alive, whatever llama.cpp is doing on its own thread. */
export const ping = new RequestType0<null, EngineFailure>('ping');
