// The part of Context that keeps account of the cache.
#include <string>

#include "context.h"
#include "tap_error.h"

namespace steermoe {

int32_t Context::SequenceEnd(int32_t sequence) const {
  return Llama().llama_memory_seq_pos_max(Llama().llama_get_memory(context_), sequence) + 1;
}

// llama.cpp refuses such batches with a line in its log; here it becomes a sentence that names the column.
void Context::CheckPositions(const Step& step) const {
  std::vector<int32_t> next(static_cast<size_t>(limits_.sequences), -1);
  for (size_t i = 0; i < step.sequences.size(); ++i) {
    const int32_t sequence = step.sequences[i];
    if (sequence < 0) continue;
    int32_t& expected = next[static_cast<size_t>(sequence)];
    if (expected < 0) expected = SequenceEnd(sequence);
    const int32_t position = step.positions[i / 2];
    if (position != expected) {
      throw TapError("bad-argument", "Column " + std::to_string(i / 2) + " is at position " + std::to_string(position) +
                                         " of sequence " + std::to_string(sequence) + ", which goes on at " +
                                         std::to_string(expected) + ".");
    }
    ++expected;
  }
}

bool Context::RemoveSequence(int32_t sequence, int32_t from, int32_t to) {
  if (to >= 0 && to <= from) return true;
  return Llama().llama_memory_seq_rm(Llama().llama_get_memory(context_), sequence, from, to < 0 ? -1 : to);
}

void Context::CopySequence(int32_t from, int32_t to, int32_t length) {
  if (SequenceEnd(to) > 0) {
    throw TapError("bad-argument", "Sequence " + std::to_string(to) + " is not empty; remove it before copying to it.");
  }
  if (model_->recurrent() && length < SequenceEnd(from)) {
    throw TapError("bad-argument", "This model's state can only be copied whole, at position " +
                                       std::to_string(SequenceEnd(from)) + ".");
  }
  // DeepSeek-V4's memory ends the process where a whole sequence is named by its length.
  const bool whole = model_->recurrent();
  Llama().llama_memory_seq_cp(Llama().llama_get_memory(context_), from, to, whole ? -1 : 0, whole ? -1 : length);
}

void Context::ClearMemory() { Llama().llama_memory_clear(Llama().llama_get_memory(context_), false); }

}  // namespace steermoe
