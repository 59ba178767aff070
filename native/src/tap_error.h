#pragma once

#include <napi.h>

#include <stdexcept>
#include <string>

namespace steermoe {

/** A failure with a code of tap.d.ts and a sentence for a person. Thrown off the main thread too: it holds no JS. */
class TapError : public std::runtime_error {
 public:
  TapError(const char* code, const std::string& sentence) : std::runtime_error(sentence), code_(code) {}
  const char* code() const { return code_; }

 private:
  const char* code_;
};

Napi::Error ToJs(Napi::Env env, const TapError& error);

/** Turns whatever the body throws into a JS exception with a code: nothing else may leave an entry point. */
template <typename Body>
auto Guarded(Napi::Env env, Body&& body) -> decltype(body()) {
  try {
    return body();
  } catch (const Napi::Error&) {
    throw;
  } catch (const TapError& error) {
    throw ToJs(env, error);
  } catch (const std::exception& error) {
    throw ToJs(env, TapError("internal", std::string("The router tap failed: ") + error.what() + "."));
  } catch (...) {
    throw ToJs(env, TapError("internal", "The router tap failed for an unknown reason."));
  }
}

}  // namespace steermoe
