#pragma once

#include "handle.h"

// The kernel counts run time and runs of every program while one such descriptor is open anywhere.
class RunTimeStats : public Handle<RunTimeStats> {
 public:
  static constexpr napi_type_tag kTag = {0x7a1f0c6be0f14d55, 0x9d5d6b9f0a3c0004};
  static constexpr const char* kName = "stats";
  static Napi::FunctionReference& constructor(Napi::Env env) { return Constructors::Of(env).run_time_stats; }
  static void Init(Napi::Env env, Napi::Object exports);

  explicit RunTimeStats(const Napi::CallbackInfo& info) : Handle(info) {}

 private:
  static Napi::Value Enable(const Napi::CallbackInfo& info);
};
