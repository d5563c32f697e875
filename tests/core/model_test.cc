// SPDX-License-Identifier: Apache-2.0
#include "core/model.h"

#include <memory>

#include <gtest/gtest.h>

#include "core/seed.h"

namespace plumb {
namespace {

// The least that honours the interface: noise from the prompt's seed, the known frames first.
class NoiseFromSeed : public Model {
 public:
  explicit NoiseFromSeed(bool* gone) : gone_(gone) {}
  ~NoiseFromSeed() override { *gone_ = true; }

  Video Generate(const Prompt& prompt, const Progress& progress) override {
    Random random(DeriveSeed(prompt.seed, prompt.cell_id, "noise"));
    std::vector<Image> frames = prompt.conditioning_frames;
    while (static_cast<int>(frames.size()) < prompt.frames) {
      progress.ThrowIfCancelled();
      Image frame(prompt.width, prompt.height);
      for (uint8_t& value : frame.rgb) value = static_cast<uint8_t>(random.Index(256));
      frames.push_back(std::move(frame));
      progress.Report("frames", static_cast<int>(frames.size()), prompt.frames);
    }
    return Video(std::move(frames), prompt.fps);
  }

 private:
  bool* gone_;
};

Prompt SmallPrompt() {
  Prompt prompt;
  prompt.cell_id = "drop-1/0";
  prompt.width = 6;
  prompt.height = 4;
  prompt.frames = 5;
  prompt.fps = 12;
  return prompt;
}

TEST(ModelTest, IsUsedAndDeletedThroughItsBase) {
  bool gone = false;
  std::unique_ptr<Model> model = std::make_unique<NoiseFromSeed>(&gone);
  const Video video = model->Generate(SmallPrompt(), {});
  EXPECT_EQ(video.num_frames(), 5);
  EXPECT_EQ(video.fps(), 12);
  model.reset();
  EXPECT_TRUE(gone);
}

TEST(ModelTest, TheSamePromptGivesTheSameBytesAndASeedOtherOnes) {
  bool gone = false;
  NoiseFromSeed model(&gone);
  Prompt prompt = SmallPrompt();
  const Video first = model.Generate(prompt, {});
  EXPECT_EQ(first.frames(), model.Generate(prompt, {}).frames());
  prompt.seed = 1;
  EXPECT_NE(first.frames(), model.Generate(prompt, {}).frames());
}

TEST(ModelTest, KnownFramesStandFirst) {
  bool gone = false;
  NoiseFromSeed model(&gone);
  Prompt prompt = SmallPrompt();
  prompt.conditioning_frames = {Image(6, 4), Image(6, 4)};
  prompt.conditioning_frames[1].rgb[0] = 99;
  const Video video = model.Generate(prompt, {});
  EXPECT_EQ(video.num_frames(), 5);
  EXPECT_EQ(video.frame(1), prompt.conditioning_frames[1]);
}

TEST(ModelTest, ReportsItsFramesAndStopsWhenAsked) {
  bool gone = false;
  NoiseFromSeed model(&gone);
  int last = 0;
  Progress progress;
  progress.report = [&](const std::string&, int done, int) { last = done; };
  progress.cancelled = [&] { return last == 3; };
  EXPECT_THROW(model.Generate(SmallPrompt(), progress), CancelledError);
  EXPECT_EQ(last, 3);
}

}  // namespace
}  // namespace plumb
