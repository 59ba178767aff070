#pragma once

#include <napi.h>

#include <cstdint>
#include <string>
#include <vector>

// Reading arguments: each function throws TapError "bad-argument" with a sentence that names the argument.
namespace steermoe {

/** The elements of a typed array; valid until control returns to JS. */
template <typename Element>
struct Span {
  const Element* data = nullptr;
  size_t size = 0;
  bool given = false;
  Element operator[](size_t i) const { return data[i]; }
};

Span<int32_t> ReadInt32Array(const Napi::Object& from, const char* name, bool optional);
Span<int16_t> ReadInt16Array(const Napi::Object& from, const char* name, bool optional);
Span<uint8_t> ReadUint8Array(const Napi::Object& from, const char* name, bool optional);
Span<float> ReadFloat32Array(const Napi::Object& from, const char* name, bool optional);

/** A finite number. */
double ReadNumber(const Napi::Object& from, const char* name);
/** An integer in least..most. */
int32_t ReadInteger(const Napi::Object& from, const char* name, int32_t least, int32_t most);
int32_t ToInteger(const Napi::Value& value, const char* name, int32_t least, int32_t most);
bool ReadFlag(const Napi::Object& from, const char* name, bool optional);
std::string ReadString(const Napi::Object& from, const char* name);
std::string ToText(const Napi::Value& value, const char* name);
Napi::Object ToObject(const Napi::Value& value, const char* name);

/** A copy as a new typed array. */
template <typename Array, typename Element>
Array CopyOut(Napi::Env env, const std::vector<Element>& elements) {
  Array array = Array::New(env, elements.size());
  if (!elements.empty()) std::copy(elements.begin(), elements.end(), array.Data());
  return array;
}

}  // namespace steermoe
