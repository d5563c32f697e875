// SPDX-License-Identifier: Apache-2.0
// One cell in this process: what it makes, what it keeps, and in which stage each failure comes.
#include "app/cell_task.h"

#include <functional>
#include <vector>

#include <gmock/gmock.h>

#include "app/score_task.h"
#include "app/truth_store.h"
#include "core/check.h"
#include "core/errors.h"
#include "tests/app/tiny_run.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class CellTaskTest : public ::testing::Test {
 protected:
  CellTaskTest() : folder_(CreateRunFolder(root_ / "r")), suite_(TinySuite()) {}

  Json TruthRequest(const std::string& scene) const {
    return {{"run", folder_.root.string()}, {"suite", ToJson(suite_)}, {"scene", scene}};
  }
  Json CellRequest(const std::string& model) const {
    return {{"run", folder_.root.string()},
            {"suite", ToJson(suite_)},
            {"truth", TruthDigest(ScenesOf(suite_)[0], TruthProtocolOf(suite_))},
            {"model", model},
            {"seed", 0},
            {"sample", ""},
            {"sample_notes", Json::array()},
            {"sample_seconds", 0.0}};
  }
  void MakeDropTruth() {
    StageClock clock;
    DoTruthTask(TruthRequest("drop-1"), clock);
  }
  Json Do(const Json& request) {
    StageClock clock;
    return DoCellTask(request, clock, memory_);
  }
  // "stage: text of the error"
  std::string FailureOf(const Json& request) {
    StageClock clock;
    const std::string text = ErrorTextOf([&] { DoCellTask(request, clock, memory_); });
    return clock.stage() + ": " + text;
  }

  TestFolder root_;
  RunFolder folder_;
  Suite suite_;
  CellMemory memory_;
};

TEST_F(CellTaskTest, ATruthIsMadeOnceUnderItsDigest) {
  StageClock clock;
  const Json reply = DoTruthTask(TruthRequest("drop-1"), clock);
  EXPECT_GT(reply["stage_seconds"]["truth"].get<double>(), 0.0);
  const auto digest = CellRequest("oracle")["truth"].get<std::string>();
  const fs::path facts = folder_.truths() / digest / "truth.json";
  ASSERT_TRUE(fs::exists(facts));
  const auto written = fs::last_write_time(facts);
  DoTruthTask(TruthRequest("drop-1"), clock);
  EXPECT_EQ(fs::last_write_time(facts), written);
}

TEST_F(CellTaskTest, ASceneThatTheSuiteLacksIsABrokenAssumption) {
  StageClock clock;
  EXPECT_THROW(DoTruthTask(TruthRequest("drop-9"), clock), CheckFailure);
  EXPECT_EQ(clock.stage(), "truth");
}

TEST_F(CellTaskTest, ACellNamesWhatItMadeAndHowLongItTook) {
  MakeDropTruth();
  const Json reply = Do(CellRequest("oracle"));
  const auto path = reply["made"]["path"].get<std::string>();
  EXPECT_THAT(path, StartsWith("samples/"));
  EXPECT_TRUE(fs::exists(folder_.root / path));
  Cell cell;
  AddReply(reply, cell);
  EXPECT_EQ(cell.sample.source, path);
  EXPECT_EQ(cell.sample.frames, 8);
  EXPECT_EQ(cell.truth_video,
            "truth/" + CellRequest("oracle")["truth"].get<std::string>() + "/rgb.mkv");
  for (const char* stage : {"truth", "generate", "encode", "score"}) {
    EXPECT_TRUE(cell.stage_seconds.contains(stage)) << stage;
  }
  EXPECT_EQ(reply["made"]["seconds"].get<double>(), cell.stage_seconds.at("generate"));
  for (const Score& score : cell.scores) EXPECT_THAT(score.id(), StartsWith("permanence."));
}

TEST_F(CellTaskTest, ASampleThatIsNotKeptIsMeasuredAllTheSame) {
  MakeDropTruth();
  const Json kept = Do(CellRequest("noise"));
  Json request = CellRequest("noise");
  request["keep_sample"] = false;
  fs::remove_all(folder_.samples());
  const Json reply = Do(request);
  EXPECT_EQ(reply["made"]["path"], "");
  EXPECT_FALSE(fs::exists(folder_.samples()));
  EXPECT_EQ(reply["scores"].dump(), kept["scores"].dump());
}

TEST_F(CellTaskTest, AStoredSampleIsReadAndNotMadeAgain) {
  MakeDropTruth();
  const Json first = Do(CellRequest("noise"));
  Json request = CellRequest("command:a-program-that-is-not-there");
  request["sample"] = first["made"]["path"];
  request["sample_notes"] = {"made long ago"};
  request["sample_seconds"] = 7.5;
  const Json again = Do(request);
  EXPECT_EQ(again["made"]["path"], first["made"]["path"]);
  EXPECT_EQ(again["made"]["seconds"], 7.5);
  EXPECT_EQ(again["notes"][0], "made long ago");
  EXPECT_EQ(again["scores"].dump(), first["scores"].dump());
  EXPECT_FALSE(again["stage_seconds"].contains("generate"));
  EXPECT_TRUE(again["stage_seconds"].contains("decode"));
}

TEST_F(CellTaskTest, AStoredSampleThatWasDeletedIsMadeAgainWithTheSameBytes) {
  MakeDropTruth();
  const Json first = Do(CellRequest("noise"));
  fs::remove_all((folder_.root / first["made"]["path"].get<std::string>()).parent_path());
  Json request = CellRequest("noise");
  request["sample"] = first["made"]["path"];
  const Json again = Do(request);
  EXPECT_EQ(again["made"]["path"], first["made"]["path"]);
  EXPECT_TRUE(again["stage_seconds"].contains("generate"));
}

TEST_F(CellTaskTest, AnotherSampleIndexGivesAnotherSample) {
  MakeDropTruth();
  Json request = CellRequest("noise");
  const Json first = Do(request);
  request["seed"] = 1;
  EXPECT_NE(Do(request)["made"]["path"], first["made"]["path"]);
}

TEST_F(CellTaskTest, TruthAndModelStayInMemory) {
  MakeDropTruth();
  Do(CellRequest("oracle"));
  const Truth* truth = memory_.truth.get();
  const SampleMaker* model = memory_.model.get();
  Do(CellRequest("oracle"));
  EXPECT_EQ(memory_.truth.get(), truth);
  EXPECT_EQ(memory_.model.get(), model);
  Do(CellRequest("frozen"));
  EXPECT_EQ(memory_.truth.get(), truth);
  EXPECT_EQ(memory_.model_text, "frozen");
}

TEST_F(CellTaskTest, ATruthThatIsNotThereFailsInItsStage) {
  EXPECT_THAT(FailureOf(CellRequest("oracle")),
              ::testing::AllOf(StartsWith("truth: "), HasSubstr("truth.json: no such file")));
  // A failed truth is not remembered as read.
  MakeDropTruth();
  EXPECT_EQ(Do(CellRequest("oracle"))["frames"], 8);
}

TEST_F(CellTaskTest, ATruthUnderAnotherNameIsRefused) {
  MakeDropTruth();
  Json request = CellRequest("oracle");
  const fs::path good = folder_.truths() / request["truth"].get<std::string>();
  const std::string other(64, 'a');
  fs::copy(good, folder_.truths() / other);
  request["truth"] = other;
  EXPECT_THAT(FailureOf(request),
              HasSubstr("holds scene drop-1 with 8 frames of 48x48, which is not what its name"));
}

TEST_F(CellTaskTest, AModelThatCannotFailsInGenerate) {
  MakeDropTruth();
  fs::create_directories(root_ / "videos");
  EXPECT_THAT(FailureOf(CellRequest("folder:" + (root_ / "videos").string())),
              ::testing::AllOf(StartsWith("generate: "), HasSubstr("has no video for drop-1/0")));
  EXPECT_THAT(FailureOf(CellRequest("folder:/no/such/folder")), HasSubstr("is no folder"));
  EXPECT_THAT(FailureOf(CellRequest("command:false")), StartsWith("generate: false: "));
  EXPECT_THAT(FailureOf(CellRequest("sabotage:swap")),
              HasSubstr("generate: scene 'drop-1' has no second object to swap with"));
  EXPECT_THAT(FailureOf(CellRequest("sabotage:gravity=0.5,body=bal")), StartsWith("generate: "));
  // The next cell is not touched by the failures before it.
  EXPECT_EQ(Do(CellRequest("oracle"))["frames"], 8);
}

TEST_F(CellTaskTest, ASampleThatCannotBeStoredFailsInEncode) {
  MakeDropTruth();
  fs::remove_all(folder_.samples());
  WriteText(folder_.samples(), "a file where a folder should be");
  EXPECT_THAT(FailureOf(CellRequest("oracle")), StartsWith("encode: "));
}

TEST_F(CellTaskTest, ADamagedStoredSampleIsMadeAnew) {
  MakeDropTruth();
  const Json first = Do(CellRequest("noise"));
  const auto path = first["made"]["path"].get<std::string>();
  Json request = CellRequest("noise");
  request["sample"] = path;
  const fs::path video = folder_.root / path;
  const fs::path facts = video.parent_path() / "sample.json";
  const std::string whole = FileText(video);
  const std::vector<std::function<void()>> damages = {
      [&] { WriteText(video, whole.substr(0, whole.size() / 2)); },
      [&] { WriteText(video, "text"); },
      [&] { WriteText(facts, R"({"schema": 1, "fps": 24.0, "times_s": [0.0]})"); },
      [&] { WriteText(facts, R"({"schema": 1})"); },
      [&] { WriteText(facts, ""); },
      [&] { fs::remove(facts); }};
  for (size_t i = 0; i < damages.size(); ++i) {
    damages[i]();
    const Json again = Do(request);
    EXPECT_EQ(again["made"]["path"], path) << i;
    EXPECT_TRUE(again["stage_seconds"].contains("generate")) << i;
    EXPECT_EQ(again["scores"].dump(), first["scores"].dump()) << i;
    // What lies there now is whole: the next cell reads it.
    EXPECT_FALSE(Do(request)["stage_seconds"].contains("generate")) << i;
  }
}

TEST_F(CellTaskTest, ACommandHasTheTimeThatTheRequestSays) {
  MakeDropTruth();
  Json request = CellRequest("command:sleep 600");
  request["answer_seconds"] = 0.25;
  EXPECT_EQ(FailureOf(request), "generate: sleep: gave no answer within 0.25 s");
}

TEST_F(CellTaskTest, RequestsWithoutAKeyAreRefused) {
  MakeDropTruth();
  for (const char* key : {"run", "suite", "truth", "seed"}) {
    Json request = CellRequest("oracle");
    request.erase(key);
    EXPECT_THAT(FailureOf(request), HasSubstr(key)) << key;
  }
}

}  // namespace
}  // namespace plumb
