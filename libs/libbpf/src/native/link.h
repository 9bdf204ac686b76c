#pragma once

#include "handle.h"

class Link : public Handle<Link> {
 public:
  static constexpr napi_type_tag kTag = {0x7a1f0c6be0f14d55, 0x9d5d6b9f0a3c0003};
  static constexpr const char* kName = "link";
  static Napi::FunctionReference& constructor(Napi::Env env) { return Constructors::Of(env).link; }
  static void Init(Napi::Env env, Napi::Object exports);

  explicit Link(const Napi::CallbackInfo& info) : Handle(info) {}

 private:
  static Napi::Value FromPin(const Napi::CallbackInfo& info);
  static Napi::Value FromId(const Napi::CallbackInfo& info);

  Napi::Value Info(const Napi::CallbackInfo& info);
  Napi::Value Update(const Napi::CallbackInfo& info);
  Napi::Value Detach(const Napi::CallbackInfo& info);
};
