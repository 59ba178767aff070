#include "step_reader.h"

#include <limits>
#include <string>

#include "js_values.h"
#include "tap_error.h"

namespace steermoe {

namespace {

// Results of one step beyond this are a mistake.
constexpr double kMostResultCells = 256e6;

[[noreturn]] void Refuse(const std::string& sentence) { throw TapError("bad-argument", sentence); }

void Expect(bool condition, const char* name, size_t column, const std::string& why) {
  if (!condition) Refuse("Column " + std::to_string(column) + " of " + name + " " + why + ".");
}

template <typename Element>
void ExpectLength(const Span<Element>& span, const char* name, size_t length) {
  if (span.given && span.size != length) {
    Refuse(std::string("The argument ") + name + " has " + std::to_string(span.size) + " elements instead of " +
           std::to_string(length) + ".");
  }
}

void ReadColumns(const Napi::Object& batch, const StepLimits& limits, Step* step) {
  const Span<int32_t> tokens = ReadInt32Array(batch, "tokens", false);
  const Span<int32_t> positions = ReadInt32Array(batch, "positions", false);
  const Span<int32_t> sequences = ReadInt32Array(batch, "sequences", false);
  const Span<uint8_t> outputs = ReadUint8Array(batch, "outputs", false);
  const size_t n = tokens.size;
  if (n == 0) Refuse("A step needs at least one column.");
  if (n > static_cast<size_t>(limits.batch)) {
    Refuse("A step of " + std::to_string(n) + " columns is larger than the context's " + std::to_string(limits.batch) + ".");
  }
  ExpectLength(positions, "positions", n);
  ExpectLength(sequences, "sequences", 2 * n);
  ExpectLength(outputs, "outputs", n);
  for (size_t c = 0; c < n; ++c) {
    const int32_t first = sequences[2 * c], second = sequences[2 * c + 1];
    Expect(tokens[c] >= 0 && tokens[c] < limits.vocabulary, "tokens", c, "is no token of the model");
    Expect(positions[c] >= 0, "positions", c, "is negative");
    Expect(first >= 0 && first < limits.sequences, "sequences", c, "is no sequence of the context");
    Expect(second >= -1 && second < limits.sequences && second != first, "sequences", c, "has a wrong second sequence");
    Expect(!limits.recurrent || (second < 0 && first == sequences[0]), "sequences", c,
           "shares its batch with another sequence, which this model's state does not allow");
    step->outputs.push_back(outputs[c] != 0);
    if (outputs[c]) step->output_columns.push_back(static_cast<int32_t>(c));
  }
  if (step->output_columns.size() > static_cast<size_t>(limits.outputs)) {
    Refuse("A step with " + std::to_string(step->output_columns.size()) + " outputs has more than the context's " +
           std::to_string(limits.outputs) + ".");
  }
  step->tokens.assign(tokens.data, tokens.data + n);
  step->positions.assign(positions.data, positions.data + n);
  step->sequences.assign(sequences.data, sequences.data + 2 * n);
}

void ReadPlans(const Napi::Object& batch, const StepLimits& limits, const PlanSlots& slots, Step* step) {
  const Span<int16_t> plans = ReadInt16Array(batch, "plans", true);
  ExpectLength(plans, "plans", step->tokens.size());
  for (size_t c = 0; c < plans.size; ++c) {
    if (plans[c] == -1) continue;
    if (!limits.tapped) Refuse("This context has no tap, so no column can have a plan.");
    if (step->plans.empty()) step->plans.resize(step->tokens.size());
    step->plans[c] = slots.Get(plans[c]);
    Expect(step->plans[c] != nullptr, "plans", c, "names the empty slot " + std::to_string(plans[c]));
  }
}

void ReadSamplers(const Napi::Object& batch, const SamplerSlots& slots, Step* step) {
  const Span<int16_t> samplers = ReadInt16Array(batch, "samplers", true);
  ExpectLength(samplers, "samplers", step->tokens.size());
  for (size_t c = 0; c < samplers.size; ++c) {
    if (samplers[c] == -1) continue;
    if (step->routers_only) Refuse("A step with routersOnly has no logits to draw tokens from.");
    Expect(step->outputs[c] != 0, "samplers", c, "is no output");
    if (step->samplers.empty()) step->samplers.resize(step->tokens.size());
    step->samplers[c] = slots.Get(samplers[c]);
    Expect(step->samplers[c] != nullptr, "samplers", c, "names the empty slot " + std::to_string(samplers[c]));
  }
}

void ReadCounters(const Napi::Object& batch, const StepLimits& limits, Step* step) {
  const Span<int32_t> counters = ReadInt32Array(batch, "counters", true);
  if (!counters.given) return;
  ExpectLength(counters, "counters", 2 * step->tokens.size());
  if (!limits.tapped) Refuse("This context has no tap, so it can't count.");
  step->counter_count = ReadInteger(batch, "counterCount", 0, std::numeric_limits<int32_t>::max());
  const double cells = static_cast<double>(limits.layers) * static_cast<double>(limits.experts);
  if (step->counter_count * cells > kMostResultCells) Refuse("The argument counterCount is too large.");
  for (size_t i = 0; i < counters.size; ++i) {
    Expect(counters[i] >= -1 && counters[i] < step->counter_count, "counters", i / 2, "is no counter");
  }
  step->counters.assign(counters.data, counters.data + counters.size);
  step->has_counts = true;
}

void ReadRouting(const Napi::Object& batch, const StepLimits& limits, Step* step) {
  const Span<uint8_t> routing = ReadUint8Array(batch, "routing", true);
  step->has_scores = ReadFlag(batch, "scores", true);
  if (!routing.given) {
    if (step->has_scores) Refuse("The argument scores needs routing.");
    return;
  }
  ExpectLength(routing, "routing", step->tokens.size());
  if (!limits.tapped) Refuse("This context has no tap, so it can't report routing.");
  for (size_t c = 0; c < routing.size; ++c) step->routing_rows.push_back(routing[c] ? step->routing_count++ : -1);
  const double cells = static_cast<double>(limits.layers) * static_cast<double>(limits.experts);
  if (step->has_scores && step->routing_count * cells > kMostResultCells) Refuse("Too many columns have scores.");
  step->has_routing = true;
}

Napi::Object WriteWatched(Napi::Env env, const WatchedNode& node) {
  Napi::Object written = Napi::Object::New(env);
  written.Set("name", node.name);
  written.Set("layer", node.layer);
  Napi::Array origin = Napi::Array::New(env), shape = Napi::Array::New(env);
  for (uint32_t i = 0; i < node.origin.size(); ++i) {
    Napi::Object source = Napi::Object::New(env);
    source.Set("name", node.origin[i].first);
    source.Set("operation", node.origin[i].second);
    origin.Set(i, source);
  }
  for (uint32_t i = 0; i < node.shape.size(); ++i) shape.Set(i, static_cast<double>(node.shape[i]));
  written.Set("origin", origin);
  written.Set("shape", shape);
  if (node.integers) {
    written.Set("values", CopyOut<Napi::Int32Array>(env, node.whole));
  } else {
    written.Set("values", CopyOut<Napi::Float32Array>(env, node.real));
  }
  return written;
}

}  // namespace

void ReadStep(const Napi::Object& batch, const StepLimits& limits, const PlanSlots& plans, const SamplerSlots& samplers,
              Step* step) {
  step->Clear();
  ReadColumns(batch, limits, step);
  step->routers_only = ReadFlag(batch, "routersOnly", true);
  if (step->routers_only && !limits.tapped) Refuse("This context has no tap, so routersOnly has no meaning.");
  ReadPlans(batch, limits, plans, step);
  ReadSamplers(batch, samplers, step);
  ReadCounters(batch, limits, step);
  ReadRouting(batch, limits, step);
}

Napi::Object WriteResult(Napi::Env env, const Step& step) {
  Napi::Object result = Napi::Object::New(env);
  result.Set("sampled", CopyOut<Napi::Int32Array>(env, step.sampled));
  if (step.has_counts) result.Set("counts", CopyOut<Napi::Uint32Array>(env, step.counts));
  if (step.has_routing) result.Set("routing", CopyOut<Napi::Uint16Array>(env, step.routing));
  if (step.has_scores) {
    result.Set("before", CopyOut<Napi::Float32Array>(env, step.before));
    result.Set("after", CopyOut<Napi::Float32Array>(env, step.after));
  }
  if (step.has_watched) {
    Napi::Array watched = Napi::Array::New(env);
    for (uint32_t i = 0; i < step.watched.size(); ++i) watched.Set(i, WriteWatched(env, step.watched[i]));
    result.Set("watched", watched);
  }
  return result;
}

}  // namespace steermoe
