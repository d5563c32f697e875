// SPDX-License-Identifier: Apache-2.0
#include "app/generate/given_files.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "app/digest.h"
#include "app/generate/sample_manifest.h"
#include "app/video_io.h"
#include "core/errors.h"
#include "tests/test_folder.h"

namespace plumb {
namespace {

// A model for clips of 32x32 that makes none.
class SmallModel : public NativeModel {
 public:
  TrainedClip Trained() const override { return {32, 32, 9, 24.0}; }
  int SizeStep() const override { return 16; }
  int FrameStep() const override { return 4; }
  Video Make(const VideoRequest&, const Progress&) override { throw UsageError("not asked for"); }
  Video Generate(const Prompt&, const Progress&) override { throw UsageError("not asked for"); }
  ClipShape PlanClip(const Prompt&) const override { return {32, 32, 9, 9, 24.0, 0}; }
  Json Manifest() const override { return {{"family", "small"}}; }
};

Image Plain(uint8_t value) {
  Image image(32, 32);
  std::fill(image.rgb.begin(), image.rgb.end(), value);
  return image;
}

TEST(GivenFilesTest, DigestsAreOfTheFilesAsTheyWereRead) {
  const TestFolder folder;
  GenerationOptions options;
  options.prompt = "x";
  options.image = (folder / "a.png").string();
  options.references = {(folder / "b.png").string(), (folder / "c.png").string()};
  WritePng(options.image, Plain(10));
  for (const std::string& path : options.references) WritePng(path, Plain(20));
  const std::string image = DigestOfFile(options.image);
  const std::string reference = DigestOfFile(options.references[0]);
  const SmallModel model;
  const Generation generation{options, ReadGivenFiles(options, model), {"x"}};

  // One is written anew while the video is made, another goes away.
  WritePng(options.image, Plain(30));
  std::filesystem::remove(options.references[0]);
  ASSERT_NE(DigestOfFile(options.image), image);
  const Json inputs =
      SampleManifest(generation, {.path = "v.mkv"}, 1, model.Manifest()).at("inputs");
  EXPECT_EQ(inputs["image"], (Json{{"file", options.image}, {"sha256", image}}));
  ASSERT_EQ(inputs["references"].size(), 2U);
  EXPECT_EQ(inputs["references"][0],
            (Json{{"file", options.references[0]}, {"sha256", reference}}));
  EXPECT_EQ(inputs.size(), 2U) << "what was not given is not there";
}

TEST(GivenFilesTest, AFolderOfPicturesIsOneInput) {
  const TestFolder folder;
  GenerationOptions options;
  options.video = (folder / "frames").string();
  std::filesystem::create_directories(options.video);
  for (const char* name : {"0.png", "1.png"}) {
    WritePng(std::filesystem::path(options.video) / name, Plain(40));
  }
  const GivenFiles files = ReadGivenFiles(options, SmallModel());
  EXPECT_EQ(files.video->num_frames(), 2);
  EXPECT_EQ(files.inputs["video"]["sha256"], DigestOfFolder(options.video));
}

}  // namespace
}  // namespace plumb
