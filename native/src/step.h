#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sampler.h"
#include "steering.h"

namespace steermoe {

/** A graph node as a Watch saw it, before any steering. */
struct WatchedNode {
  /** Without "-<layer>". */
  std::string name;
  int32_t layer = -1;
  /** Name and operation of the node itself, of its first source, of that one's first source, and so on. */
  std::vector<std::pair<std::string, std::string>> origin;
  std::array<int64_t, 4> shape = {};
  bool integers = false;
  std::vector<float> real;
  std::vector<int32_t> whole;
};

/**
 * One llama_decode: what goes in, by column, and what the tap and the samplers bring back. A context keeps one and
 * fills it anew for each step, so that its memory is reused.
 */
struct Step {
  std::vector<int32_t> tokens, positions;
  /** Two for each column, -1 where there is no second. */
  std::vector<int32_t> sequences;
  std::vector<int8_t> outputs;
  /** The columns that are outputs, in order. */
  std::vector<int32_t> output_columns;
  bool routers_only = false;

  /** Per column, null where it is not steered or drawn from; empty where no column is. */
  std::vector<std::shared_ptr<const Plan>> plans;
  std::vector<std::shared_ptr<Sampler>> samplers;

  /** Two for each column or empty; -1 counts nowhere. */
  std::vector<int32_t> counters;
  /** Per column the row of its routing in the results or -1; empty where no routing is asked for. */
  std::vector<int32_t> routing_rows;
  int32_t counter_count = 0;
  int32_t routing_count = 0;
  bool has_counts = false, has_routing = false, has_scores = false;

  // Results.
  std::vector<int32_t> sampled;
  std::vector<uint32_t> counts;
  std::vector<uint16_t> routing;
  std::vector<float> before, after;
  bool has_watched = false;
  std::vector<WatchedNode> watched;

  int32_t columns() const { return static_cast<int32_t>(tokens.size()); }

  void Clear();
};

/** What a step must respect. */
struct StepLimits {
  int32_t vocabulary = 0, batch = 0, outputs = 0, sequences = 0;
  bool recurrent = false, tapped = false;
  size_t layers = 0, experts = 0, selected = 0;
};

}  // namespace steermoe
