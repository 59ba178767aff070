import { Fault } from './fault.js';
import { printable } from './printable.js';
import type { Tensor } from './tensorTable.js';
import { TENSOR_TYPES } from './tensorTypes.js';

const F32 = 0;
/** Types that hold indices or what an operation passes on: no operation of llama.cpp takes weights in them. */
const NO_WEIGHTS = ['I8', 'I16', 'I32', 'I64', 'F64', 'Q8_1', 'Q8_K'];
/** Tables of indices among the weights: which experts a token gets, and which token a drafted one is. */
const INDICES = /(^|\.)(ffn_gate_tid2eid|d2t)(\.weight)?$/;

/** Refuses tensors of types that llama.cpp would read from memory it does not have, or end its process over. */
export function checkWeightTypes(tensors: readonly Tensor[]): void {
  for (const { name, type, shape, elements } of tensors) {
    const { name: typeName } = TENSOR_TYPES.get(type)!;
    const vector = elements === shape[0] || /(_norm\.weight|\.bias)$/.test(name);
    if (INDICES.test(name) || (!NO_WEIGHTS.includes(typeName) && (!vector || type === F32))) continue;
    throw new Fault(`its tensor ${printable(name)} is stored as ${typeName}, with which llama.cpp cannot compute`);
  }
}
