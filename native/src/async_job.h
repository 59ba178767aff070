#pragma once

#include <napi.h>

#include <memory>

#include "tap_error.h"

namespace steermoe {

/**
 * Work for a thread of Node's pool, and a promise of its result. Made with new; it deletes itself when done.
 * Written on the C interface, because a job may end while the realm goes down and must then end quietly.
 */
class AsyncJob {
 public:
  explicit AsyncJob(Napi::Env env);
  virtual ~AsyncJob() = default;
  AsyncJob(const AsyncJob&) = delete;
  AsyncJob& operator=(const AsyncJob&) = delete;

  /** Queues the job and hands it to itself. Throws TapError, and then nothing was queued. */
  static Napi::Promise Start(std::unique_ptr<AsyncJob> job, const char* name);

 protected:
  /** On the worker; whatever it throws rejects the promise. */
  virtual void Execute() = 0;
  /** Back on the JS thread, in any case and first. */
  virtual void Settle() {}
  /** On the JS thread, where Execute threw nothing. */
  virtual Napi::Value Result(Napi::Env env) = 0;

 private:
  static void OnExecute(napi_env env, void* data);
  static void OnComplete(napi_env env, napi_status status, void* data);
  void Finish(Napi::Env env, napi_status status);

  Napi::Promise::Deferred deferred_;
  napi_async_work work_ = nullptr;
  std::unique_ptr<TapError> failure_;
};

}  // namespace steermoe
