#include "context.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <algorithm>
#include <string>
#include <utility>

#include "log_capture.h"
#include "tap_error.h"

namespace steermoe {

namespace {

bool Aborted(void* flag) { return *static_cast<std::atomic<bool>*>(flag); }

// A graph may be left early only where it runs in one piece (on several backends the later pieces would run on
// missing values), and only after the last layer, whose keys and values are then all in the cache.
bool MayStop(const Model& model, const TapShape& shape) {
  return model.cpu_alone() && shape.layers.back() == Llama().llama_model_n_layer(model.get()) - 1;
}

}  // namespace

Context::Context(std::shared_ptr<Model> model, ContextOptions options) : model_(std::move(model)) {
  const LlamaApi& api = Llama();
  llama_context_params params = api.llama_context_default_params();
  params.n_ctx = static_cast<uint32_t>(options.context_size);
  params.n_batch = params.n_ubatch = static_cast<uint32_t>(options.batch_size);
  params.n_outputs_max = static_cast<uint32_t>(std::min(options.outputs, options.batch_size));
  params.n_seq_max = static_cast<uint32_t>(options.sequences);
  params.n_threads = params.n_threads_batch = options.threads;
  params.abort_callback = Aborted;
  params.abort_callback_data = &aborted_;
  params.no_perf = true;
  params.kv_unified = true;
  params.swa_full = true;  // A sequence can then be cut back to any position.
  limits_.outputs = static_cast<int32_t>(params.n_outputs_max);
  if (options.tap != nullptr) {
    limits_.tapped = true;
    limits_.layers = options.tap->layers.size();
    limits_.experts = options.tap->experts;
    limits_.selected = options.tap->selected;
    const bool may_stop = MayStop(*model_, *options.tap);
    tap_.reset(new Tap(std::move(*options.tap), may_stop));
    params.cb_eval = Tap::OnNode;
    params.cb_eval_user_data = tap_.get();
  }
  if (!options.watch.empty()) {
    watch_.reset(new Watch(std::move(options.watch), tap_.get()));
    params.cb_eval = Watch::OnNode;
    params.cb_eval_user_data = watch_.get();
  }
  threads_ = model_->Threads(options.threads);
  const LogCapture log;
  context_ = api.llama_init_from_model(model_->get(), params);
  if (context_ == nullptr) {
    const std::string reason = log.Reason();
    throw TapError("context-failed", "llama.cpp could not make a context" + (reason.empty() ? "." : ": " + reason));
  }
  api.llama_attach_threadpool(context_, threads_->get(), threads_->get());
  limits_.vocabulary = model_->vocabulary();
  limits_.batch = static_cast<int32_t>(api.llama_n_batch(context_));
  limits_.sequences = options.sequences;
  limits_.recurrent = model_->recurrent();
}

// The members go after this: first the tap and the threads, then the model.
Context::~Context() {
  if (context_ != nullptr) Llama().llama_free(context_);
#ifdef __GLIBC__
  // A context's buffers are large enough to stay in glibc's heap for good: 50 MB after each detection otherwise.
  malloc_trim(0);
#endif
}

int32_t Context::size() const { return static_cast<int32_t>(Llama().llama_n_ctx(context_)); }

void Context::Run(Step* step) {
  last_outputs_.clear();
  int32_t status = 2;
  bool decoded = false;
  try {
    if (!aborted_) {
      decoded = true;
      status = Decode(step);
    }
    if (aborted_ || status == 2) throw TapError("aborted", "The step was stopped.");
    if (status == 1) throw TapError("cache-full", "The cache has no room for " + std::to_string(step->columns()) + " more tokens.");
    if (status == -1) throw TapError("bad-argument", "llama.cpp does not accept this batch; its log says why.");
    if (status != 0) throw TapError("decode-failed", "llama.cpp failed to compute the batch (status " + std::to_string(status) + "); its log says why.");
    if (tap_ != nullptr) tap_->End();
    if (watch_ != nullptr) watch_->Check();
    Draw(step);
  } catch (...) {
    if (tap_ != nullptr) tap_->Drop();
    // With these two nothing was written.
    if (decoded && status != 1 && status != -1) RollBack(*step);
    throw;
  }
  if (!step->routers_only) last_outputs_ = step->outputs;
}

int32_t Context::Decode(Step* step) {
  const size_t columns = step->tokens.size();
  sequence_counts_.resize(columns);
  sequence_lists_.resize(columns);
  for (size_t c = 0; c < columns; ++c) {
    sequence_counts_[c] = step->sequences[2 * c + 1] < 0 ? 1 : 2;
    sequence_lists_[c] = &step->sequences[2 * c];
  }
  llama_batch batch = {};
  batch.n_tokens = step->columns();
  batch.token = step->tokens.data();
  batch.pos = step->positions.data();
  batch.n_seq_id = sequence_counts_.data();
  batch.seq_id = sequence_lists_.data();
  batch.logits = step->outputs.data();
  const std::lock_guard<std::mutex> alone(threads_->running());
  if (tap_ != nullptr) tap_->Begin(step);
  if (watch_ != nullptr) watch_->Begin(step);
  const int32_t status = Llama().llama_decode(context_, batch);
  // A GPU may still be at work; its errors and our rollback belong to this step.
  Llama().llama_synchronize(context_);
  if (watch_ != nullptr) watch_->End();
  return status;
}

void Context::Draw(Step* step) {
  for (size_t c = 0; c < step->samplers.size(); ++c) {
    if (step->samplers[c] != nullptr) step->sampled.push_back(step->samplers[c]->Draw(context_, static_cast<int32_t>(c)));
  }
}

// Each sequence of the batch back to where its first column began. A recurrent state can't go back: there the whole
// sequence is forgotten.
void Context::RollBack(const Step& step) {
  const LlamaApi& api = Llama();
  llama_memory_t memory = api.llama_get_memory(context_);
  std::vector<bool> done(static_cast<size_t>(limits_.sequences), false);
  for (size_t i = 0; i < step.sequences.size(); ++i) {
    const int32_t sequence = step.sequences[i];
    if (sequence < 0 || done[static_cast<size_t>(sequence)]) continue;
    done[static_cast<size_t>(sequence)] = true;
    if (!api.llama_memory_seq_rm(memory, sequence, step.positions[i / 2], -1)) {
      api.llama_memory_seq_rm(memory, sequence, -1, -1);
    }
  }
}

const float* Context::Logits(int32_t column) const {
  const size_t c = static_cast<size_t>(column);
  if (column < 0 || c >= last_outputs_.size() || !last_outputs_[c]) return nullptr;
  return Llama().llama_get_logits_ith(context_, column);
}

}  // namespace steermoe
