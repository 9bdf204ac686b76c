#include "probe.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include <cstring>
#include <vector>

#include "task.h"

namespace {

Napi::Value ToNumber(Napi::Env env, int& result) { return Napi::Number::New(env, result); }

// 1 supported, 0 not, negative errno when it cannot be told.
Napi::Value ProbeProgramType(const Napi::CallbackInfo& info) {
  const auto type = static_cast<bpf_prog_type>(info[0].As<Napi::Number>().Uint32Value());
  return Task<int>::Run(info.Env(), [type] { return libbpf_probe_bpf_prog_type(type, nullptr); }, ToNumber);
}

Napi::Value ProbeMapType(const Napi::CallbackInfo& info) {
  const auto type = static_cast<bpf_map_type>(info[0].As<Napi::Number>().Uint32Value());
  return Task<int>::Run(info.Env(), [type] { return libbpf_probe_bpf_map_type(type, nullptr); }, ToNumber);
}

using Results = std::vector<int>;

// (program type, number of helpers): one result per helper id.
Napi::Value ProbeHelpers(const Napi::CallbackInfo& info) {
  const auto type = static_cast<bpf_prog_type>(info[0].As<Napi::Number>().Uint32Value());
  const uint32_t count = info[1].As<Napi::Number>();
  return Task<Results>::Run(
      info.Env(),
      [type, count] {
        Results results(count);
        for (uint32_t id = 1; id < count; id++) {
          results[id] = libbpf_probe_bpf_helper(type, static_cast<bpf_func_id>(id), nullptr);
        }
        return results;
      },
      [](Napi::Env env, Results& results) -> Napi::Value {
        Napi::Array out = Napi::Array::New(env, results.size());
        for (size_t i = 0; i < results.size(); i++) out.Set(i, results[i]);
        return out;
      });
}

// Kernel functions that programs may call: those that vmlinux's BTF tags `bpf_kfunc`.
Napi::Value KernelFunctions(const Napi::CallbackInfo& info) {
  using Names = std::vector<std::string>;
  return Task<Names>::Run(
      info.Env(),
      [] {
        const std::unique_ptr<btf, decltype(&btf__free)> kernel(btf__load_vmlinux_btf(), btf__free);
        if (!kernel) Fail(errno, "btf__load_vmlinux_btf");
        Names names;
        for (uint32_t id = 1; id < btf__type_cnt(kernel.get()); id++) {
          const btf_type* type = btf__type_by_id(kernel.get(), id);
          if (!btf_is_decl_tag(type) || strcmp(btf__name_by_offset(kernel.get(), type->name_off), "bpf_kfunc") != 0) continue;
          const btf_type* function = btf__type_by_id(kernel.get(), type->type);
          names.emplace_back(btf__name_by_offset(kernel.get(), function->name_off));
        }
        return names;
      },
      [](Napi::Env env, Names& names) -> Napi::Value {
        Napi::Array out = Napi::Array::New(env, names.size());
        for (size_t i = 0; i < names.size(); i++) out.Set(i, names[i]);
        return out;
      });
}

}  // namespace

void InitProbes(Napi::Env env, Napi::Object exports) {
  exports.Set("probeProgramType", Napi::Function::New<ProbeProgramType>(env));
  exports.Set("probeMapType", Napi::Function::New<ProbeMapType>(env));
  exports.Set("probeHelpers", Napi::Function::New<ProbeHelpers>(env));
  exports.Set("kernelFunctions", Napi::Function::New<KernelFunctions>(env));
}
