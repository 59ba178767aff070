#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include "model.h"
#include "step.h"
#include "tap.h"
#include "threadpool.h"
#include "watch.h"

namespace steermoe {

struct ContextOptions {
  int32_t context_size = 0, batch_size = 0, outputs = 0, sequences = 0, threads = 0;
  /** Null: llama.cpp without any callback. */
  std::unique_ptr<TapShape> tap;
  /** Nodes whose contents come back; empty for none. */
  std::vector<std::string> watch;
};

/**
 * Owns a llama_context with its tap. Used by one thread at a time: by the JS thread, and during a step by
 * the worker that runs it; only Abort() may be called at any time.
 */
class Context {
 public:
  Context(std::shared_ptr<Model> model, ContextOptions options);
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  const Model& model() const { return *model_; }
  const StepLimits& limits() const { return limits_; }
  int32_t size() const;

  /** Throws TapError "bad-argument" where positions don't continue their sequences. */
  void CheckPositions(const Step& step) const;
  /** Makes an Abort() of before not count. On the JS thread, before the step is handed to a worker. */
  void Arm() { aborted_ = false; }
  /** Decodes and draws. Whatever it throws, the cache is left as it was before. */
  void Run(Step* step);
  void Abort() { aborted_ = true; }

  /** Logits of a column of the last step, or null where it was no output. */
  const float* Logits(int32_t column) const;
  bool RemoveSequence(int32_t sequence, int32_t from, int32_t to);
  void CopySequence(int32_t from, int32_t to, int32_t length);
  /** The position after the last one in the cache; 0 for an empty sequence. */
  int32_t SequenceEnd(int32_t sequence) const;
  void ClearMemory();

 private:
  int32_t Decode(Step* step);
  void Draw(Step* step);
  void RollBack(const Step& step);

  std::shared_ptr<Model> model_;
  std::shared_ptr<Threadpool> threads_;
  std::unique_ptr<Tap> tap_;
  std::unique_ptr<Watch> watch_;
  llama_context* context_ = nullptr;
  StepLimits limits_;
  std::atomic<bool> aborted_{false};

  // What llama_batch points to, and the outputs of the last step.
  std::vector<int32_t> sequence_counts_;
  std::vector<int32_t*> sequence_lists_;
  std::vector<int8_t> last_outputs_;
};

}  // namespace steermoe
