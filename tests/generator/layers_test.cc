// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "generator/native/internal_layers.h"

namespace plumb {
namespace {

constexpr double kRounding = 1e-5;

double Largest(const at::Tensor& a, const at::Tensor& b) {
  return (a - b).abs().max().item<double>();
}

class LayersTest : public testing::Test {
 protected:
  LayersTest() {
    at::set_num_threads(1);
    torch::manual_seed(6);
  }
  const torch::NoGradGuard no_grad_;
};

TEST_F(LayersTest, ZerosStayFinite) {
  EXPECT_EQ(ChannelRmsNorm(4)->forward(at::zeros({1, 4, 1, 2, 2})).abs().max().item<double>(), 0.0);
}

TEST_F(LayersTest, ChannelNormIsRmsNormOfEachPlace) {
  ChannelRmsNorm channels(6);
  const at::Tensor gain = at::randn({6});
  channels->weight.copy_(gain);
  const at::Tensor x = at::randn({2, 6, 3, 2, 4});
  const at::Tensor by_place = at::rms_norm(x.movedim(1, -1), {6}, gain, 1e-6).movedim(-1, 1);
  EXPECT_LT(Largest(channels->forward(x), by_place), kRounding);
}

TEST_F(LayersTest, NormsKeepTheElementType) {
  const at::Tensor x = at::randn({1, 4, 1, 2, 2}).to(at::kBFloat16);
  EXPECT_EQ(ChannelRmsNorm(4)->forward(x).scalar_type(), at::kBFloat16);
}

TEST_F(LayersTest, OneFrameKernelIsAPlainConvolution) {
  CausalConv3d causal(CausalConvOptions{.in_channels = 2, .out_channels = 3, .kernel = {1, 3, 3}});
  const at::Tensor x = at::randn({1, 2, 4, 5, 5});
  const at::Tensor plain =
      at::conv3d(x, causal->conv->weight, causal->conv->bias, {1, 1, 1}, {0, 1, 1});
  EXPECT_LT(Largest(causal->forward(x), plain), kRounding);
}

TEST_F(LayersTest, AStillClipStaysStill) {
  // The past before the first frame is that frame, so nothing appears to change at the start.
  CausalConv3d causal(CausalConvOptions{.in_channels = 2, .out_channels = 2});
  const at::Tensor still = at::randn({1, 2, 1, 4, 4}).expand({-1, -1, 6, -1, -1});
  const at::Tensor out = causal->forward(still);
  EXPECT_LT(Largest(out, out.narrow(2, 0, 1).expand_as(out)), kRounding);
}

TEST_F(LayersTest, LaterFramesAreNotSeen) {
  CausalConv3d causal(CausalConvOptions{.in_channels = 2, .out_channels = 2});
  const at::Tensor x = at::randn({1, 2, 6, 4, 4});
  at::Tensor changed = x.clone();
  changed.narrow(2, 4, 2).add_(1.0);
  const at::Tensor a = causal->forward(x), b = causal->forward(changed);
  EXPECT_TRUE(at::equal(a.narrow(2, 0, 4), b.narrow(2, 0, 4)));
  EXPECT_GT(Largest(a.narrow(2, 4, 1), b.narrow(2, 4, 1)), 1e-3);
}

TEST_F(LayersTest, AnImpulseLastsAsLongAsTheKernel) {
  CausalConv3d causal(CausalConvOptions{.in_channels = 1, .out_channels = 1, .kernel = {3, 1, 1}});
  causal->conv->bias.zero_();
  at::Tensor x = at::zeros({1, 1, 7, 1, 1});
  x[0][0][2][0][0] = 1.0;
  const at::Tensor answer = causal->forward(x).flatten();
  const at::Tensor kernel = causal->conv->weight.flatten();
  // The newest frame meets the kernel's last weight.
  for (int64_t i = 0; i < 3; ++i) {
    EXPECT_EQ(answer[2 + i].item<float>(), kernel[2 - i].item<float>());
  }
  EXPECT_EQ(answer.narrow(0, 0, 2).abs().max().item<double>(), 0.0);
  EXPECT_EQ(answer.narrow(0, 5, 2).abs().max().item<double>(), 0.0);
}

TEST_F(LayersTest, ChunksGoOnWhereTheLastOneEnded) {
  for (const int64_t stride : {1, 2}) {
    CausalConv3d causal(CausalConvOptions{
        .in_channels = 2, .out_channels = 2, .kernel = {3, 3, 3}, .stride = {stride, 1, 1}});
    const at::Tensor x = at::randn({1, 2, 9, 4, 4});
    StreamCache cache;
    EXPECT_TRUE(causal->Starts(&cache));
    std::vector<at::Tensor> parts = {causal->forward(x.narrow(2, 0, 1), &cache)};
    EXPECT_FALSE(causal->Starts(&cache));
    for (int64_t first = 1; first < 9; first += 4) {
      parts.push_back(causal->forward(x.narrow(2, first, 4), &cache));
    }
    EXPECT_LT(Largest(at::cat(parts, 2), causal->forward(x)), kRounding) << "stride " << stride;
  }
}

TEST_F(LayersTest, WithoutACacheEveryCallStarts) {
  CausalConv3d causal(CausalConvOptions{.in_channels = 1, .out_channels = 1});
  EXPECT_TRUE(causal->Starts(nullptr));
  const at::Tensor x = at::randn({1, 1, 3, 3, 3});
  const at::Tensor first = causal->forward(x);
  causal->forward(at::randn({1, 1, 3, 3, 3}));
  EXPECT_TRUE(at::equal(causal->forward(x), first));
}

TEST_F(LayersTest, CachesOfTwoLayersDoNotMix) {
  CausalConv3d a(CausalConvOptions{.in_channels = 1, .out_channels = 1});
  CausalConv3d b(CausalConvOptions{.in_channels = 1, .out_channels = 1});
  StreamCache cache;
  a->forward(at::randn({1, 1, 1, 3, 3}), &cache);
  EXPECT_TRUE(b->Starts(&cache));
  EXPECT_FALSE(a->Starts(&cache));
}

}  // namespace
}  // namespace plumb
