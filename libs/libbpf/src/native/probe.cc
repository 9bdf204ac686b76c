#include "probe.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <unistd.h>

#include <cstring>
#include <vector>

#include "kernel_abi.h"
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

// libbpf's own helper probe (1.4) does not know the verifier's words of Linux 6.9 and later and finds every helper
// supported, so the refusal is looked for here. The attach types are those without which a type cannot be loaded.
int TryHelper(bpf_prog_type type, uint32_t helper) {
  LIBBPF_OPTS(bpf_prog_load_opts, opts);
  switch (static_cast<uint32_t>(type)) {
    case BPF_PROG_TYPE_CGROUP_SOCK_ADDR:
      opts.expected_attach_type = BPF_CGROUP_INET4_CONNECT;
      break;
    case BPF_PROG_TYPE_CGROUP_SOCKOPT:
      opts.expected_attach_type = BPF_CGROUP_GETSOCKOPT;
      break;
    case BPF_PROG_TYPE_SK_LOOKUP:
      opts.expected_attach_type = BPF_SK_LOOKUP;
      break;
    case kProgramTypeNetfilter:
      opts.expected_attach_type = static_cast<bpf_attach_type>(kAttachTypeNetfilter);
      break;
    case BPF_PROG_TYPE_SYSCALL:
      opts.prog_flags = BPF_F_SLEEPABLE;
      break;
    default:
      break;
  }
  char log[4096] = {};
  opts.log_buf = log;
  opts.log_size = sizeof(log);
  opts.log_level = 1;
  bpf_insn instructions[2] = {};
  instructions[0].code = BPF_JMP | BPF_CALL;
  instructions[0].imm = static_cast<int>(helper);
  instructions[1].code = BPF_JMP | BPF_EXIT;
  const int fd = bpf_prog_load(type, nullptr, "GPL", instructions, 2, &opts);
  if (fd >= 0) {
    close(fd);
    return 1;
  }
  for (const char* refusal : {"program of this type cannot use helper", "unknown func", "invalid func"}) {
    if (strstr(log, refusal) != nullptr) return 0;
  }
  // Refused for another reason (its arguments are missing): the helper itself is known. No log: never looked at.
  return log[0] != '\0' ? 1 : fd;
}

// Programs of these types cannot be loaded without a target in the kernel.
bool NeedsTarget(bpf_prog_type type) {
  return type == BPF_PROG_TYPE_TRACING || type == BPF_PROG_TYPE_EXT || type == BPF_PROG_TYPE_LSM ||
         type == BPF_PROG_TYPE_STRUCT_OPS;
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
        if (NeedsTarget(type) || libbpf_probe_bpf_prog_type(type, nullptr) != 1) return results;
        for (uint32_t id = 1; id < count; id++) results[id] = TryHelper(type, id);
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
