#include "js_values.h"

#include <cmath>

#include "tap_error.h"

namespace steermoe {

namespace {

[[noreturn]] void Refuse(const std::string& name, const std::string& what) {
  throw TapError("bad-argument", "The argument " + name + " must be " + what + ".");
}

template <typename Element>
Span<Element> ReadArray(const Napi::Object& from, const char* name, napi_typedarray_type wanted, const char* wanted_name,
                        bool optional) {
  const Napi::Value value = from.Get(name);
  if (optional && value.IsUndefined()) return {};
  if (!value.IsTypedArray()) Refuse(name, wanted_name);
  napi_typedarray_type type;
  void* data = nullptr;
  size_t length = 0;
  const napi_status status = napi_get_typedarray_info(from.Env(), value, &type, &length, &data, nullptr, nullptr);
  if (status != napi_ok || type != wanted) Refuse(name, wanted_name);
  Span<Element> span;
  span.data = static_cast<const Element*>(data);
  span.size = length;
  span.given = true;
  return span;
}

}  // namespace

Span<int32_t> ReadInt32Array(const Napi::Object& from, const char* name, bool optional) {
  return ReadArray<int32_t>(from, name, napi_int32_array, "an Int32Array", optional);
}

Span<int16_t> ReadInt16Array(const Napi::Object& from, const char* name, bool optional) {
  return ReadArray<int16_t>(from, name, napi_int16_array, "an Int16Array", optional);
}

Span<uint8_t> ReadUint8Array(const Napi::Object& from, const char* name, bool optional) {
  return ReadArray<uint8_t>(from, name, napi_uint8_array, "a Uint8Array", optional);
}

Span<float> ReadFloat32Array(const Napi::Object& from, const char* name, bool optional) {
  return ReadArray<float>(from, name, napi_float32_array, "a Float32Array", optional);
}

double ReadNumber(const Napi::Object& from, const char* name) {
  const Napi::Value value = from.Get(name);
  if (!value.IsNumber()) Refuse(name, "a number");
  const double number = value.As<Napi::Number>().DoubleValue();
  if (!std::isfinite(number)) Refuse(name, "a finite number");
  return number;
}

int32_t ToInteger(const Napi::Value& value, const char* name, int32_t least, int32_t most) {
  const double number = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : std::nan("");
  if (!(number >= least && number <= most) || number != std::floor(number)) {
    Refuse(name, "an integer from " + std::to_string(least) + " to " + std::to_string(most));
  }
  return static_cast<int32_t>(number);
}

int32_t ReadInteger(const Napi::Object& from, const char* name, int32_t least, int32_t most) {
  return ToInteger(from.Get(name), name, least, most);
}

bool ReadFlag(const Napi::Object& from, const char* name, bool optional) {
  const Napi::Value value = from.Get(name);
  if (optional && value.IsUndefined()) return false;
  if (!value.IsBoolean()) Refuse(name, "a boolean");
  return value.As<Napi::Boolean>().Value();
}

std::string ToText(const Napi::Value& value, const char* name) {
  if (!value.IsString()) Refuse(name, "a string");
  return value.As<Napi::String>().Utf8Value();
}

std::string ReadString(const Napi::Object& from, const char* name) { return ToText(from.Get(name), name); }

Napi::Object ToObject(const Napi::Value& value, const char* name) {
  if (!value.IsObject()) Refuse(name, "an object");
  return value.As<Napi::Object>();
}

}  // namespace steermoe
