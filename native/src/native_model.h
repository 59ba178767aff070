#pragma once

#include <napi.h>

#include <memory>

#include "model.h"

namespace steermoe {

/** NativeModel of tap.d.ts. */
class NativeModel : public Napi::ObjectWrap<NativeModel> {
 public:
  static Napi::Function Define(Napi::Env env);
  static Napi::Object New(Napi::Env env, std::shared_ptr<Model> model);

  /** Only called from New: JS has no way to the class but through an object's constructor. */
  explicit NativeModel(const Napi::CallbackInfo& info);

 private:
  Napi::Value Metadata(const Napi::CallbackInfo& info);
  Napi::Value Tokenize(const Napi::CallbackInfo& info);
  Napi::Value Piece(const Napi::CallbackInfo& info);
  Napi::Value IsControl(const Napi::CallbackInfo& info);
  Napi::Value IsEndOfGeneration(const Napi::CallbackInfo& info);
  Napi::Value CreateContext(const Napi::CallbackInfo& info);
  Napi::Value Free(const Napi::CallbackInfo& info);

  /** Throws TapError "freed". */
  const Model& Use() const;
  int32_t Token(const Napi::Value& value) const;
  void DefineFacts(Napi::Object object) const;

  std::shared_ptr<Model> model_;
};

}  // namespace steermoe
