#include "model.h"

#include <limits>
#include <utility>

#include "log_capture.h"
#include "tap_error.h"

namespace steermoe {

namespace {

// The tensors that hold the experts of one block, or of all blocks where the number is negative.
std::string ExpertTensors(int32_t block) {
  const std::string experts = "\\.ffn_(gate|up|down|gate_up)_(ch)?exps";
  return block < 0 ? experts : "blk\\." + std::to_string(block) + experts;
}

bool OnProgress(float fraction, void* user_data) {
  try {
    (*static_cast<std::function<void(float)>*>(user_data))(fraction);
  } catch (...) {  // llama.cpp is C here: an exception may not pass through it.
  }
  return true;
}

bool OnlyCpuBackends() {
  const LlamaApi& api = Llama();
  for (size_t i = 0; i < api.ggml_backend_dev_count(); ++i) {
    if (api.ggml_backend_dev_type(api.ggml_backend_dev_get(i)) == GGML_BACKEND_DEVICE_TYPE_ACCEL) return false;
  }
  return true;
}

}  // namespace

Model::Model(const std::string& path, const ModelOptions& options, std::function<void(float)> on_progress) {
  const LlamaApi& api = Llama();
  llama_model_params params = api.llama_model_default_params();
  params.n_gpu_layers = options.gpu_layers;
  params.load_mode = options.mmap ? LLAMA_LOAD_MODE_MMAP : LLAMA_LOAD_MODE_NONE;
  params.progress_callback = OnProgress;
  params.progress_callback_user_data = &on_progress;

  // An empty list keeps llama.cpp from sending single large operations to a GPU.
  ggml_backend_dev_t no_devices[] = {nullptr};
  if (options.gpu_layers == 0) params.devices = no_devices;

  std::vector<std::string> patterns;
  std::vector<llama_model_tensor_buft_override> overrides;
  if (options.gpu_layers != 0 && options.cpu_moe_layers != 0) {
    if (options.cpu_moe_layers < 0) patterns.push_back(ExpertTensors(-1));
    for (int32_t block = 0; block < options.cpu_moe_layers; ++block) patterns.push_back(ExpertTensors(block));
    ggml_backend_buffer_type_t cpu =
        api.ggml_backend_dev_buffer_type(api.ggml_backend_dev_by_type(GGML_BACKEND_DEVICE_TYPE_CPU));
    for (const std::string& pattern : patterns) overrides.push_back({pattern.c_str(), cpu});
    overrides.push_back({nullptr, nullptr});
    params.tensor_buft_overrides = overrides.data();
  }

  const LogCapture log;
  model_ = api.llama_model_load_from_file(path.c_str(), params);
  if (model_ == nullptr) {
    const std::string reason = log.Reason();
    throw TapError("load-failed", "llama.cpp could not load " + path + (reason.empty() ? "." : ": " + reason));
  }
  vocab_ = api.llama_model_get_vocab(model_);
  vocabulary_ = api.llama_vocab_n_tokens(vocab_);
  recurrent_ = api.llama_model_is_recurrent(model_) || api.llama_model_is_hybrid(model_);
  cpu_alone_ = options.gpu_layers == 0 && OnlyCpuBackends();
}

std::shared_ptr<Threadpool> Model::Threads(int32_t count) {
  std::shared_ptr<Threadpool> pool = threads_.lock();
  if (pool == nullptr || pool->threads() != count) threads_ = pool = std::make_shared<Threadpool>(count);
  return pool;
}

Model::~Model() { Llama().llama_model_free(model_); }

std::vector<int32_t> Model::Tokenize(const std::string& text, bool parse_special, bool add_special) const {
  if (text.size() > static_cast<size_t>(std::numeric_limits<int32_t>::max() / 2)) {
    throw TapError("bad-argument", "The text is too long to tokenize at once.");
  }
  const int32_t length = static_cast<int32_t>(text.size());
  std::vector<int32_t> tokens(text.size() / 2 + 16);
  for (int attempt = 0; attempt < 2; ++attempt) {
    const int32_t count = Llama().llama_tokenize(vocab_, text.data(), length, tokens.data(),
                                                 static_cast<int32_t>(tokens.size()), add_special, parse_special);
    if (count == std::numeric_limits<int32_t>::min()) break;
    tokens.resize(static_cast<size_t>(count < 0 ? -count : count));
    if (count >= 0) return tokens;
  }
  throw TapError("bad-argument", "llama.cpp could not tokenize the text.");
}

std::string Model::Piece(int32_t token, bool special) const {
  std::string piece(32, '\0');
  for (int attempt = 0; attempt < 2; ++attempt) {
    const int32_t length = Llama().llama_token_to_piece(vocab_, token, &piece[0], static_cast<int32_t>(piece.size()), 0, special);
    piece.resize(static_cast<size_t>(length < 0 ? -length : length));
    if (length >= 0) return piece;
  }
  throw TapError("internal", "llama.cpp gave no text for token " + std::to_string(token) + ".");
}

bool Model::Metadata(const std::string& key, std::string* value) const {
  value->assign(256, '\0');
  const int32_t length = Llama().llama_model_meta_val_str(model_, key.c_str(), &(*value)[0], value->size());
  if (length < 0) return false;
  // The length is that of the whole value, whatever fitted.
  const bool fitted = static_cast<size_t>(length) < value->size();
  value->resize(static_cast<size_t>(length) + 1);
  if (!fitted) Llama().llama_model_meta_val_str(model_, key.c_str(), &(*value)[0], value->size());
  value->resize(static_cast<size_t>(length));
  return true;
}

}  // namespace steermoe
