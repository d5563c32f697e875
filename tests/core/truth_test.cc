// SPDX-License-Identifier: Apache-2.0
#include "core/truth.h"

#include <gtest/gtest.h>

#include "core/check.h"

namespace plumb {
namespace {

TEST(TruthTest, FramesTakeTheStateOfTheirOwnStep) {
  Motion motion;
  motion.rate_hz = 960;
  motion.states.resize(81, std::vector<BodyState>(1));
  for (size_t step = 0; step < motion.states.size(); ++step) {
    motion.states[step][0].world_from_body.translation.z() = static_cast<double>(step);
  }
  const Truth truth{Scene{}, motion, Video(std::vector<Image>(3, Image(2, 2)), 24), {}, {}, {}};
  EXPECT_DOUBLE_EQ(truth.StateAtFrame(0, 0).world_from_body.translation.z(), 0);
  EXPECT_DOUBLE_EQ(truth.StateAtFrame(2, 0).world_from_body.translation.z(), 80);
}

TEST(TruthTest, AFrameBehindTheMotionIsABrokenAssumption) {
  const Truth truth{Scene{}, Motion{}, Video({Image(2, 2)}, 24), {}, {}, {}};
  EXPECT_THROW(truth.StateAtFrame(0, 0), CheckFailure);
}

}  // namespace
}  // namespace plumb
