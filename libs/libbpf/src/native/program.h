#pragma once

#include "handle.h"

class Program : public Handle<Program> {
 public:
  static constexpr napi_type_tag kTag = {0x7a1f0c6be0f14d55, 0x9d5d6b9f0a3c0002};
  static constexpr const char* kName = "program";
  static Napi::FunctionReference& constructor(Napi::Env env) { return Constructors::Of(env).program; }
  static void Init(Napi::Env env, Napi::Object exports);

  explicit Program(const Napi::CallbackInfo& info) : Handle(info) {}

 private:
  static Napi::Value FromPin(const Napi::CallbackInfo& info);
  static Napi::Value FromId(const Napi::CallbackInfo& info);

  Napi::Value Info(const Napi::CallbackInfo& info);
  Napi::Value TestRun(const Napi::CallbackInfo& info);
  Napi::Value AttachDevice(const Napi::CallbackInfo& info);
  Napi::Value AttachCgroup(const Napi::CallbackInfo& info);
  void BindMap(const Napi::CallbackInfo& info);
};
