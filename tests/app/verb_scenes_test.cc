// SPDX-License-Identifier: Apache-2.0
#include <cmath>

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
    EXPECT_FALSE(scenario["group"].get<std::string>().empty());
  }
}

TEST(VerbScenesTest, DescribeTellsTheSameSceneEveryTime) {
  const ProgramOutput text = RunPlumb("scenes describe drop --seed 3");
  EXPECT_EQ(text.code, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("drop-3"));
  EXPECT_THAT(text.out, HasSubstr("gravity -9.81"));
  EXPECT_EQ(text.out, RunPlumb("scenes describe drop --seed 3").out);
  EXPECT_NE(text.out, RunPlumb("scenes describe drop --seed 4").out);
  EXPECT_EQ(Json::parse(RunPlumb("scenes describe drop --seed 3 --json").out)["id"], "drop-3");
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

TEST(VerbScenesTest, CheckPrintsATableOfEveryScenario) {
  const ProgramOutput output = RunPlumb("scenes check --motion-only --count 2 --threads 2");
  EXPECT_EQ(output.code, 0) << output.out;
  for (const ScenarioInfo& info : ListScenarios()) {
    EXPECT_THAT(output.out, HasSubstr("pass  " + std::string(info.id) + " ")) << info.id;
  }
  EXPECT_THAT(output.out, HasSubstr(", 0 failed"));
  EXPECT_THAT(output.out, Not(HasSubstr("FAIL")));
}

TEST(VerbScenesTest, ExportMakesADatasetWithAnIndex) {
  const TestFolder folder;
  const std::string out = (folder / "data").string();
  const std::string command =
      "scenes export --scenario drop --scenario bounce --count 2 --width 32 --height 32 --frames 3 "
      "--full-truth --out " +
      out;
  const ProgramOutput output = RunPlumb(command);
  ASSERT_EQ(output.code, 0) << output.err;
  EXPECT_THAT(output.out, HasSubstr("4 clips (4 new)"));
  const std::string index = FileText(fs::path(out) / "clips.jsonl");
  EXPECT_EQ(std::count(index.begin(), index.end(), '\n'), 4);
  const Json first = Json::parse(index.substr(0, index.find('\n')));
  EXPECT_EQ(first["clip"], "drop-0");
  const fs::path clip = fs::path(out) / first["folder"].get<std::string>();
  EXPECT_EQ(ReadTruth(clip / "truth").num_frames(), 3);
  EXPECT_THAT(RunPlumb(command).out, HasSubstr("4 clips (0 new)"));
}

TEST(VerbScenesTest, ShowMakesASheetOfScenesAndOneOfSabotages) {
  const TestFolder folder;
  const std::string out = (folder / "sheet.png").string();
  const std::string size = " --width 32 --height 24 --frames 12 --out " + out;
  const ProgramOutput scenes = RunPlumb("scenes show drop bounce --seeds 3 --columns 2" + size);
  ASSERT_EQ(scenes.code, 0) << scenes.err;
  EXPECT_THAT(scenes.out, HasSubstr("6 strips"));
  const Image sheet = ReadImage(out);
  EXPECT_EQ(sheet.width, 2 * (4 * 36 + 4) + 4);
  const ProgramOutput broken =
      RunPlumb("scenes show --sabotage gravity=0.25 teleport --json" + size);
  ASSERT_EQ(broken.code, 0) << broken.err;
  EXPECT_THAT(Json::parse(broken.out)["blocks"], SizeIs(2));
  EXPECT_EQ(RunPlumb("scenes show drop").code, 2) << "no --out";
  EXPECT_EQ(RunPlumb("scenes show --sabotage gravty" + size).code, 2);
}

TEST(VerbScenesTest, AnotherCameraMayBeAskedFor) {
  const Json own = Json::parse(RunPlumb("scenes describe drop --json").out);
  const Json top = Json::parse(RunPlumb("scenes describe drop --camera top --json").out);
  EXPECT_EQ(own["bodies"], top["bodies"]);
  EXPECT_GT(top["camera"]["eye_m"][2], own["camera"]["eye_m"][2]);
  const ProgramOutput wrong = RunPlumb("scenes describe drop --camera tpo");
  EXPECT_EQ(wrong.code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("'top'"));
}

TEST(VerbScenesTest, TheSchemaIsThePublishedOne) {
  EXPECT_EQ(RunPlumb("scenes schema").out, FileText(SourceFolder() / "docs/scene.schema.json"));
}

TEST(VerbScenesTest, SenselessSizesAreUsageErrors) {
  EXPECT_EQ(RunPlumb("scenes render drop --width 4 --out /tmp/plumb-never").code, 2);
  EXPECT_EQ(RunPlumb("scenes").code, 2);
  EXPECT_FALSE(fs::exists("/tmp/plumb-never"));
}

TEST(VerbScenesTest, UnknownScenariosAreToldWithTheNearestName) {
  const TestFolder folder;
  const std::string out = " --out " + (folder / "out").string();
  for (const std::string& arguments : {std::string("describe bounse"),
                                       "render bounse" + out,
                                       std::string("check bounse --motion-only"),
                                       "export bounse" + out}) {
    const ProgramOutput output = RunPlumb("scenes " + arguments);
    EXPECT_EQ(output.code, 2) << arguments;
    EXPECT_THAT(output.err, HasSubstr("'bounse'")) << arguments;
    EXPECT_THAT(output.err, HasSubstr("'bounce'")) << arguments;
    EXPECT_EQ(output.out, "") << arguments;
  }
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(VerbScenesTest, TheListIsTextForPeopleToo) {
  const ProgramOutput output = RunPlumb("scenes list");
  EXPECT_EQ(output.code, 0);
  for (const ScenarioInfo& info : ListScenarios()) {
    EXPECT_THAT(output.out, HasSubstr(std::string(info.summary))) << info.id;
    EXPECT_THAT(output.out, HasSubstr("check: " + std::string(info.check)));
  }
}

TEST(VerbScenesTest, TheSuiteSeedGivesOtherScenesOfTheSameName) {
  const std::string one = RunPlumb("scenes describe drop --seed 3 --json").out;
  const std::string other = RunPlumb("scenes describe drop --seed 3 --suite-seed 1 --json").out;
  EXPECT_NE(one, other);
  EXPECT_EQ(Json::parse(one)["id"], Json::parse(other)["id"]);
  EXPECT_EQ(RunPlumb("scenes describe drop --seed -1").code, 2);
  EXPECT_EQ(RunPlumb("scenes describe drop --seed three").code, 2);
}

constexpr const char* kTiny = " --width 32 --height 24 --frames 3 ";

TEST(VerbScenesTest, RenderTellsWhatItMade) {
  const TestFolder folder;
  const std::string out = (folder / "scene").string();
  const ProgramOutput output =
      RunPlumb("scenes render drop --seed 2 --json" + std::string(kTiny) + "--out " + out);
  ASSERT_EQ(output.code, 0) << output.err;
  const Json json = Json::parse(output.out);
  EXPECT_EQ(json["schema"], 1);
  EXPECT_EQ(json["scene"], "drop-2");
  EXPECT_EQ(json["frames"], 3);
  EXPECT_EQ(json["folder"], out);
  EXPECT_FALSE(json["caption"].get<std::string>().empty());
}

TEST(VerbScenesTest, ASceneIsNeverWrittenOverAnotherOne) {
  const TestFolder folder;
  const std::string out = kTiny + ("--out " + (folder / "scene").string());
  ASSERT_EQ(RunPlumb("scenes render drop --seed 2" + out).code, 0);
  const std::string truth = FileText(folder / "scene/truth/truth.json");
  const std::string video = FileText(folder / "scene/video.mp4");
  for (const char* other : {"drop --seed 3", "bounce --seed 2", "drop --seed 2 --suite-seed 1"}) {
    const ProgramOutput output = RunPlumb(std::string("scenes render ") + other + out);
    EXPECT_EQ(output.code, 2) << other;
    EXPECT_THAT(output.err, HasSubstr("holds the truth of drop-2 at 32x24, 3 frames, 24 fps"));
    EXPECT_THAT(output.err, HasSubstr("--out"));
  }
  EXPECT_EQ(RunPlumb("scenes render drop --seed 2 --frames 4 --width 32 --height 24 --out " +
                     (folder / "scene").string())
                .code,
            2)
      << "another length is another truth";
  EXPECT_EQ(FileText(folder / "scene/truth/truth.json"), truth);
  EXPECT_EQ(FileText(folder / "scene/video.mp4"), video);
}

TEST(VerbScenesTest, TheSameCommandAgainCompletesWhatIsMissing) {
  const TestFolder folder;
  const std::string render =
      "scenes render drop --seed 2" + std::string(kTiny) + "--out " + (folder / "scene").string();
  ASSERT_EQ(RunPlumb(render).code, 0);
  const std::string video = FileText(folder / "scene/video.mp4");
  fs::remove(folder / "scene/video.mp4");
  const ProgramOutput again = RunPlumb(render);
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_EQ(FileText(folder / "scene/video.mp4"), video) << "same truth, same bytes";
}

TEST(VerbScenesTest, SizesOutsideTheirRangeAreNamed) {
  const TestFolder folder;
  const std::string out = " --out " + (folder / "out").string();
  for (const auto& [option, name] : {std::pair{"--width 7", "width"},
                                     std::pair{"--height 4097", "height"},
                                     std::pair{"--frames 0", "frames"},
                                     std::pair{"--fps 0", "fps"}}) {
    for (const char* verb : {"render drop ", "export drop "}) {
      const ProgramOutput output = RunPlumb(std::string("scenes ") + verb + option + out);
      EXPECT_EQ(output.code, 2) << verb << option;
      EXPECT_THAT(output.err, HasSubstr(name)) << verb << option;
    }
  }
  EXPECT_EQ(RunPlumb("scenes export drop --count 0" + out).code, 2);
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(VerbScenesTest, ChecksAreJsonOnRequestWithTheSameOutcome) {
  const ProgramOutput output = RunPlumb("scenes check drop --motion-only --json");
  EXPECT_EQ(output.code, 0) << output.err;
  const Json json = Json::parse(output.out);
  EXPECT_EQ(json["scenes"], 20);
  ASSERT_FALSE(json["checks"].empty());
  for (const Json& check : json["checks"]) {
    EXPECT_EQ(check["scenario"], "drop");
    EXPECT_TRUE(check["passed"]) << check["name"];
    EXPECT_LE(check["error"].get<double>(), check["tolerance"].get<double>()) << check["name"];
  }
}

TEST(VerbScenesTest, ADatasetThatCannotBeWrittenIsTheEnvironmentsFault) {
  const TestFolder folder;
  WriteText(folder / "file", "x");
  const ProgramOutput output = RunPlumb("scenes export drop" + std::string(kTiny) + "--out " +
                                        (folder / "file/data").string());
  EXPECT_EQ(output.code, 5);
  EXPECT_THAT(output.err, HasSubstr("file/data"));
}

}  // namespace
}  // namespace plumb
