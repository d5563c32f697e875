// SPDX-License-Identifier: Apache-2.0
// LibTorch and Debian's BLAS export the same names, and whichever comes first on the link line
// serves both. Behind Debian's, LibTorch runs at a third of its speed, without a word.
#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace plumb {
namespace {

constexpr double kAllowedRatio = 1.5;
constexpr int kTries = 3;

double RateOf(const std::string& program) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(program.c_str(), "r"), pclose);
  std::array<char, 64> line{};
  if (pipe == nullptr || std::fgets(line.data(), line.size(), pipe.get()) == nullptr) return 0.0;
  return std::strtod(line.data(), nullptr);
}

TEST(LinkOrderTest, MatrixProductsRunAsFastInPlumbAsInLibtorchAlone) {
  double alone = 0.0;
  double inside = 0.0;
  // Taken in turns, so that a busy machine slows both.
  for (int i = 0; i < kTries; ++i) {
    alone = std::max(alone, RateOf(PLUMB_GEMM_ALONE));
    inside = std::max(inside, RateOf(PLUMB_GEMM_IN_PLUMB));
  }
  ASSERT_GT(alone, 0.0) << PLUMB_GEMM_ALONE;
  ASSERT_GT(inside, 0.0) << PLUMB_GEMM_IN_PLUMB;
  RecordProperty("gflops_alone", std::to_string(alone));
  RecordProperty("gflops_in_plumb", std::to_string(inside));
  EXPECT_LT(std::max(alone, inside) / std::min(alone, inside), kAllowedRatio)
      << alone << " GFLOP/s alone, " << inside << " GFLOP/s in Plumb";
}

}  // namespace
}  // namespace plumb
