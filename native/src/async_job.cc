#include "async_job.h"

#include <string>

namespace steermoe {

AsyncJob::AsyncJob(Napi::Env env) : deferred_(Napi::Promise::Deferred::New(env)) {}

Napi::Promise AsyncJob::Start(std::unique_ptr<AsyncJob> job, const char* name) {
  const Napi::Env env = job->deferred_.Env();
  const Napi::Promise promise = job->deferred_.Promise();
  napi_status status =
      napi_create_async_work(env, nullptr, Napi::String::New(env, name), OnExecute, OnComplete, job.get(), &job->work_);
  if (status == napi_ok) {
    status = napi_queue_async_work(env, job->work_);
    if (status != napi_ok) napi_delete_async_work(env, job->work_);
  }
  if (status != napi_ok) throw TapError("internal", "Node could not queue the work.");
  job.release();
  return promise;
}

void AsyncJob::OnExecute(napi_env, void* data) {
  AsyncJob* job = static_cast<AsyncJob*>(data);
  const char* code = "internal";
  std::string sentence = "The router tap failed for an unknown reason.";
  try {
    job->Execute();
    return;
  } catch (const TapError& error) {
    code = error.code();
    sentence = error.what();
  } catch (const std::exception& error) {
    sentence = std::string("The router tap failed: ") + error.what() + ".";
  } catch (...) {
  }
  job->failure_.reset(new TapError(code, sentence));
}

void AsyncJob::OnComplete(napi_env raw_env, napi_status status, void* data) {
  std::unique_ptr<AsyncJob> job(static_cast<AsyncJob*>(data));
  const Napi::Env env(raw_env);
  const Napi::HandleScope scope(env);
  napi_delete_async_work(raw_env, job->work_);
  try {
    job->Settle();
    job->Finish(env, status);
  } catch (...) {  // The realm is going down: there is nobody to tell.
  }
}

void AsyncJob::Finish(Napi::Env env, napi_status status) {
  if (status == napi_cancelled) failure_.reset(new TapError("aborted", "The work was stopped before it began."));
  Napi::Value result;
  if (failure_ == nullptr) {
    try {
      result = Result(env);
    } catch (const Napi::Error& error) {
      deferred_.Reject(error.Value());
      return;
    } catch (const TapError& error) {
      failure_.reset(new TapError(error));
    } catch (const std::exception& error) {
      failure_.reset(new TapError("internal", error.what()));
    }
  }
  if (failure_ != nullptr) {
    deferred_.Reject(ToJs(env, *failure_).Value());
  } else {
    deferred_.Resolve(result);
  }
}

}  // namespace steermoe
