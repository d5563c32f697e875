// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "app/truth_store.h"
#include "app/video_io.h"
#include "core/json.h"
#include "scenes/catalogue.h"
#include "tests/app/run_program.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

TEST(VerbScenesTest, ListHasEveryScenarioWithItsCheck) {
  const Json json = Json::parse(RunPlumb("scenes list --json").out);
  ASSERT_THAT(json["scenarios"], SizeIs(ListScenarios().size()));
  for (const Json& scenario : json["scenarios"]) {
    EXPECT_FALSE(scenario["check"].get<std::string>().empty());
  }
}

TEST(VerbScenesTest, ShowDescribesTheSameSceneEveryTime) {
  const ProgramOutput text = RunPlumb("scenes show drop --seed 3");
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("drop-3"));
  EXPECT_THAT(text.out, HasSubstr("gravity -9.81"));
  EXPECT_EQ(text.out, RunPlumb("scenes show drop --seed 3").out);
  EXPECT_NE(text.out, RunPlumb("scenes show drop --seed 4").out);
  EXPECT_EQ(Json::parse(RunPlumb("scenes show drop --seed 3 --json").out)["id"], "drop-3");
}

TEST(VerbScenesTest, RenderWritesVideoTruthAndContactSheet) {
  const TestFolder folder;
  const std::string out = (folder / "scene").string();
  const ProgramOutput output =
      RunPlumb("scenes render drop --seed 2 --width 48 --height 32 --frames 6 --out " + out);
  ASSERT_EQ(output.code, 0) << output.err;
  const Video video = ReadVideo(fs::path(out) / "video.mp4").video;
  EXPECT_EQ(video.num_frames(), 6);
  EXPECT_EQ(video.width(), 48);
  const Truth truth = ReadTruth(fs::path(out) / "truth");
  EXPECT_EQ(truth.scene.id, "drop-2");
  EXPECT_EQ(truth.num_frames(), 6);
  EXPECT_GT(truth.passes.depth_m.num_elements(), 0);
  EXPECT_EQ(ReadImage(fs::path(out) / "contact_sheet.png").width, 4 * 48 + 3 * 4);
}

TEST(VerbScenesTest, CheckPrintsEveryLawAndPasses) {
  const ProgramOutput output = RunPlumb("scenes check --motion-only --count 2");
  EXPECT_EQ(output.code, 0) << output.out;
  for (const ScenarioInfo& info : ListScenarios()) {
    EXPECT_THAT(output.out, HasSubstr("pass  " + std::string(info.id) + "-0")) << info.id;
  }
  EXPECT_THAT(output.out, HasSubstr(", 0 failed"));
  EXPECT_THAT(output.out, Not(HasSubstr("FAIL")));
}

TEST(VerbScenesTest, ExportMakesADatasetWithAnIndex) {
  const TestFolder folder;
  const std::string out = (folder / "data").string();
  const ProgramOutput output = RunPlumb(
      "scenes export drop bounce --count 2 --width 32 --height 32 --frames 3 --out " + out);
  ASSERT_EQ(output.code, 0) << output.err;
  const std::string index = FileText(fs::path(out) / "scenes.jsonl");
  EXPECT_EQ(std::count(index.begin(), index.end(), '\n'), 4);
  const Json first = Json::parse(index.substr(0, index.find('\n')));
  EXPECT_EQ(first["scene"], "drop-0");
  EXPECT_EQ(ReadTruth(fs::path(out) / first["truth"].get<std::string>()).num_frames(), 3);
}

TEST(VerbScenesTest, SenselessSizesAreUsageErrors) {
  EXPECT_EQ(RunPlumb("scenes render drop --width 4 --out /tmp/plumb-never").code, 2);
  EXPECT_EQ(RunPlumb("scenes").code, 2);
  EXPECT_FALSE(fs::exists("/tmp/plumb-never"));
}

}  // namespace
}  // namespace plumb
