// SPDX-License-Identifier: Apache-2.0
// DeferredInit is the dispatch key that LibTorch keeps for libraries that build modules without
// their weights. Three operations are answered here; all others pass through to the usual kernels.
#include <cstring>
#include <sys/mman.h>
#include <unistd.h>

#include <torch/library.h>
#include <torch/torch.h>

#include "generator/weights/internal_unfilled.h"

namespace plumb {
namespace {

constexpr size_t kWorthwhile = size_t{1} << 16;  // bytes; smaller tensors are filled as always

at::Tensor& LeaveRandom(at::Tensor& self, double, double, std::optional<at::Generator>) {
  return self;
}

// Anonymous pages that are given back read as zeros and take no memory until they are written to.
bool ZeroedByPages(const at::Tensor& tensor) {
  if (!tensor.device().is_cpu() || !tensor.is_non_overlapping_and_dense() ||
      tensor.nbytes() < kWorthwhile) {
    return false;
  }
  const auto page = static_cast<uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto begin = reinterpret_cast<uintptr_t>(tensor.data_ptr());
  const uintptr_t end = begin + tensor.nbytes();
  const uintptr_t first = (begin + page - 1) / page * page;
  const uintptr_t last = end / page * page;
  if (last <= first ||
      ::madvise(reinterpret_cast<void*>(first), last - first, MADV_DONTNEED) != 0) {
    return false;
  }
  std::memset(reinterpret_cast<void*>(begin), 0, first - begin);
  std::memset(reinterpret_cast<void*>(last), 0, end - last);
  return true;
}

at::Tensor& ZeroWithoutTouching(at::Tensor& self) {
  if (ZeroedByPages(self)) return self;
  const c10::impl::ExcludeDispatchKeyGuard past(c10::DispatchKey::DeferredInit);
  return self.zero_();
}

}  // namespace

TORCH_LIBRARY_IMPL(_, DeferredInit, library) {
  library.fallback(torch::CppFunction::makeFallthrough());
}

TORCH_LIBRARY_IMPL(aten, DeferredInit, library) {
  library.impl("uniform_", LeaveRandom);
  library.impl("normal_", LeaveRandom);
  library.impl("zero_", ZeroWithoutTouching);
}

UnfilledParameters::UnfilledParameters() : guard_(c10::DispatchKey::DeferredInit) {}

}  // namespace plumb
