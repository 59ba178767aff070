#include "context_options.h"

#include <cmath>
#include <limits>

#include "js_values.h"
#include "tap_error.h"

namespace steermoe {

namespace {

constexpr int32_t kMost = std::numeric_limits<int32_t>::max();
constexpr int32_t kMostBlocks = 4096;
// Expert ids travel in 16 bits, and 65535 stands for no expert.
constexpr int32_t kMostExperts = 65535;
// GGML_MAX_NAME less room for "-<block>".
constexpr size_t kLongestNode = 48;

TapShape ReadTapShape(const Napi::Object& tap) {
  TapShape shape;
  shape.node = ReadString(tap, "node");
  if (shape.node.empty() || shape.node.size() > kLongestNode) {
    throw TapError("bad-argument", "The argument node is not the name of a graph node.");
  }
  const Span<int32_t> layers = ReadInt32Array(tap, "layers", false);
  if (layers.size == 0) throw TapError("bad-argument", "The argument layers is empty.");
  for (size_t i = 0; i < layers.size; ++i) {
    if (layers[i] < 0 || layers[i] >= kMostBlocks || (i > 0 && layers[i] <= layers[i - 1])) {
      throw TapError("bad-argument", "The argument layers must hold block numbers in ascending order.");
    }
  }
  shape.layers.assign(layers.data, layers.data + layers.size);
  shape.experts = static_cast<size_t>(ReadInteger(tap, "experts", 1, kMostExperts));
  shape.selected = static_cast<size_t>(ReadInteger(tap, "expertsPerToken", 1, static_cast<int32_t>(shape.experts)));
  shape.log_softmax = ReadFlag(tap, "logSoftmax", false);
  return shape;
}

std::vector<std::string> ReadWatch(const Napi::Object& options) {
  std::vector<std::string> names;
  const Napi::Value watch = options.Get("watch");
  if (watch.IsUndefined()) return names;
  if (!watch.IsArray()) throw TapError("bad-argument", "The argument watch must be an array of node names.");
  const Napi::Array list = watch.As<Napi::Array>();
  for (uint32_t i = 0; i < list.Length(); ++i) {
    names.push_back(ToText(list.Get(i), "watch"));
    if (names.back().empty() || names.back().size() > kLongestNode) {
      throw TapError("bad-argument", "The argument watch holds what is not the name of a graph node.");
    }
  }
  return names;
}

double ReadWithin(const Napi::Object& from, const char* name, double least, double most) {
  const double number = ReadNumber(from, name);
  if (number < least || number > most) throw TapError("bad-argument", std::string("The argument ") + name + " is out of range.");
  return number;
}

}  // namespace

ContextOptions ReadContextOptions(const Napi::Object& options) {
  ContextOptions read;
  read.context_size = ReadInteger(options, "contextSize", 1, kMost - 1024);
  read.batch_size = ReadInteger(options, "batchSize", 1, kMost);
  read.outputs = ReadInteger(options, "outputs", 1, kMost);
  read.sequences = ReadInteger(options, "sequences", 1, 256);  // LLAMA_MAX_SEQ
  read.threads = ReadInteger(options, "threads", 1, GGML_MAX_N_THREADS);
  const Napi::Value tap = options.Get("tap");
  if (!tap.IsUndefined()) read.tap.reset(new TapShape(ReadTapShape(ToObject(tap, "tap"))));
  read.watch = ReadWatch(options);
  return read;
}

std::shared_ptr<const Plan> ReadPlan(const Napi::Object& plan, const StepLimits& limits) {
  std::shared_ptr<Plan> read = std::make_shared<Plan>();
  const std::string mode = ReadString(plan, "mode");
  if (mode != "paper" && mode != "soft") throw TapError("bad-argument", "The argument mode must be \"paper\" or \"soft\".");
  read->mode = mode == "paper" ? Plan::Mode::kPaper : Plan::Mode::kSoft;
  const Span<float> values = ReadFloat32Array(plan, "values", false);
  if (values.size != limits.layers * limits.experts) {
    throw TapError("bad-argument", "The argument values has " + std::to_string(values.size) + " elements instead of " +
                                       std::to_string(limits.layers * limits.experts) + ".");
  }
  read->acts.assign(limits.layers, 0);
  for (size_t i = 0; i < values.size; ++i) {
    if (!std::isfinite(values[i])) throw TapError("bad-argument", "The argument values must be finite.");
    if (values[i] != 0) read->acts[i / limits.experts] = 1;
  }
  read->values.assign(values.data, values.data + values.size);
  return read;
}

std::shared_ptr<Sampler> ReadSampler(const Napi::Object& sampler) {
  SamplerOptions options;
  options.temperature = ReadWithin(sampler, "temperature", 0, 1e6);
  options.top_k = ReadInteger(sampler, "topK", 0, kMost);
  options.top_p = ReadWithin(sampler, "topP", 0, 1);
  options.min_p = ReadWithin(sampler, "minP", 0, 1);
  options.seed = static_cast<uint32_t>(ReadWithin(sampler, "seed", 0, std::numeric_limits<uint32_t>::max()));
  return std::make_shared<Sampler>(options);
}

}  // namespace steermoe
