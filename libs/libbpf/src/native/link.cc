#include "link.h"

#include <linux/bpf.h>

#include "kernel_abi.h"
#include "program.h"

void Link::Init(Napi::Env env, Napi::Object exports) {
  Napi::Function f = DefineClass(env, "Link", WithCommon({
      StaticMethod<&Link::FromPin>("fromPin"),
      StaticMethod<&Link::FromId>("fromId"),
      InstanceMethod<&Link::Info>("info"),
      InstanceMethod<&Link::Update>("update"),
      InstanceMethod<&Link::Detach>("detach"),
  }));
  Constructors::Of(env).link = Napi::Persistent(f);
  exports.Set("Link", f);
}

Napi::Value Link::FromPin(const Napi::CallbackInfo& info) {
  const std::string path = info[0].As<Napi::String>();
  return Call(info.Env(), [&] { return Wrap(info.Env(), OpenPin(path, "link")); });
}

Napi::Value Link::FromId(const Napi::CallbackInfo& info) {
  const uint32_t id = info[0].As<Napi::Number>();
  return Call(info.Env(), [&] { return Wrap(info.Env(), OwnFd(bpf_link_get_fd_by_id(id), "bpf_link_get_fd_by_id")); });
}

Napi::Value Link::Info(const Napi::CallbackInfo& info) {
  return Call(info.Env(), [&] {
    bpf_link_info link = {};
    uint32_t size = sizeof(link);
    Check(bpf_link_get_info_by_fd(fd()->value(), &link, &size), "bpf_link_get_info_by_fd");
    Napi::Object out = Napi::Object::New(info.Env());
    out.Set("id", link.id);
    out.Set("type", link.type);
    out.Set("programId", link.prog_id);
    switch (link.type) {
      case kLinkTypeXdp:
        out.Set("ifindex", link.xdp.ifindex);
        out.Set("attachType", kAttachTypeXdp);
        break;
      case kLinkTypeTcx:
      case kLinkTypeNetkit:
        // {ifindex, attach_type}; older headers lack the member, netns has the same layout.
        out.Set("ifindex", link.netns.netns_ino);
        out.Set("attachType", link.netns.attach_type);
        break;
      case kLinkTypeNetns:
        out.Set("netnsInode", link.netns.netns_ino);
        out.Set("attachType", link.netns.attach_type);
        break;
      case kLinkTypeCgroup:
        out.Set("cgroupId", static_cast<double>(link.cgroup.cgroup_id));
        out.Set("attachType", link.cgroup.attach_type);
        break;
    }
    return out;
  });
}

// (new program, expected old program or undefined)
Napi::Value Link::Update(const Napi::CallbackInfo& info) {
  SharedFd program = Program::FdOf(info[0]);
  SharedFd expected = info[1].IsUndefined() ? nullptr : Program::FdOf(info[1]);
  return Call(info.Env(), [&] {
    return RunTask(info.Env(), [link = fd(), program, expected] {
      LIBBPF_OPTS(bpf_link_update_opts, opts);
      if (expected) {
        opts.flags = kReplace;
        opts.old_prog_fd = expected->value();
      }
      Check(bpf_link_update(link->value(), program->value(), &opts), "bpf_link_update");
    });
  });
}

Napi::Value Link::Detach(const Napi::CallbackInfo& info) {
  return Call(info.Env(), [&] {
    return RunTask(info.Env(), [link = fd()] { Check(bpf_link_detach(link->value()), "bpf_link_detach"); });
  });
}
