// SPDX-License-Identifier: Apache-2.0
// Parameters that lie on the pages of a file, and networks that wait for them.
#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"
#include "generator/weights/internal_unfilled.h"
#include "generator/weights/internal_weights.h"
#include "tests/core/message_of.h"
#include "tests/test_folder.h"

namespace plumb {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

torch::nn::Sequential LinearPair(int64_t width = 3) {
  return torch::nn::Sequential(torch::nn::Linear(width, 2), torch::nn::Linear(2, 1));
}

int64_t ResidentBytes() {
  std::ifstream facts("/proc/self/statm");
  int64_t size = 0;
  int64_t resident = 0;
  facts >> size >> resident;
  return resident * ::sysconf(_SC_PAGESIZE);
}

class MapWeightsTest : public testing::Test {
 protected:
  MapWeightsTest() { torch::manual_seed(1); }
  // The weights of `module` in a file, opened.
  WeightFiles Stored(torch::nn::Sequential& module, at::ScalarType type = at::kFloat) {
    WriteSafetensors(path_, ModuleWeights(*module, type));
    return OpenWeights(path_);
  }
  static bool LiesIn(const at::Tensor& tensor, const WeightFiles& weights) {
    const std::span<uint8_t> file = weights.tensors.begin()->second.mapping->bytes();
    const auto* data = static_cast<const uint8_t*>(tensor.const_data_ptr());
    return data >= file.data() && data < file.data() + file.size();
  }
  TestFolder folder_;
  const std::filesystem::path path_ = folder_ / "w.safetensors";
};

TEST_F(MapWeightsTest, ParametersOfTheStoredTypeLieOnTheFile) {
  torch::nn::Sequential source = LinearPair();
  torch::nn::Sequential module = LinearPair();
  const WeightFiles weights = Stored(source);
  MapWeights(*module, weights);
  for (const auto& parameter : module->named_parameters()) {
    EXPECT_TRUE(LiesIn(parameter.value(), weights)) << parameter.key();
    EXPECT_TRUE(parameter.value().requires_grad());
  }
  const at::Tensor x = at::rand({4, 3});
  EXPECT_TRUE(at::equal(module->forward(x), source->forward(x)));
}

TEST_F(MapWeightsTest, OtherTypesAreConverted) {
  torch::nn::Sequential source = LinearPair();
  torch::nn::Sequential module = LinearPair();
  for (const at::ScalarType type : {at::kBFloat16, at::kHalf, at::kDouble}) {
    const WeightFiles weights = Stored(source, type);
    MapWeights(*module, weights);
    const at::Tensor weight = module->parameters()[0];
    EXPECT_EQ(weight.scalar_type(), at::kFloat);
    EXPECT_FALSE(LiesIn(weight, weights));
    EXPECT_TRUE(at::equal(weight, source->parameters()[0].to(type).to(at::kFloat)));
  }
}

// A network in bfloat16 takes a file in bfloat16 as it is.
TEST_F(MapWeightsTest, TheModulesTypeDecides) {
  torch::nn::Sequential source = LinearPair();
  torch::nn::Sequential module = LinearPair();
  module->to(at::kBFloat16);
  const WeightFiles weights = Stored(source, at::kBFloat16);
  MapWeights(*module, weights);
  EXPECT_TRUE(LiesIn(module->parameters()[0], weights));
  EXPECT_EQ(module->parameters()[0].scalar_type(), at::kBFloat16);
}

TEST_F(MapWeightsTest, TheMappingLivesAsLongAsAParameter) {
  torch::nn::Sequential source = LinearPair();
  torch::nn::Sequential module = LinearPair();
  {
    const WeightFiles weights = Stored(source);
    MapWeights(*module, weights);
  }
  std::filesystem::remove(path_);
  EXPECT_TRUE(at::equal(module->parameters()[0], source->parameters()[0]));
}

TEST_F(MapWeightsTest, WritingToAParameterLeavesTheFileAlone) {
  torch::nn::Sequential source = LinearPair();
  torch::nn::Sequential module = LinearPair();
  torch::nn::Sequential other = LinearPair();
  const WeightFiles weights = Stored(source);
  const std::string before = FileText(path_);
  MapWeights(*module, weights);
  {
    const torch::NoGradGuard no_grad;
    module->parameters()[0].add_(1);
  }
  EXPECT_EQ(FileText(path_), before);
  MapWeights(*other, OpenWeights(path_));
  EXPECT_TRUE(at::equal(other->parameters()[0], source->parameters()[0]));
}

// A header whose length is odd shifts every tensor off its alignment.
TEST_F(MapWeightsTest, TensorsAtOddAddressesAreCopied) {
  torch::nn::Sequential source = LinearPair();
  torch::nn::Sequential module = LinearPair();
  Stored(source);
  std::string bytes = FileText(path_);
  ++bytes[0];
  bytes.insert(8 + static_cast<unsigned char>(bytes[0]) + 256 * bytes[1] - 1, " ");
  WriteText(path_, bytes);
  const WeightFiles weights = OpenWeights(path_);
  MapWeights(*module, weights);
  EXPECT_FALSE(LiesIn(module->parameters()[0], weights));
  EXPECT_TRUE(at::equal(module->parameters()[0], source->parameters()[0]));
}

TEST_F(MapWeightsTest, EveryComplaintIsListedAndNothingChanged) {
  torch::nn::Sequential source = LinearPair();
  torch::nn::Sequential module = LinearPair();
  const at::Tensor before = module->parameters()[1].clone();
  Safetensors contents = ModuleWeights(*source, at::kFloat);
  contents.tensors.erase("1.weight");
  contents.tensors.insert_or_assign("0.weight", Tensor(DType::kF32, {3, 2}));
  contents.tensors.emplace("2.weight", Tensor(DType::kF32, {1, 4}));
  contents.tensors.at("1.bias").As<float>()[0] = std::numeric_limits<float>::infinity();
  WriteSafetensors(path_, contents);
  const WeightFiles weights = OpenWeights(path_);
  EXPECT_THAT(MessageOf<InputError>([&] { MapWeights(*module, weights); }),
              AllOf(StartsWith(path_.string()),
                    HasSubstr("tensor '1.weight' [1, 2] is missing"),
                    HasSubstr("tensor '0.weight' has shape [3, 2] instead of [2, 3]"),
                    HasSubstr("tensor '2.weight' [1, 4] is not part of this network"),
                    HasSubstr("tensor '1.bias' holds a value that is not finite (element 0)")));
  EXPECT_TRUE(at::equal(module->parameters()[1], before));
}

// 256 MB of parameters: neither the drawing nor the zeroing takes memory, and no random number is
// drawn.
TEST_F(MapWeightsTest, UnfilledNetworksTakeNoMemory) {
  const int64_t before = ResidentBytes();
  const at::Tensor draw = [] {
    torch::manual_seed(7);
    return at::rand({3});
  }();
  torch::manual_seed(7);
  torch::nn::Linear drawn{nullptr};
  torch::nn::Linear zeroed{nullptr};
  {
    const UnfilledParameters unfilled;
    drawn = torch::nn::Linear(8192, 4096);
    zeroed = torch::nn::Linear(8192, 4096);
    torch::nn::init::zeros_(zeroed->weight);
  }
  EXPECT_LT(ResidentBytes() - before, int64_t{32} << 20);
  EXPECT_TRUE(at::equal(at::rand({3}), draw));
  EXPECT_EQ(zeroed->weight.abs().max().item<float>(), 0.0F);
}

// What a network computes for itself (tables, gains) is the same as ever.
TEST_F(MapWeightsTest, ConstantsOfUnfilledNetworksAreMade) {
  const UnfilledParameters unfilled;
  EXPECT_TRUE(at::equal(at::zeros({300, 300}) + 1, at::ones({300, 300})));
  EXPECT_EQ(at::arange(100'000).sum().item<int64_t>(), int64_t{99'999} * 50'000);
  at::Tensor written = at::full({100'001}, 3.0F);
  written.narrow(0, 1, 100'000).zero_();
  EXPECT_EQ(written.sum().item<float>(), 3.0F);
  EXPECT_EQ(
      torch::nn::LayerNorm(torch::nn::LayerNormOptions({100'000}))->weight.min().item<float>(),
      1.0F);
}

TEST_F(MapWeightsTest, AfterTheGuardWeightsAreDrawnAgain) {
  { const UnfilledParameters unfilled; }
  EXPECT_GT(torch::nn::Linear(300, 300)->weight.abs().max().item<float>(), 0.01F);
}

TEST_F(MapWeightsTest, AnUnfilledNetworkIsFilledFromTheFile) {
  torch::nn::Sequential source = LinearPair(70'000);
  torch::nn::Sequential module{nullptr};
  {
    const UnfilledParameters unfilled;
    module = LinearPair(70'000);
  }
  MapWeights(*module, Stored(source));
  for (size_t i = 0; i < source->parameters().size(); ++i) {
    EXPECT_TRUE(at::equal(module->parameters()[i], source->parameters()[i]));
  }
}

// A layer that lays its weights out anew leaves no second copy behind.
TEST_F(MapWeightsTest, PagesGoOutOfMemoryWithTheirParameter) {
  torch::nn::Sequential module = LinearPair(12'000'000);  // 96 MB
  MapWeights(*module, Stored(module));
  at::Tensor weight = module->parameters()[0];
  EXPECT_GT(weight.abs().max().item<float>(), 0.0F);
  const int64_t before = ResidentBytes();
  weight.set_data(at::empty({0}));
  EXPECT_LT(ResidentBytes(), before - (int64_t{80} << 20));
}

}  // namespace
}  // namespace plumb
