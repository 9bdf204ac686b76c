// Constants of linux/bpf.h that the headers of older distributions lack. They are kernel ABI and never change.
#pragma once

#include <bpf/libbpf_version.h>

#if LIBBPF_MAJOR_VERSION < 1 || (LIBBPF_MAJOR_VERSION == 1 && LIBBPF_MINOR_VERSION < 3)
#error "libbpf 1.3 or later is needed (TCX links): on Debian 12 install libbpf-dev from bookworm-backports"
#endif

#include <cstdint>

constexpr uint32_t kLinkTypeCgroup = 3;
constexpr uint32_t kLinkTypeNetns = 5;
constexpr uint32_t kLinkTypeXdp = 6;
constexpr uint32_t kLinkTypeTcx = 11;
constexpr uint32_t kLinkTypeNetkit = 13;

constexpr uint32_t kProgramTypeNetfilter = 32;

constexpr uint32_t kAttachTypeXdp = 37;
constexpr uint32_t kAttachTypeNetfilter = 45;

constexpr uint32_t kTestRunLiveFrames = 1U << 1;
constexpr uint32_t kReplace = 1U << 2;
