// SPDX-License-Identifier: Apache-2.0
#include "app/model_spec.h"

#include <set>
#include <utility>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "app/video_io.h"
#include "core/errors.h"
#include "core/laws.h"
#include "core/nuisances.h"
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

TEST(ModelSpecTest, EveryNameReadsBackAsItself) {
  for (const char* spec : {"oracle",
                           "frozen",
                           "constant_velocity",
                           "noise",
                           "reverse",
                           "shuffle",
                           "unrelated",
                           "sabotage:gravity=0.5,onset=8",
                           "native:models/a",
                           "folder:a b/c:d",
                           "command:python3 m.py --sizes 1,2 'a b'"}) {
    const ModelSpec parsed = ParseModelSpec(spec);
    EXPECT_EQ(parsed.text, spec);
    EXPECT_EQ(ParseModelSpec(parsed.text).text, parsed.text);
  }
}

TEST(ModelSpecTest, EveryLawAtEveryDoseReadsBackAsItself) {
  for (const Law& law : AllLaws()) {
    const std::string name = "sabotage:" + std::string(law.id);
    EXPECT_EQ(ParseModelSpec(name).text,
              ParseModelSpec(fmt::format("{}={}", name, law.default_amount)).text);
    std::set<std::string> texts;
    for (const double dose : law.doses) {
      const ModelSpec parsed = ParseModelSpec(fmt::format("{}={}", name, dose));
      EXPECT_EQ(ParseModelSpec(parsed.text).text, parsed.text);
      texts.insert(parsed.text);
    }
    EXPECT_EQ(texts.size(), law.doses.size()) << name;
  }
}

TEST(ModelSpecTest, EveryNuisanceAtEveryDoseReadsBackAsItself) {
  for (const Nuisance& nuisance : AllNuisances()) {
    const std::string name = "nuisance:" + std::string(nuisance.id);
    EXPECT_EQ(ParseModelSpec(name).text,
              ParseModelSpec(fmt::format("{}={}", name, nuisance.default_amount)).text);
    for (const double dose : nuisance.doses) {
      const ModelSpec parsed = ParseModelSpec(fmt::format("{}={}", name, dose));
      EXPECT_EQ(parsed.kind, ModelKind::kNuisance);
      EXPECT_EQ(ParseModelSpec(parsed.text).text, parsed.text);
      // It can show everywhere.
      EXPECT_EQ(WhyLeftOut(parsed, "orbit_room"), "");
    }
  }
  EXPECT_THAT(ErrorOf("nuisance:blurr=1"), HasSubstr("did you mean 'blur'"));
  EXPECT_THAT(ErrorOf("nuisance:blur=-1"), HasSubstr("expected 0 to 20"));
}

TEST(ModelSpecTest, EveryNameIsSuggestedForItsMisspelling) {
  for (const std::string name : {"oracle",
                                 "frozen",
                                 "constant_velocity",
                                 "noise",
                                 "reverse",
                                 "shuffle",
                                 "unrelated",
                                 "sabotage",
                                 "native",
                                 "folder"}) {
    std::string swapped = name;
    std::swap(swapped[1], swapped[2]);
    EXPECT_THAT(ErrorOf(swapped), HasSubstr("unknown model '" + swapped + "'"));
    EXPECT_THAT(ErrorOf(swapped), HasSubstr("did you mean '" + name + "'?"));
  }
  for (const Law& law : AllLaws()) {
    const std::string cut(law.id.substr(0, law.id.size() - 1));
    EXPECT_THAT(ErrorOf("sabotage:" + cut), HasSubstr("'" + std::string(law.id) + "'"));
  }
}

TEST(ModelSpecTest, WhatStandsBehindANameIsRefusedWhereItMakesNoSense) {
  for (const char* name :
       {"oracle", "frozen", "constant_velocity", "noise", "reverse", "shuffle", "unrelated"}) {
    EXPECT_THAT(ErrorOf(std::string(name) + ":1"), HasSubstr("takes nothing behind the name"));
  }
  for (const char* name : {"sabotage", "nuisance", "native", "folder", "command"}) {
    const std::string needs = fmt::format("needs something behind '{}:'", name);
    EXPECT_THAT(ErrorOf(name), HasSubstr(needs));
    EXPECT_THAT(ErrorOf(std::string(name) + ":"), HasSubstr(needs));
  }
  EXPECT_THAT(ErrorOf("oracle,frozen"), HasSubstr("give every model its own --model"));
  EXPECT_THAT(ErrorOf(" oracle"), HasSubstr("unknown model ' oracle'"));
  EXPECT_THAT(ErrorOf("Oracle"), HasSubstr("unknown model 'Oracle'"));
}

TEST(ModelSpecTest, SabotagesThatMakeNoSenseAreRefused) {
  EXPECT_THAT(ErrorOf("sabotage:gravity=much"), HasSubstr("'much' is no number"));
  EXPECT_THAT(ErrorOf("sabotage:gravity="), HasSubstr("'' is no number"));
  EXPECT_THAT(ErrorOf("sabotage:gravity=nan"), HasSubstr("'nan' is no number"));
  EXPECT_THAT(ErrorOf("sabotage:gravity=inf"), HasSubstr("'inf' is no number"));
  EXPECT_THAT(ErrorOf("sabotage:gravity=0.5x"), HasSubstr("'0.5x' is no number"));
  EXPECT_THAT(ErrorOf("sabotage:gravity=0.5,onset=-1"), HasSubstr("onset must be a"));
  EXPECT_THAT(ErrorOf("sabotage:gravity=0.5,onset=soon"), HasSubstr("onset must be a"));
  EXPECT_THAT(ErrorOf("sabotage:gravity=0.5,moon=1"), HasSubstr("unknown option 'moon'"));
  EXPECT_THAT(ErrorOf("sabotage:gravity=0.5,body="), HasSubstr("unknown option 'body'"));
}

TEST(ModelSpecTest, FoldersMustBeThere) {
  const TestFolder folder;
  const std::string path = folder.path().string();
  EXPECT_EQ(ParseModelSpecs({"folder:" + path}).size(), 1u);
  WriteText(folder / "file", "x");
  for (const std::string& absent : {path + "/none", path + "/file"}) {
    try {
      ParseModelSpecs({"oracle", "folder:" + absent});
      FAIL();
    } catch (const UsageError& error) {
      EXPECT_EQ(error.what(), "folder:" + absent + ": no such folder");
    }
  }
  EXPECT_THROW(ParseModelSpecs({"native:" + path + "/none"}), UsageError);
}

TEST(ModelSpecTest, SpecsStayInOrderWithoutRepetition) {
  std::vector<std::string> texts;
  for (const ModelSpec& spec :
       ParseModelSpecs({"noise", "sabotage:vanish=1", "noise", "oracle", "sabotage:vanish"})) {
    texts.push_back(spec.text);
  }
  EXPECT_EQ(texts,
            (std::vector<std::string>{"noise", ParseModelSpec("sabotage:vanish").text, "oracle"}));
}

TEST(ModelSpecTest, ALawIsLeftOutExactlyWhereItsTableSays) {
  for (const Law& law : AllLaws()) {
    const ModelSpec spec = ParseModelSpec("sabotage:" + std::string(law.id));
    for (const ScenarioInfo& info : ListScenarios()) {
      const std::string why = WhyLeftOut(spec, info.id);
      EXPECT_EQ(why.empty(), CanShow(law, info.id)) << law.id << " " << info.id;
      EXPECT_EQ(why, why.empty() ? "" : fmt::format("{} cannot show in {}", law.id, info.id));
    }
  }
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
                           "constant_velocity",
                           "noise",
                           "reverse",
                           "shuffle",
                           "unrelated",
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

TEST_F(ModelSpecTestMakers, AmountsOutOfRangeAreRefusedWithTheRange) {
  for (const char* spec : {"sabotage:swap=1.5",
                           "sabotage:restitution=-1",
                           "sabotage:vanish=2",
                           "sabotage:vanish=-0.1"}) {
    try {
      Make(spec);
      FAIL() << spec;
    } catch (const UsageError& error) {
      EXPECT_THAT(error.what(), HasSubstr("the amount is")) << spec;
      EXPECT_THAT(error.what(), HasSubstr("expected")) << spec;
    }
  }
}

TEST_F(ModelSpecTestMakers, TheNeutralAmountIsTheTruth) {
  for (const Law& law : AllLaws()) {
    if (!CanShow(law, "drop")) continue;
    EXPECT_TRUE(Make(fmt::format("sabotage:{}={}", law.id, law.neutral)).frames() ==
                truth_->video.frames())
        << law.id;
  }
}

TEST_F(ModelSpecTestMakers, ABodyThatIsNotThereIsNamedWithTheNearest) {
  try {
    Make("sabotage:teleport=0.5,body=bal");
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("scene 'drop-1' has no body 'bal'"));
  }
}

TEST_F(ModelSpecTestMakers, AVideoOfAnotherShapeIsTakenWithANote) {
  const TestFolder folder;
  WriteLossless(folder / "drop-1_0.mkv", Video(std::vector<Image>(5, Image(32, 24)), 12.0));
  SampleRequest request{PromptOf(*truth_, suite_, 0), truth_, 3};
  const MadeSample made =
      OpenModel(ParseModelSpec("folder:" + folder.path().string()))->Make(request, {});
  EXPECT_EQ(made.video.width(), 32);
  ASSERT_EQ(made.notes.size(), 2u);
  EXPECT_EQ(made.notes[0], "asked for 48x48 pixels, made 32x24");
  EXPECT_EQ(made.notes[1], "asked for 8 frames at 24 a second, made 5 at 12");
}

TEST_F(ModelSpecTestMakers, TheOracleHasNothingToNote) {
  SampleRequest request{PromptOf(*truth_, suite_, 0), truth_, 3};
  EXPECT_TRUE(OpenModel(ParseModelSpec("oracle"))->Make(request, {}).notes.empty());
}

TEST(ModelSpecTest, ACheckpointsDigestSeesItsPartsWhereverTheyLie) {
  const TestFolder folder;
  const auto digest = [&](const char* checkpoint) {
    const ModelSpec spec{ModelKind::kNative, "native", (folder / checkpoint).string()};
    return ModelDigest(spec, "c");
  };
  WriteText(folder / "all/model_index.json", "{}");
  WriteText(folder / "all/vae/weights", "v");
  WriteText(folder / "all/transformer/weights", "t");
  WriteText(folder / "all/checkpoints/early/model_index.json",
            R"({"native_shared": {"vae": "../.."}})");
  WriteText(folder / "all/checkpoints/early/transformer/weights", "e");
  const std::string all = digest("all"), early = digest("all/checkpoints/early");
  EXPECT_NE(all, early);
  WriteText(folder / "all/training/clips/000000.safetensors", "what a training leaves");
  EXPECT_EQ(digest("all"), all);
  WriteText(folder / "all/vae/weights", "w");
  EXPECT_NE(digest("all"), all);
  EXPECT_NE(digest("all/checkpoints/early"), early);
}

}  // namespace
}  // namespace plumb
