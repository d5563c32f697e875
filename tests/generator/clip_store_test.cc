// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errors.h"
#include "generator/training/internal_clip_store.h"
#include "tests/generator/test_training.h"

namespace plumb {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class ClipStoreTest : public testing::Test {
 protected:
  ClipStoreTest() : options_(TestTraining(scratch_ / "training")) {
    options_.clips = 3;
    options_.validation_clips = 1;
  }

  // Counts what is asked of it.
  ClipSource Counting() {
    return [this](uint64_t index) {
      asked_.push_back(index);
      return DiscClip({}, index);
    };
  }
  std::string Complaint(const ClipSource& source) {
    try {
      const ClipStore store(options_, source, {});
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  TestFolder scratch_;
  TrainOptions options_;
  std::vector<uint64_t> asked_;
};

TEST_F(ClipStoreTest, AsksForEachClipOnceAndKeepsIt) {
  const ClipStore store(options_, Counting(), {});
  EXPECT_EQ(store.size(), 4);
  EXPECT_EQ(asked_, (std::vector<uint64_t>{0, 1, 2, 3}));
  const ClipStore again(options_, Counting(), {});
  EXPECT_EQ(asked_.size(), 4U) << "made once";
  EXPECT_EQ(again.captions(), store.captions());
  EXPECT_EQ(again.sources(), (std::vector<std::string>{"disc-0", "disc-1", "disc-2", "disc-3"}));
  EXPECT_TRUE(at::equal(again.Pixels(2, 0, 9), store.Pixels(2, 0, 9)));
}

TEST_F(ClipStoreTest, AnInterruptedStoreGoesOn) {
  Progress progress;
  progress.cancelled = [&] { return asked_.size() >= 2; };
  EXPECT_THROW(ClipStore(options_, Counting(), progress), CancelledError);
  ClipStore(options_, Counting(), {});
  EXPECT_EQ(asked_, (std::vector<uint64_t>{0, 1, 2, 3}));
}

TEST_F(ClipStoreTest, MoreClipsAreAddedToTheOldOnes) {
  ClipStore(options_, Counting(), {});
  options_.clips = 5;
  EXPECT_EQ(ClipStore(options_, Counting(), {}).size(), 6);
  EXPECT_EQ(asked_, (std::vector<uint64_t>{0, 1, 2, 3, 4, 5}));
}

TEST_F(ClipStoreTest, PixelsAreTheFramesFromMinusOneToOne) {
  const ClipStore store(options_, Counting(), {});
  const Video video = DiscClip({}, 1).video;
  const at::Tensor pixels = store.Pixels(1, 3, 5);
  EXPECT_EQ(pixels.sizes(), (std::vector<int64_t>{3, 5, 16, 16}));
  EXPECT_EQ(pixels.scalar_type(), at::kFloat);
  for (const auto& [frame, column, row] : {std::tuple{0, 0, 0}, std::tuple{4, 15, 7}}) {
    for (int channel = 0; channel < 3; ++channel) {
      const int byte = Image(video.frame(3 + frame)).Pixel(column, row)[channel];
      EXPECT_FLOAT_EQ(pixels[channel][frame][row][column].item<float>(), byte / 127.5F - 1.0F);
    }
  }
}

TEST_F(ClipStoreTest, ClipsLieWhereTheyArePut) {
  options_.clip_folder = options_.output / "elsewhere";
  const ClipStore store(options_, Counting(), {});
  EXPECT_TRUE(std::filesystem::exists(options_.output / "elsewhere/000003.safetensors"));
  EXPECT_FALSE(std::filesystem::exists(options_.output / "training/clips"));
}

TEST_F(ClipStoreTest, ClipsOfOtherOptionsAreNotMixedIn) {
  ClipStore(options_, Counting(), {});
  options_.data = {{"scenes", "other"}};
  EXPECT_THAT(Complaint(Counting()),
              AllOf(HasSubstr("training/clips"), HasSubstr("another training")));
}

TEST_F(ClipStoreTest, AClipOfAnotherShapeIsNamedWithBothShapes) {
  DiscWorld wide;
  wide.width = 32;
  EXPECT_THAT(Complaint(DiscSource(wide)),
              AllOf(HasSubstr("clip 0 (disc-0)"), HasSubstr("32x16"), HasSubstr("16x16")));
  DiscWorld slow;
  slow.fps = 12.0;
  EXPECT_THAT(Complaint(DiscSource(slow)), AllOf(HasSubstr("12"), HasSubstr("24")));
}

}  // namespace
}  // namespace plumb
