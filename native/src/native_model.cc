#include "native_model.h"

#include "js_values.h"
#include "native_context.h"
#include "realm.h"
#include "tap_error.h"

namespace steermoe {

Napi::Function NativeModel::Define(Napi::Env env) {
  return DefineClass(env, "NativeModel",
                     {InstanceMethod<&NativeModel::Metadata>("metadata"),
                      InstanceMethod<&NativeModel::Tokenize>("tokenize"),
                      InstanceMethod<&NativeModel::Piece>("piece"),
                      InstanceMethod<&NativeModel::IsControl>("isControl"),
                      InstanceMethod<&NativeModel::IsEndOfGeneration>("isEndOfGeneration"),
                      InstanceMethod<&NativeModel::CreateContext>("createContext"),
                      InstanceMethod<&NativeModel::Free>("free")});
}

NativeModel::NativeModel(const Napi::CallbackInfo& info) : Napi::ObjectWrap<NativeModel>(info) {
  model_ = RealmOf(info.Env()).TakeNewModel();
  if (model_ == nullptr) throw Napi::TypeError::New(info.Env(), "Models are made by loadModel().");
  DefineFacts(info.This().As<Napi::Object>());
}

Napi::Object NativeModel::New(Napi::Env env, std::shared_ptr<Model> model) {
  Realm& realm = RealmOf(env);
  realm.OfferModel(std::move(model));
  return realm.model_class.New({});
}

// Read once: they stay readable when the model is freed.
void NativeModel::DefineFacts(Napi::Object object) const {
  const LlamaApi& api = Llama();
  const Napi::Env env = object.Env();
  const llama_model* model = model_->get();
  const auto fact = [&](const char* name, const Napi::Value& value) {
    object.DefineProperty(Napi::PropertyDescriptor::Value(name, value, napi_enumerable));
  };
  const auto number = [&](double value) { return Napi::Number::New(env, value); };
  fact("layers", number(api.llama_model_n_layer(model)));
  fact("vocabulary", number(model_->vocabulary()));
  fact("trainedContext", number(api.llama_model_n_ctx_train(model)));
  fact("embedding", number(api.llama_model_n_embd(model)));
  fact("parameters", number(static_cast<double>(api.llama_model_n_params(model))));
  fact("bytes", number(static_cast<double>(api.llama_model_size(model))));
  char description[256] = "";
  api.llama_model_desc(model, description, sizeof description);
  fact("description", Napi::String::New(env, description));
  Napi::Object special = Napi::Object::New(env);
  special.Set("bos", number(api.llama_vocab_bos(model_->vocab())));
  special.Set("eos", number(api.llama_vocab_eos(model_->vocab())));
  special.Set("eot", number(api.llama_vocab_eot(model_->vocab())));
  fact("special", special);
  fact("addsBos", Napi::Boolean::New(env, api.llama_vocab_get_add_bos(model_->vocab())));
  const char* chat_template = api.llama_model_chat_template(model, nullptr);
  fact("chatTemplate", chat_template == nullptr ? env.Undefined() : Napi::String::New(env, chat_template).As<Napi::Value>());
  fact("recurrent", Napi::Boolean::New(env, model_->recurrent()));
}

const Model& NativeModel::Use() const {
  if (model_ == nullptr) throw TapError("freed", "This model was freed.");
  return *model_;
}

int32_t NativeModel::Token(const Napi::Value& value) const { return ToInteger(value, "token", 0, Use().vocabulary() - 1); }

Napi::Value NativeModel::Metadata(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&]() -> Napi::Value {
    std::string value;
    if (!Use().Metadata(ToText(info[0], "key"), &value)) return info.Env().Undefined();
    return Napi::String::New(info.Env(), value);
  });
}

Napi::Value NativeModel::Tokenize(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    const bool parse_special = info[1].ToBoolean(), add_special = info[2].ToBoolean();
    return CopyOut<Napi::Int32Array>(info.Env(), Use().Tokenize(ToText(info[0], "text"), parse_special, add_special));
  });
}

Napi::Value NativeModel::Piece(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    const std::string piece = Use().Piece(Token(info[0]), info[1].ToBoolean());
    Napi::Uint8Array bytes = Napi::Uint8Array::New(info.Env(), piece.size());
    std::copy(piece.begin(), piece.end(), bytes.Data());
    return bytes;
  });
}

Napi::Value NativeModel::IsControl(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    return Napi::Boolean::New(info.Env(), Llama().llama_vocab_is_control(Use().vocab(), Token(info[0])));
  });
}

Napi::Value NativeModel::IsEndOfGeneration(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    return Napi::Boolean::New(info.Env(), Llama().llama_vocab_is_eog(Use().vocab(), Token(info[0])));
  });
}

Napi::Value NativeModel::CreateContext(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    Use();
    return NativeContext::New(info.Env(), model_, ToObject(info[0], "options"));
  });
}

Napi::Value NativeModel::Free(const Napi::CallbackInfo& info) {
  return Guarded(info.Env(), [&] {
    model_.reset();
    return info.Env().Undefined();
  });
}

}  // namespace steermoe
