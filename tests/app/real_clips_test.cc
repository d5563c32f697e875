// SPDX-License-Identifier: Apache-2.0
// Clips that other people's programs made. The tests are skipped where the clips are not there.

#include <gmock/gmock.h>

#include "core/json.h"
#include "tests/app/run_program.h"
#include "tests/paths.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class RealClipsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(DataFolder() / "camera")) GTEST_SKIP() << DataFolder() << " is not there";
  }
  // The samples that `plumb score --json` prints for these arguments, run in the clips' folder.
  static Json Score(const std::string& arguments) {
    const ProgramOutput output = RunShell("cd '" + DataFolder().string() + "' && " +
                                          PlumbProgram() + " score --json " + arguments);
    EXPECT_THAT(output.code, ::testing::AnyOf(0, 3)) << output.err;
    return Json::parse(output.out)["samples"];
  }
};

TEST_F(RealClipsTest, ACameraThatOnlyTurnsIsRotationAndNotInconsistent) {
  const Json samples = Score("--families geometry camera/wrbench_case_a_yaw_lr.mp4");
  ASSERT_THAT(samples, SizeIs(1));
  EXPECT_EQ(samples[0]["motion_class"], "rotation");
  const Json& scores = samples[0]["scores"];
  EXPECT_EQ(scores["geometry.registered_share"]["reason"]["code"], "no_parallax");
  const Json& consistency = scores["geometry.consistency"]["value"];
  EXPECT_TRUE(consistency.is_null() || consistency > 0.8) << consistency;
}

TEST_F(RealClipsTest, AGeneratedVideoIsPairedWithItsTruthByTime) {
  const Json samples = Score(
      "--families permanence,dynamics --truth physics/visphyworld/task00000_000/gt.mp4 "
      "physics/visphyworld/task00000_000/gpt-5.mp4 "
      "physics/visphyworld/task00000_000/claude-sonnet-4-5.mp4");
  ASSERT_THAT(samples, SizeIs(2));
  for (const Json& sample : samples) {
    const Json& scores = sample["scores"];
    // Only a video of the truth: what needs states says so.
    EXPECT_THAT(scores["dynamics.gravity_error"]["reason"]["code"].get<std::string>(),
                ::testing::AnyOf("no_states", "law_not_applicable", "no_event", "no_objects"));
    for (const auto& [id, score] : scores.items()) {
      EXPECT_NE(score["value"].is_null(), score["reason"].is_null()) << id;
    }
  }
}

TEST_F(RealClipsTest, GifsAreVideos) {
  const Json samples = Score("--families geometry tracking/movi_a_1.gif");
  ASSERT_THAT(samples, SizeIs(1));
  EXPECT_EQ(samples[0]["frames"], 24);
  EXPECT_EQ(samples[0]["width"], 256);
}

TEST_F(RealClipsTest, ATruncatedClipIsNeverScored) {
  const TestFolder folder;
  const std::string bytes = FileText(DataFolder() / "physics/physion/0000_img.mp4");
  ASSERT_GT(bytes.size(), 1000u);
  std::string clips;
  for (int cut = 1; cut <= 6; ++cut) {
    const std::string name = (folder / ("cut" + std::to_string(cut) + ".mp4")).string();
    WriteText(name, bytes.substr(0, bytes.size() * cut / 7));
    clips += " " + name;
  }
  const ProgramOutput output = RunPlumb("score --json --families geometry" + clips);
  EXPECT_EQ(output.code, 4);
  const Json json = Json::parse(output.out);
  EXPECT_THAT(json["samples"], SizeIs(0));
  EXPECT_THAT(json["failed"], SizeIs(6));
}

TEST_F(RealClipsTest, FlippedBytesEndInScoresOrReasonsAndNeverInACrash) {
  const TestFolder folder;
  const std::string bytes = FileText(DataFolder() / "physics/physion/0001_img.mp4");
  std::string clips;
  for (int flip = 0; flip < 8; ++flip) {
    std::string damaged = bytes;
    for (int k = 0; k < 4; ++k) damaged[(flip * 3571 + k * 6131 + 40) % damaged.size()] ^= 0x5a;
    const std::string name = (folder / ("flip" + std::to_string(flip) + ".mp4")).string();
    WriteText(name, damaged);
    clips += " " + name;
  }
  const ProgramOutput output = RunPlumb("score --json --families geometry" + clips);
  EXPECT_THAT(output.code, ::testing::AnyOf(0, 3, 4)) << output.err;
  const Json json = Json::parse(output.out);
  EXPECT_EQ(json["samples"].size() + json["failed"].size(), 8u);
}

}  // namespace
}  // namespace plumb
