// SPDX-License-Identifier: Apache-2.0
#include "app/model_spec.h"

#include <gmock/gmock.h>

#include "core/errors.h"
#include "scenes/catalogue.h"
#include "scenes/render.h"
#include "tests/app/run_program.h"

namespace plumb {
namespace {

using ::testing::HasSubstr;

std::string ErrorOf(const std::string& spec) {
  try {
    ParseModelSpec(spec);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "no error";
}

TEST(ModelSpecTest, NamesAreRead) {
  EXPECT_EQ(ParseModelSpec("oracle").kind, ModelKind::kOracle);
  const ModelSpec command = ParseModelSpec("command:python3 m.py --a=1:2");
  EXPECT_EQ(command.kind, ModelKind::kCommand);
  EXPECT_EQ(command.argument, "python3 m.py --a=1:2");
}

TEST(ModelSpecTest, DefaultAmountsAreWrittenOut) {
  EXPECT_EQ(ParseModelSpec("sabotage:gravity").text, ParseModelSpec("sabotage:gravity=0.5").text);
  EXPECT_EQ(ParseModelSpecs({"sabotage:gravity", "oracle", "sabotage:gravity=0.5"}).size(), 2u);
}

TEST(ModelSpecTest, ErrorsNameTheNearest) {
  EXPECT_THAT(ErrorOf("orcale"), HasSubstr("did you mean 'oracle'"));
  EXPECT_THAT(ErrorOf("sabotage:gravty=0.5"), HasSubstr("gravity"));
  EXPECT_THAT(ErrorOf("sabotage"), HasSubstr("needs something behind"));
  EXPECT_THAT(ErrorOf("oracle:x"), HasSubstr("takes nothing"));
  EXPECT_THAT(ErrorOf(""), HasSubstr("known are"));
  EXPECT_THROW(ParseModelSpecs({"folder:/nowhere"}), UsageError);
}

TEST(ModelSpecTest, LawsThatCannotShowAreLeftOut) {
  EXPECT_THAT(WhyLeftOut(ParseModelSpec("sabotage:gravity=0.5"), "orbit_room"),
              HasSubstr("gravity cannot show in orbit_room"));
  EXPECT_EQ(WhyLeftOut(ParseModelSpec("sabotage:gravity=0.5"), "drop"), "");
  EXPECT_EQ(WhyLeftOut(ParseModelSpec("oracle"), "orbit_room"), "");
}

TEST(ModelSpecTest, DigestsFollowWhatDecidesTheSample) {
  EXPECT_NE(ModelDigest(ParseModelSpec("sabotage:gravity=0.5"), "c"),
            ModelDigest(ParseModelSpec("sabotage:gravity=0.4"), "c"));
  const TestFolder folder;
  const ModelSpec spec = ParseModelSpec("folder:" + folder.path().string());
  const std::string absent = ModelDigest(spec, "drop-1/0");
  WriteText(folder / "drop-1_0.mp4", "a");
  const std::string first = ModelDigest(spec, "drop-1/0");
  WriteText(folder / "drop-1_0.mp4", "b");
  EXPECT_NE(absent, first);
  EXPECT_NE(first, ModelDigest(spec, "drop-1/0"));
}

class ModelSpecTestMakers : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    RenderOptions options;
    options.width = options.height = 48;
    options.frames = 8;
    truth_ = new Truth(MakeTruth(MakeScene("drop", 1, 1), options));
    suite_.protocol = {48, 48, 8, 24.0, 3, 1};
  }
  static void TearDownTestSuite() { delete truth_; }

  Video Make(const std::string& spec) {
    SampleRequest request{PromptOf(*truth_, suite_, 0), truth_, 3};
    return OpenModel(ParseModelSpec(spec))->Make(request, {}).video;
  }
  static Truth* truth_;
  static Suite suite_;
};
Truth* ModelSpecTestMakers::truth_ = nullptr;
Suite ModelSpecTestMakers::suite_;

TEST_F(ModelSpecTestMakers, OracleIsTheTruth) {
  EXPECT_TRUE(Make("oracle").frames() == truth_->video.frames());
}

TEST_F(ModelSpecTestMakers, ConditioningFramesAreAlwaysTheTruths) {
  for (const char* spec : {"frozen",
                           "noise",
                           "reverse",
                           "shuffle",
                           "sabotage:gravity=0.5",
                           "sabotage:teleport=0.5",
                           "sabotage:vanish"}) {
    const Video video = Make(spec);
    ASSERT_EQ(video.num_frames(), 8) << spec;
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(video.frame(i) == truth_->video.frame(i)) << spec;
    EXPECT_FALSE(video.frames() == truth_->video.frames()) << spec;
    EXPECT_TRUE(Make(spec).frames() == video.frames()) << spec;
  }
}

TEST_F(ModelSpecTestMakers, PromptsSayWhatIsAsked) {
  const Prompt prompt = PromptOf(*truth_, suite_, 1);
  EXPECT_EQ(prompt.cell_id, "drop-1/1");
  EXPECT_EQ(prompt.conditioning_frames.size(), 3u);
  EXPECT_EQ(prompt.cameras.size(), 8u);
  EXPECT_NE(prompt.seed, PromptOf(*truth_, suite_, 0).seed);
}

}  // namespace
}  // namespace plumb
