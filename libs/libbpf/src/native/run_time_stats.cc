#include "run_time_stats.h"

#include <linux/bpf.h>

void RunTimeStats::Init(Napi::Env env, Napi::Object exports) {
  Napi::Function f = DefineClass(env, "RunTimeStats", WithCommon({
      StaticMethod<&RunTimeStats::Enable>("enable"),
  }));
  Constructors::Of(env).run_time_stats = Napi::Persistent(f);
  exports.Set("RunTimeStats", f);
}

Napi::Value RunTimeStats::Enable(const Napi::CallbackInfo& info) {
  return Call(info.Env(), [&] { return Wrap(info.Env(), OwnFd(bpf_enable_stats(BPF_STATS_RUN_TIME), "bpf_enable_stats")); });
}
