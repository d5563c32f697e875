// SPDX-License-Identifier: Apache-2.0
// Every mode of `plumb generate`, with networks of some thousand parameters.
#include <algorithm>
#include <fstream>

#include <gmock/gmock.h>

#include "generator/native/prompt_expansion.h"
#include "scenes/catalogue.h"
#include "tests/app/generate_fixture.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

class VerbGenerateModesTest : public TrainedForAMoment {};

TEST_F(VerbGenerateModesTest, AVideoIsExtendedForward) {
  const Video start = NoiseFile("a.mkv", 9);
  const Made made = MadeWith("--video " + Path("a.mkv") + " --seconds 1");
  EXPECT_EQ(made.video.num_frames(), 24);
  EXPECT_EQ(made.json["mode"], "extend forward");
  EXPECT_EQ(made.json["known_frames"], 9);
  ExpectFrames(made.video, 0, start);
  const ProgramOutput shorter = GenerateWith(
      Checkpoint(), "--video " + Path("a.mkv") + " --seconds 0.2 --prompt x --frames 9");
  EXPECT_EQ(shorter.code, 2);
  EXPECT_THAT(shorter.err, HasSubstr("lasts 0.375 s already"));
}

TEST_F(VerbGenerateModesTest, APromptBecomesALongVideo) {
  const Made made = MadeWith("--prompt 'a red ball falls' --seconds 2");
  EXPECT_EQ(made.video.num_frames(), 48);
  const Made clip = MadeWith("--prompt 'a red ball falls'");
  ExpectFrames(made.video, 0, clip.video);
  EXPECT_EQ(MadeWith("--prompt x --seconds 0.25").video.num_frames(), 6);
}

TEST_F(VerbGenerateModesTest, AVideoIsExtendedBackward) {
  const Video end = NoiseFile("b.mkv", 9);
  const Made made = MadeWith("--video " + Path("b.mkv") + " --backward 0.25");
  ASSERT_EQ(made.video.num_frames(), 6 + 9);
  ExpectFrames(made.video, 6, end);
}

TEST_F(VerbGenerateModesTest, LoopsAndConnectionsKeepWhatIsGiven) {
  const Video first = NoiseFile("c.mkv", 9), second = NoiseFile("dd.mkv", 7);
  const Made loop = MadeWith("--video " + Path("c.mkv") + " --loop");
  EXPECT_GT(loop.video.num_frames(), 9);
  ExpectFrames(loop.video, 0, first);
  const Made both = MadeWith("--video " + Path("c.mkv") + " --connect " + Path("dd.mkv"));
  EXPECT_EQ(both.json["known_frames"], 16);
  ASSERT_GT(both.video.num_frames(), 16);
  ExpectFrames(both.video, 0, first);
  ExpectFrames(both.video, both.video.num_frames() - 7, second);
  // A loop may be all of a prompt's making.
  EXPECT_GT(MadeWith("--prompt x --loop").video.num_frames(), 9);
}

TEST_F(VerbGenerateModesTest, AMaskKeepsItsLightPart) {
  const Video video = NoiseFile("e.mkv", 9);
  Image mask(64, 64);  // of any larger size
  std::fill(mask.rgb.begin(), mask.rgb.begin() + 3 * 64 * 32, uint8_t{255});
  WritePng(Path("keep.png"), mask);
  const Made made = MadeWith("--video " + Path("e.mkv") + " --mask " + Path("keep.png"));
  ASSERT_EQ(made.video.num_frames(), 9);
  int changed = 0;
  for (int i = 0; i < 9; ++i) {
    for (int y = 0; y < 32; ++y) {
      for (int x = 0; x < 32; ++x) {
        const bool same = std::equal(made.video.frame(i).Pixel(x, y),
                                     made.video.frame(i).Pixel(x, y) + 3,
                                     video.frame(i).Pixel(x, y));
        if (y < 16) EXPECT_TRUE(same) << i << " " << x << " " << y;
        changed += same ? 0 : 1;
      }
    }
  }
  EXPECT_GT(changed, 9 * 32 * 15);
  std::fill(mask.rgb.begin(), mask.rgb.end(), uint8_t{255});
  WritePng(Path("all.png"), mask);
  const ProgramOutput all =
      GenerateWith(Checkpoint(), "--video " + Path("e.mkv") + " --mask " + Path("all.png"));
  EXPECT_EQ(all.code, 4);
  EXPECT_THAT(all.err, HasSubstr("keeps everything"));
}

TEST_F(VerbGenerateModesTest, AVideoIsRedrawn) {
  const Video video = NoiseFile("f.mkv", 9);
  const std::string arguments = "--video " + Path("f.mkv") + " --strength ";
  const Made half = MadeWith(arguments + "0.5");
  ASSERT_EQ(half.video.num_frames(), 9);
  EXPECT_EQ(half.json["settings"]["strength"], 0.5);
  EXPECT_FALSE(half.video.frames() == video.frames());
  EXPECT_FALSE(half.video.frames() == MadeWith(arguments + "1").video.frames());
  const ProgramOutput refused =
      GenerateWith(Checkpoint(), arguments + "0.5 --sampler unipc --frames 9");
  EXPECT_EQ(refused.code, 2);
  EXPECT_THAT(refused.err, HasSubstr("'unipc' can't start from a video"));
}

TEST_F(VerbGenerateModesTest, OneFrameIsAPicture) {
  const std::string out = Path("picture.png");
  ASSERT_EQ(GenerateWith(Checkpoint(), "--frames 1 --width 64 --height 48 --out " + out).code, 0);
  const Image picture = ReadImage(out);
  EXPECT_EQ(std::pair(picture.width, picture.height), std::pair(64, 48));
  EXPECT_TRUE(fs::exists(out + ".json"));
}

TEST_F(VerbGenerateModesTest, ShotsAreAFileEach) {
  WritePng(Path("who.png"), Image(40, 60));
  const ProgramOutput output =
      RunPlumb("generate --checkpoint " + Checkpoint() +
               " --steps 1 --shot 'a red ball falls' --shot 'a box, red' --reference " +
               Path("who.png") + " --json --out " + Path("shot.mkv"));
  ASSERT_EQ(output.code, 0) << output.err;
  const Json shots = Json::parse(output.out)["shots"];
  ASSERT_EQ(shots.size(), 2U);
  EXPECT_EQ(shots[1]["prompt"]["given"], "a box, red");
  // The picture tells what the ball is made of.
  EXPECT_THAT(shots[0]["prompt"]["expanded"].get<std::string>(), HasSubstr("At first a red ball"));
  EXPECT_EQ(shots[1]["video"], Path("shot-2.mkv"));
  const Video first = ReadVideo(Path("shot-1.mkv")).video;
  const Video second = ReadVideo(Path("shot-2.mkv")).video;
  EXPECT_EQ(second.num_frames(), 9);
  EXPECT_FALSE(first.frames() == second.frames());
  EXPECT_EQ(Json::parse(FileText(Path("shot-2.mkv.json"))), shots[1]);
}

TEST_F(VerbGenerateModesTest, ASheetShowsWhatWasMade) {
  const Made made = MadeWith("--prompt x --sheet " + Path("sheet.png"));
  const Image sheet = ReadImage(Path("sheet.png"));
  // All nine frames, in rows of four.
  EXPECT_EQ(std::pair(sheet.width, sheet.height), std::pair(4 * 32 + 3 * 4, 3 * 32 + 2 * 4));
  for (int y = 0; y < 32; ++y) {
    for (int x = 0; x < 32; ++x) {
      ASSERT_EQ(sheet.Pixel(36 + x, y)[0], made.video.frame(1).Pixel(x, y)[0]) << x << " " << y;
    }
  }
  MadeWith("--shot x --shot y --sheet " + Path("shots.png"));
  const Image rows = ReadImage(Path("shots.png"));
  EXPECT_EQ(std::pair(rows.width, rows.height), std::pair(8 * 32 + 7 * 4, 2 * 32 + 4));
}

TEST_F(VerbGenerateModesTest, ACameraPathIsFollowed) {
  std::vector<Json> cameras;
  for (int i = 0; i < 9; ++i) {
    cameras.push_back({{"size", {32, 32}},
                       {"focal_px", {40, 40}},
                       {"centre_px", {16, 16}},
                       {"camera_from_world_xyzw", {0, 0, 0, 1}},
                       {"camera_from_world_m", {0.2 * i, 0, 0}}});
  }
  const auto write = [](const std::string& name, const Json& json) {
    std::ofstream(Path(name)) << json.dump();
    return " --camera-path " + Path(name);
  };
  const Made still = MadeWith("--prompt x");
  const Made moved =
      MadeWith("--prompt x" + write("path.json", {{"schema", 1}, {"cameras", cameras}}));
  EXPECT_FALSE(still.video.frames() == moved.video.frames());
  EXPECT_EQ(moved.json["inputs"]["camera_path"]["file"], Path("path.json"));
  // Of a truth the cameras alone are read.
  for (Json& camera : cameras) {
    const double x_m = camera["camera_from_world_m"][0];
    camera = {{"width", 32},
              {"height", 32},
              {"fx_px", 40},
              {"fy_px", 40},
              {"cx_px", 16},
              {"cy_px", 16},
              {"camera_from_world_xyzw_m", {0, 0, 0, 1, x_m, 0, 0}}};
  }
  const std::string truth = write("truth.json", {{"scene", {{"id", "x"}}}, {"cameras", cameras}});
  EXPECT_TRUE(MadeWith("--prompt x" + truth).video.frames() == moved.video.frames());
  const ProgramOutput few = GenerateWith(Checkpoint(), "--frames 13" + truth);
  EXPECT_EQ(few.code, 2);
  EXPECT_THAT(few.err, HasSubstr("has 9 cameras, the clip 13 frames"));
  const ProgramOutput none =
      GenerateWith(Checkpoint(), write("none.json", {{"scene", {{"id", "x"}}}}));
  EXPECT_EQ(none.code, 4);
  EXPECT_THAT(none.err, HasSubstr("none.json: cameras:"));
}

TEST_F(VerbGenerateModesTest, TheManifestTellsAllThatDecides) {
  const Made made = MadeWith(
      "--prompt 'a red ball falls' --sampler heun --guidance-interval 0.2 0.8 --shift 2 "
      "--negative-prompt fog --seed 7");
  const Json& json = made.json;
  EXPECT_EQ(Json::parse(FileText(Path("mode.mkv.json"))), json);
  EXPECT_EQ(json["prompt"]["given"], "a red ball falls");
  const std::string expanded = json["prompt"]["expanded"];
  EXPECT_THAT(expanded, HasSubstr("At first a red rubber ball hangs in the air"));
  EXPECT_THAT(made.notes, HasSubstr("prompt, as expanded: " + expanded));
  EXPECT_EQ(json["seed"], 7);
  EXPECT_EQ(json["model"]["sampler"], "heun");
  EXPECT_EQ(json["model"]["guidance_interval"], Json({0.2, 0.8}));
  EXPECT_EQ(json["model"]["negative_prompt"], "fog");
  EXPECT_EQ(json["model"]["shift"], 2.0);
  EXPECT_EQ(json["device"], "cpu");
  EXPECT_TRUE(json["versions"].contains("plumb"));
  for (const char* stage : {"loading", "sampling", "decoding", "writing"}) {
    EXPECT_GT(json["stage_seconds"][stage].get<double>(), 0.0) << stage;
  }
  const Made plain = MadeWith("--prompt 'a red ball falls' --no-expand");
  EXPECT_EQ(plain.json["prompt"]["expanded"], "a red ball falls");
  EXPECT_THAT(plain.notes, Not(HasSubstr("as expanded")));
}

TEST_F(VerbGenerateModesTest, CaptionsOfAllScenariosAreNotExpanded) {
  for (const ScenarioInfo& info : ListScenarios()) {
    const Scene scene = MakeScene(info.id, 0, 0);
    EXPECT_EQ(ExpandedPrompt(scene.caption), scene.caption) << info.id;
  }
}

TEST_F(VerbGenerateModesTest, FilesAreBroughtToSizeAndRate) {
  NoiseFile("large.mkv", 20, 48.0, 64);
  const Made made = MadeWith("--video " + Path("large.mkv") + " --seconds 0.5");
  EXPECT_EQ(std::tuple(made.video.width(), made.video.height(), made.video.fps()),
            std::tuple(32, 32, 24.0));
  EXPECT_EQ(made.json["known_frames"], 10);
  EXPECT_THAT(made.notes, HasSubstr("64x64 at 48 fps, brought to 32x32 at 24 fps"));
  EXPECT_EQ(made.json["inputs"]["video"]["file"], Path("large.mkv"));
  // A slower video keeps its rate.
  NoiseFile("slow.mkv", 9, 8.0);
  EXPECT_EQ(MadeWith("--video " + Path("slow.mkv") + " --seconds 2").video.num_frames(), 16);
  NoiseFile("tiny.mkv", 9, 24.0, 16);
  const ProgramOutput output = GenerateWith(Checkpoint(), "--video " + Path("tiny.mkv"));
  EXPECT_EQ(output.code, 4);
  EXPECT_THAT(output.err, HasSubstr("is 16x16, smaller than the 32x32"));
}

TEST_F(VerbGenerateModesTest, EditsAreAsLongAsAskedForAndSayWhatTheyLeaveOut) {
  NoiseFile("nine.mkv", 9);
  NoiseFile("seven.mkv", 7);
  const Made asked = MadeWith("--video " + Path("nine.mkv") + " --strength 0.5 --frames 8");
  EXPECT_EQ(asked.video.num_frames(), 8);
  EXPECT_THAT(asked.notes, HasSubstr("of 9 frames the first 8 are edited"));
  const Made short_one = MadeWith("--video " + Path("seven.mkv") + " --strength 0.5");
  EXPECT_EQ(short_one.video.num_frames(), 5);
  EXPECT_THAT(short_one.notes, HasSubstr("of 7 frames the first 5 are edited"));
}

TEST_F(VerbGenerateModesTest, FlagsThatDoNotGoTogetherAreNamed) {
  NoiseFile("input.mkv", 9);
  const std::string input = Path("input.mkv");
  const std::string roundabout = (fs::path(input).parent_path() / "." / "input.mkv").string();
  const ProgramOutput over = RunPlumb("generate --checkpoint " + Checkpoint() + " --loop --video " +
                                      input + " --out " + roundabout);
  EXPECT_EQ(over.code, 2);
  EXPECT_THAT(over.err, HasSubstr("is a file that is read"));
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"--prompt x --loop --seconds 2", "--seconds and --loop don't go together"},
      {"--prompt x --backward 2", "--backward needs a --video"},
      {"--prompt x --connect b.mkv", "--connect needs a --video"},
      {"--prompt x --mask b.png", "--mask needs a --video"},
      {"--prompt x --strength 0.5", "--strength needs a --video"},
      {"--video a.mkv --strength 1.5", "--strength 1.5: expected more than 0, at most 1"},
      {"--prompt x --shot y", "--shot stands instead of --prompt"},
      {"--prompt x --seconds 1e9", "--seconds 1e+09: expected at most 86400"},
      {"--prompt x --out x.png", "a picture is for --frames 1"},
      {"--prompt x --sheet x.jpg", "--sheet x.jpg: expected .png"},
      {"--prompt x --frames 1 --out x.png --sheet x.png", "--sheet x.png: is --out already"},
      {"--video a.mkv --loop --out a.mkv", "--out a.mkv: is a file that is read"},
      {"--prompt x --reference r.png --sheet r.png", "--sheet r.png: is a file that is read"},
      {"--prompt x --frames 1000000", "--frames 1000000: expected at most 100000"}};
  for (const auto& [arguments, message] : cases) {
    const ProgramOutput output =
        RunPlumb("generate --checkpoint " + Checkpoint() + " " + arguments);
    EXPECT_EQ(output.code, 2) << arguments;
    EXPECT_THAT(output.err, HasSubstr(message)) << arguments;
  }
}

}  // namespace
}  // namespace plumb
