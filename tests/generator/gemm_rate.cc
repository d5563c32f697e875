// SPDX-License-Identifier: Apache-2.0
// Prints the rate of LibTorch's float32 matrix product on one thread in GFLOP/s, by the time the
// processor spent on it: the best of several rounds. Linked once with LibTorch alone and once with
// everything Plumb is made of.
#include <algorithm>
#include <cstdio>
#include <ctime>

#include <torch/torch.h>

namespace {

double ProcessorSeconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace

int main() {
  constexpr int64_t kSize = 768;
  constexpr int kRounds = 12;
  at::set_num_threads(1);
  const at::Tensor a = at::randn({kSize, kSize});
  const at::Tensor b = at::randn({kSize, kSize});
  at::Tensor c = at::mm(a, b);
  double best = 0.0;
  for (int round = 0; round < kRounds; ++round) {
    const double begin = ProcessorSeconds();
    at::mm_out(c, a, b);
    best = std::max(best, 2e-9 * kSize * kSize * kSize / (ProcessorSeconds() - begin));
  }
  std::printf("%.3f\n", best);
}
