#pragma once

#include <memory>
#include <utility>

#include "async_job.h"
#include "context.h"

namespace steermoe {

/** A context with the step that it fills anew each time, and whether one is running. */
struct ContextSeat {
  std::unique_ptr<Context> context;
  Step step;
  bool busy = false;
};

/** One step. It keeps the context alive: a context freed meanwhile goes when the step is done. */
class DecodeJob : public AsyncJob {
 public:
  DecodeJob(Napi::Env env, std::shared_ptr<ContextSeat> seat) : AsyncJob(env), seat_(std::move(seat)) {}

 protected:
  void Execute() override;
  void Settle() override { seat_->busy = false; }
  Napi::Value Result(Napi::Env env) override;

 private:
  std::shared_ptr<ContextSeat> seat_;
};

}  // namespace steermoe
