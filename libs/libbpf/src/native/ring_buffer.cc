#include "ring_buffer.h"

#include "map.h"

void RingBuffer::Init(Napi::Env env, Napi::Object exports) {
  Napi::Function f = DefineClass(env, "RingBuffer",
                                 {InstanceMethod<&RingBuffer::Consume>("consume"),
                                  InstanceMethod<&RingBuffer::SetReferenced>("setReferenced"),
                                  InstanceMethod<&RingBuffer::Close>("close")});
  Constructors::Of(env).ring_buffer = Napi::Persistent(f);
  exports.Set("RingBuffer", f);
}

RingBuffer::RingBuffer(const Napi::CallbackInfo& info) : Napi::ObjectWrap<RingBuffer>(info) {
  Napi::Env env = info.Env();
  map_ = Map::FdOf(info[0]);
  Call(env, [&] {
    ring_ = ring_buffer__new(map_->value(), OnRecord, this, nullptr);
    if (ring_ == nullptr) Fail(errno, "ring_buffer__new");
  });
  uv_loop_t* loop = nullptr;
  napi_get_uv_event_loop(env, &loop);
  poll_ = new uv_poll_t;
  poll_->data = this;
  const int result = uv_poll_init(loop, poll_, ring_buffer__epoll_fd(ring_));
  if (result < 0) {
    delete poll_;
    poll_ = nullptr;
    // A constructor that throws has no destructor to do this.
    ring_buffer__free(ring_);
    Call(env, [&] { Fail(-result, "uv_poll_init"); });
  }
  callback_ = Napi::Persistent(info[1].As<Napi::Function>());
  napi_async_init(env, info.This(), Napi::String::New(env, "libbpf:ring_buffer"), &context_);
  uv_poll_start(poll_, UV_READABLE, OnReadable);
  // An ended environment waits until the loop has closed the poll handle.
  napi_add_async_cleanup_hook(
      env, [](napi_async_cleanup_hook_handle, void* self) { static_cast<RingBuffer*>(self)->Stop(); }, this, &cleanup_);
  // While it is open the callback must stay reachable, whoever keeps the JavaScript object.
  Ref();
}

RingBuffer::~RingBuffer() { ring_buffer__free(ring_); }

int RingBuffer::OnRecord(void* context, void* data, size_t size) {
  auto* self = static_cast<RingBuffer*>(context);
  const auto* bytes = static_cast<uint8_t*>(data);
  self->records_.emplace_back(bytes, bytes + size);
  // A negative result ends this round; the record itself is consumed.
  return self->records_.size() >= kBatch ? -EAGAIN : 0;
}

int RingBuffer::Drain() {
  const int result = ring_buffer__consume(ring_);
  return result == -EAGAIN ? 0 : result;
}

void RingBuffer::OnReadable(uv_poll_t* poll, int, int) {
  auto* self = static_cast<RingBuffer*>(poll->data);
  Napi::Env env = self->Env();
  Napi::HandleScope scope(env);
  self->Drain();
  if (self->records_.empty()) return;
  std::vector<std::vector<uint8_t>> records;
  records.swap(self->records_);
  Napi::Array batch = Napi::Array::New(env, records.size());
  for (size_t i = 0; i < records.size(); i++) {
    batch.Set(i, Napi::Buffer<uint8_t>::Copy(env, records[i].data(), records[i].size()));
  }
  try {
    self->callback_.MakeCallback(self->Value(), {batch}, self->context_);
  } catch (const Napi::Error& error) {
    napi_fatal_exception(env, error.Value());
  }
}

// Takes what is there now, without waiting for the loop.
Napi::Value RingBuffer::Consume(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  Napi::Array batch = Napi::Array::New(env);
  if (poll_ == nullptr) return batch;
  Call(env, [&] { Check(Drain(), "ring_buffer__consume"); });
  for (const auto& record : records_) {
    batch.Set(batch.Length(), Napi::Buffer<uint8_t>::Copy(env, record.data(), record.size()));
  }
  records_.clear();
  return batch;
}

void RingBuffer::SetReferenced(const Napi::CallbackInfo& info) {
  if (poll_ == nullptr) return;
  auto* handle = reinterpret_cast<uv_handle_t*>(poll_);
  if (info[0].ToBoolean()) {
    uv_ref(handle);
  } else {
    uv_unref(handle);
  }
}

void RingBuffer::Close(const Napi::CallbackInfo&) {
  if (poll_ == nullptr) return;
  Stop();
  Unref();
}

void RingBuffer::Stop() {
  if (poll_ == nullptr) return;
  uv_poll_stop(poll_);
  poll_->data = cleanup_;
  uv_close(reinterpret_cast<uv_handle_t*>(poll_), [](uv_handle_t* handle) {
    napi_remove_async_cleanup_hook(static_cast<napi_async_cleanup_hook_handle>(handle->data));
    delete reinterpret_cast<uv_poll_t*>(handle);
  });
  poll_ = nullptr;
  if (context_ != nullptr) napi_async_destroy(Env(), context_);
  context_ = nullptr;
  callback_.Reset();
  // Not left to the collector: mapped memory and descriptors would keep the map alive in the kernel until it runs.
  ring_buffer__free(ring_);
  ring_ = nullptr;
  map_.reset();
}
