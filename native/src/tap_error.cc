#include "tap_error.h"

namespace steermoe {

Napi::Error ToJs(Napi::Env env, const TapError& error) {
  Napi::Error js = Napi::Error::New(env, error.what());
  js.Set("code", Napi::String::New(env, error.code()));
  return js;
}

}  // namespace steermoe
