// SPDX-License-Identifier: Apache-2.0
#include <map>

#include <gtest/gtest.h>

#include "generator/training/internal_batch_plan.h"

namespace plumb {
namespace {

std::vector<bool> WholeFrames(const at::Tensor& known) {
  std::vector<bool> frames;
  for (int64_t i = 0; i < known.size(0); ++i) frames.push_back(known[i].all().item<bool>());
  return frames;
}

TEST(BatchPlanTest, EveryKindIsDrawnAndBeginningsMost) {
  Random random(1);
  std::map<Given, int> counts;
  for (int i = 0; i < 2000; ++i) ++counts[DrawGiven(random)];
  EXPECT_EQ(counts.size(), 7U);
  EXPECT_GT(counts[Given::kFirst] + counts[Given::kBeginning], 1000);
  for (const auto& [given, count] : counts) EXPECT_GT(count, 40) << static_cast<int>(given);
}

TEST(BatchPlanTest, MasksAreWhatTheirNamesSay) {
  Random random(2);
  const TokenGrid grid{6, 4, 4};
  using Frames = std::vector<bool>;
  EXPECT_EQ(WholeFrames(DrawKnown(Given::kNothing, grid, random)), Frames(6, false));
  EXPECT_EQ(WholeFrames(DrawKnown(Given::kFirst, grid, random)),
            (Frames{true, false, false, false, false, false}));
  EXPECT_EQ(WholeFrames(DrawKnown(Given::kEnd, grid, random)),
            (Frames{false, false, false, false, true, true}));
  for (int i = 0; i < 20; ++i) {
    const Frames beginning = WholeFrames(DrawKnown(Given::kBeginning, grid, random));
    EXPECT_TRUE(beginning[1] && !beginning[3]);
    const Frames ends = WholeFrames(DrawKnown(Given::kBothEnds, grid, random));
    EXPECT_TRUE(ends[0] && !ends[2] && !ends[3] && ends[4] && ends[5]);
  }
}

TEST(BatchPlanTest, SurroundingsLeaveARectangleThatStays) {
  Random random(3);
  for (int i = 0; i < 50; ++i) {
    const at::Tensor known = DrawKnown(Given::kSurroundings, {3, 4, 6}, random);
    EXPECT_TRUE(at::equal(known[0], known[2]));
    const at::Tensor hole = known[0].logical_not();
    const int64_t rows = hole.any(1).sum().item<int64_t>();
    const int64_t columns = hole.any(0).sum().item<int64_t>();
    EXPECT_EQ(hole.sum().item<int64_t>(), rows * columns);
    EXPECT_GT(rows * columns, 0);
  }
}

TEST(BatchPlanTest, SomethingIsAlwaysLeftToMake) {
  Random random(4);
  for (const int64_t frames : {1, 2, 3}) {
    for (int i = 0; i < 200; ++i) {
      const at::Tensor known = DrawKnown(DrawGiven(random), {frames, 1, 1}, random);
      EXPECT_FALSE(known.all().item<bool>()) << frames;
    }
  }
}

// Four frames of 2x2 tokens (patches of 2x2 latents), still but for one token in one frame.
LatentGroup OneTokenMoves() {
  LatentGroup group;
  group.clean = at::ones({1, 4, 4, 4});
  group.clean.slice(1, 2, 3).slice(2, 0, 2).slice(3, 2, 4).fill_(3.0);
  group.known = at::zeros({4, 2, 2}, torch::kBool);
  group.known[0].fill_(true);
  return group;
}

TransformerConfig PatchesOfTwo() {
  TransformerConfig config;
  config.in_channels = 1;
  config.patch_size = {1, 2, 2};
  return config;
}

TEST(BatchPlanTest, WithoutAShareForChangeAllUnknownTokensCountOne) {
  const at::Tensor counts = LossCounts(OneTokenMoves(), PatchesOfTwo(), 0.0);
  EXPECT_EQ(counts.sizes(), (std::vector<int64_t>{16, 1}));
  EXPECT_EQ(counts.slice(0, 0, 4).sum().item<double>(), 0.0);
  EXPECT_TRUE(counts.slice(0, 4).eq(1.0).all().item<bool>());
}

TEST(BatchPlanTest, ChangeCountsItsShareMore) {
  const at::Tensor counts = LossCounts(OneTokenMoves(), PatchesOfTwo(), 0.5).flatten();
  EXPECT_EQ(counts.slice(0, 0, 4).sum().item<double>(), 0.0);  // known
  // By hand: in the place that changes the mean is 1.5, squared distances 2.25 in the frame of
  // change and 0.25 in the three others; over the 16 tokens their mean is 3 / 16.
  const double mean = 3.0 / 16.0;
  EXPECT_NEAR(counts[9].item<double>(), 0.5 + 0.5 * 2.25 / mean, 1e-5);
  EXPECT_NEAR(counts[5].item<double>(), 0.5 + 0.5 * 0.25 / mean, 1e-5);
  EXPECT_NEAR(counts[4].item<double>(), 0.5, 1e-6);
}

TEST(BatchPlanTest, InAStillClipAllCountTheSame) {
  LatentGroup still = OneTokenMoves();
  still.clean.fill_(2.0);
  const at::Tensor counts = LossCounts(still, PatchesOfTwo(), 0.5);
  EXPECT_TRUE(counts.slice(0, 4).eq(1.0).all().item<bool>());
}

}  // namespace
}  // namespace plumb
