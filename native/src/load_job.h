#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "async_job.h"
#include "model.h"

namespace steermoe {

/** Loads a model on a worker and tells a JS function how far it is. */
class LoadJob : public AsyncJob {
 public:
  /** on_progress may be undefined. */
  LoadJob(Napi::Env env, std::string path, ModelOptions options, const Napi::Value& on_progress);

 protected:
  void Execute() override;
  void Settle() override;
  Napi::Value Result(Napi::Env env) override;

 private:
  void Report(float fraction);

  std::string path_;
  ModelOptions options_;
  bool reports_;
  Napi::ThreadSafeFunction progress_;
  float reported_ = -1;
  /** Set when the promise is about to settle: no call comes after it. */
  std::shared_ptr<std::atomic<bool>> done_;
  std::shared_ptr<Model> model_;
};

}  // namespace steermoe
