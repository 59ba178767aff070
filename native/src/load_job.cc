#include "load_job.h"

#include <utility>

#include "native_model.h"

namespace steermoe {

namespace {

// llama.cpp reports every tensor; a progress bar needs fewer.
constexpr float kStep = 0.01f;

}  // namespace

LoadJob::LoadJob(Napi::Env env, std::string path, ModelOptions options, const Napi::Value& on_progress)
    : AsyncJob(env),
      path_(std::move(path)),
      options_(options),
      reports_(on_progress.IsFunction()),
      done_(std::make_shared<std::atomic<bool>>(false)) {
  if (!reports_) return;
  progress_ = Napi::ThreadSafeFunction::New(env, on_progress.As<Napi::Function>(), "steermoe.progress", 0, 1);
  progress_.Unref(env);
}

void LoadJob::Execute() {
  model_ = std::make_shared<Model>(path_, options_, [this](float fraction) { Report(fraction); });
}

void LoadJob::Report(float fraction) {
  if (!reports_ || (fraction < 1 && fraction - reported_ < kStep)) return;
  reported_ = fraction;
  const std::shared_ptr<std::atomic<bool>> done = done_;
  progress_.NonBlockingCall([done, fraction](Napi::Env env, Napi::Function call) {
    if (!*done) call.Call({Napi::Number::New(env, fraction)});
  });
}

void LoadJob::Settle() {
  *done_ = true;
  if (reports_) progress_.Release();
}

Napi::Value LoadJob::Result(Napi::Env env) { return NativeModel::New(env, std::move(model_)); }

}  // namespace steermoe
