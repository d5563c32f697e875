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

Truth TruthOf(int steps, double rate_hz, int frames, double fps) {
  Motion motion;
  motion.rate_hz = rate_hz;
  motion.states.resize(steps, std::vector<BodyState>(2));
  for (int step = 0; step < steps; ++step) {
    motion.states[step][1].world_from_body.translation.z() = step;
  }
  return {Scene{}, motion, Video(std::vector<Image>(frames, Image(1, 1)), fps), {}, {}, {}};
}

// No frame of a long clip slips a step: time stamps are rounded doubles, steps are whole.
TEST(TruthTest, NoFrameOfALongClipSlipsAStep) {
  for (const int fps : {8, 12, 24, 30, 48, 60, 120}) {
    const int frames = 20 * fps;
    const Truth truth = TruthOf(20 * 960, 960, frames, fps);
    for (int frame = 0; frame < frames; ++frame) {
      ASSERT_EQ(truth.StateAtFrame(frame, 1).world_from_body.translation.z(), frame * (960 / fps))
          << fps << " fps";
    }
  }
}

TEST(TruthTest, TheLastStateMayBeTheLastFrames) {
  const Truth truth = TruthOf(81, 960, 3, 24);
  EXPECT_EQ(truth.num_frames(), 3);
  EXPECT_NO_THROW(truth.StateAtFrame(2, 0));
  EXPECT_THROW(TruthOf(80, 960, 3, 24).StateAtFrame(2, 0), CheckFailure);
  EXPECT_THROW(truth.StateAtFrame(0, 2), std::out_of_range);
  EXPECT_THROW(truth.StateAtFrame(3, 0), std::out_of_range);
}

}  // namespace
}  // namespace plumb
