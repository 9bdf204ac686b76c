#include "program.h"

#include <bpf/libbpf.h>
#include <linux/bpf.h>

#include <cstdio>
#include <cstring>
#include <vector>

#include "kernel_abi.h"
#include "link.h"
#include "map.h"

namespace {

using Bytes = std::vector<uint8_t>;

Bytes Copy(const Napi::Value& value) {
  if (value.IsUndefined()) return {};
  const auto bytes = value.As<Napi::Uint8Array>();
  return Bytes(bytes.Data(), bytes.Data() + bytes.ByteLength());
}

struct Run {
  Bytes data, ctx;
  uint32_t retval = 0;
  uint32_t duration = 0;
};

}  // namespace

void Program::Init(Napi::Env env, Napi::Object exports) {
  Napi::Function f = DefineClass(env, "Program", WithCommon({
      StaticMethod<&Program::FromPin>("fromPin"),
      StaticMethod<&Program::FromId>("fromId"),
      InstanceMethod<&Program::Info>("info"),
      InstanceMethod<&Program::TestRun>("testRun"),
      InstanceMethod<&Program::AttachDevice>("attachDevice"),
      InstanceMethod<&Program::AttachCgroup>("attachCgroup"),
      InstanceMethod<&Program::BindMap>("bindMap"),
  }));
  Constructors::Of(env).program = Napi::Persistent(f);
  exports.Set("Program", f);
}

Napi::Value Program::FromPin(const Napi::CallbackInfo& info) {
  const std::string path = info[0].As<Napi::String>();
  return Call(info.Env(), [&] { return Wrap(info.Env(), OpenPin(path, "-prog")); });
}

Napi::Value Program::FromId(const Napi::CallbackInfo& info) {
  const uint32_t id = info[0].As<Napi::Number>();
  return Call(info.Env(), [&] { return Wrap(info.Env(), OwnFd(bpf_prog_get_fd_by_id(id), "bpf_prog_get_fd_by_id")); });
}

Napi::Value Program::Info(const Napi::CallbackInfo& info) {
  return Call(info.Env(), [&] {
    bpf_prog_info counts = {};
    uint32_t size = sizeof(counts);
    Check(bpf_prog_get_info_by_fd(fd()->value(), &counts, &size), "bpf_prog_get_info_by_fd");
    std::vector<uint32_t> maps(counts.nr_map_ids);
    bpf_prog_info program = {};
    program.nr_map_ids = maps.size();
    program.map_ids = reinterpret_cast<uintptr_t>(maps.data());
    size = sizeof(program);
    Check(bpf_prog_get_info_by_fd(fd()->value(), &program, &size), "bpf_prog_get_info_by_fd");

    Napi::Env env = info.Env();
    Napi::Array map_ids = Napi::Array::New(env, maps.size());
    for (size_t i = 0; i < maps.size(); i++) map_ids.Set(i, maps[i]);
    char tag[2 * BPF_TAG_SIZE + 1];
    for (int i = 0; i < BPF_TAG_SIZE; i++) snprintf(tag + 2 * i, 3, "%02x", program.tag[i]);
    Napi::Object out = Napi::Object::New(env);
    out.Set("id", program.id);
    out.Set("type", program.type);
    out.Set("name", std::string(program.name, strnlen(program.name, sizeof(program.name))));
    out.Set("tag", std::string(tag));
    out.Set("mapIds", map_ids);
    out.Set("btfId", program.btf_id);
    out.Set("loadTimeNs", static_cast<double>(program.load_time));
    out.Set("createdByUid", program.created_by_uid);
    out.Set("gplCompatible", program.gpl_compatible == 1);
    out.Set("xlatedBytes", program.xlated_prog_len);
    out.Set("jitedBytes", program.jited_prog_len);
    out.Set("verifiedInstructions", program.verified_insns);
    out.Set("runTimeNs", static_cast<double>(program.run_time_ns));
    out.Set("runCount", static_cast<double>(program.run_cnt));
    out.Set("recursionMisses", static_cast<double>(program.recursion_misses));
    return out;
  });
}

Napi::Value Program::TestRun(const Napi::CallbackInfo& info) {
  const auto options = info[0].As<Napi::Object>();
  const auto number = [&](const char* field) { return options.Get(field).As<Napi::Number>().Uint32Value(); };
  const bool live = options.Get("liveFrames").ToBoolean();
  return Call(info.Env(), [&] {
    return Task<Run>::Run(
        info.Env(),
        [program = fd(), data = Copy(options.Get("data")), ctx = Copy(options.Get("ctx")), repeat = number("repeat"),
         batch = number("batchSize"), room = number("dataOutSize"), live] {
          Run run;
          LIBBPF_OPTS(bpf_test_run_opts, opts, .repeat = static_cast<int>(repeat));
          if (!data.empty()) {
            opts.data_in = data.data();
            opts.data_size_in = data.size();
          }
          if (!ctx.empty()) {
            opts.ctx_in = ctx.data();
            opts.ctx_size_in = ctx.size();
          }
          if (live) {
            opts.flags = kTestRunLiveFrames;
            opts.batch_size = batch;
          } else {
            run.data.resize(data.empty() ? 0 : room);
            run.ctx.resize(ctx.size());
            opts.data_out = run.data.empty() ? nullptr : run.data.data();
            opts.data_size_out = run.data.size();
            opts.ctx_out = run.ctx.empty() ? nullptr : run.ctx.data();
            opts.ctx_size_out = run.ctx.size();
          }
          Check(bpf_prog_test_run_opts(program->value(), &opts), "bpf_prog_test_run_opts");
          run.data.resize(live ? 0 : std::min<size_t>(opts.data_size_out, run.data.size()));
          run.ctx.resize(live ? 0 : std::min<size_t>(opts.ctx_size_out, run.ctx.size()));
          run.retval = opts.retval;
          run.duration = opts.duration;
          return run;
        },
        [](Napi::Env env, Run& run) -> Napi::Value {
          Napi::Object out = Napi::Object::New(env);
          out.Set("retval", run.retval);
          out.Set("durationNs", run.duration);
          out.Set("data", Napi::Buffer<uint8_t>::Copy(env, run.data.data(), run.data.size()));
          out.Set("ctx", Napi::Buffer<uint8_t>::Copy(env, run.ctx.data(), run.ctx.size()));
          return out;
        });
  });
}

// (ifindex, attach type, flags, relative id, expected revision): an XDP link, or a TCX link with its place in the order.
Napi::Value Program::AttachDevice(const Napi::CallbackInfo& info) {
  const uint32_t ifindex = info[0].As<Napi::Number>();
  const uint32_t type = info[1].As<Napi::Number>();
  const uint32_t flags = info[2].As<Napi::Number>();
  const uint32_t relative_id = info[3].As<Napi::Number>();
  const uint64_t revision = info[4].As<Napi::Number>().Int64Value();
  return Call(info.Env(), [&] {
    return Task<SharedFd>::Run(
        info.Env(),
        [program = fd(), ifindex, type, flags, relative_id, revision] {
          LIBBPF_OPTS(bpf_link_create_opts, opts, .flags = flags);
          if (type != kAttachTypeXdp) {
            opts.tcx.relative_id = relative_id;
            opts.tcx.expected_revision = revision;
          }
          return OwnFd(bpf_link_create(program->value(), ifindex, static_cast<bpf_attach_type>(type), &opts), "bpf_link_create");
        },
        [](Napi::Env env, SharedFd& fd) -> Napi::Value { return Link::Wrap(env, fd); });
  });
}

Napi::Value Program::AttachCgroup(const Napi::CallbackInfo& info) {
  const std::string path = info[0].As<Napi::String>();
  const uint32_t type = info[1].As<Napi::Number>();
  return Call(info.Env(), [&] {
    return Task<SharedFd>::Run(
        info.Env(),
        [program = fd(), path, type] {
          const int directory = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
          if (directory < 0) Fail(errno, "open");
          const Fd cgroup(directory);
          return OwnFd(bpf_link_create(program->value(), cgroup.value(), static_cast<bpf_attach_type>(type), nullptr), "bpf_link_create");
        },
        [](Napi::Env env, SharedFd& fd) -> Napi::Value { return Link::Wrap(env, fd); });
  });
}

void Program::BindMap(const Napi::CallbackInfo& info) {
  const SharedFd map = Map::FdOf(info[0]);
  Call(info.Env(), [&] { Check(bpf_prog_bind_map(fd()->value(), map->value(), nullptr), "bpf_prog_bind_map"); });
}
