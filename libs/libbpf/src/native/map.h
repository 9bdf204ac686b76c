#pragma once

#include <linux/bpf.h>

#include "handle.h"

class Map : public Handle<Map> {
 public:
  static constexpr napi_type_tag kTag = {0x7a1f0c6be0f14d55, 0x9d5d6b9f0a3c0001};
  static constexpr const char* kName = "map";
  static Napi::FunctionReference& constructor(Napi::Env env) { return Constructors::Of(env).map; }
  static void Init(Napi::Env env, Napi::Object exports);

  explicit Map(const Napi::CallbackInfo& info);

 private:
  static Napi::Value FromPin(const Napi::CallbackInfo& info);
  static Napi::Value FromId(const Napi::CallbackInfo& info);
  static Napi::Value Create(const Napi::CallbackInfo& info);

  Napi::Value Info(const Napi::CallbackInfo& info);
  Napi::Value Lookup(const Napi::CallbackInfo& info);
  void Update(const Napi::CallbackInfo& info);
  Napi::Value UpdateSlow(const Napi::CallbackInfo& info);
  Napi::Value Delete(const Napi::CallbackInfo& info);
  Napi::Value NextKey(const Napi::CallbackInfo& info);
  Napi::Value LookupBatch(const Napi::CallbackInfo& info);
  Napi::Value UpdateBatch(const Napi::CallbackInfo& info);
  Napi::Value DeleteBatch(const Napi::CallbackInfo& info);
  void Freeze(const Napi::CallbackInfo& info);

  const uint8_t* Bytes(const Napi::Value& value, size_t size) const;

  uint32_t key_size_ = 0;
  // Of one element as user space sees it: for per-CPU maps all CPUs' values, each rounded up to 8 bytes.
  uint32_t value_size_ = 0;
};
