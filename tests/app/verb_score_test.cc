// SPDX-License-Identifier: Apache-2.0
// `plumb score` from the outside: good and bad videos, exit codes, JSON, report.
#include <gmock/gmock.h>

#include "app/run_folder.h"
#include "app/video_io.h"
#include "core/json.h"
#include "core/seed.h"
#include "tests/app/run_program.h"
#include "tests/score_keys.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;
using ::testing::UnorderedElementsAreArray;

// A textured picture that stands still: it can be read and measured as far as a static camera
// allows.
Video StillClip(int frames) {
  Image image(96, 64);
  Random random(5);
  for (uint8_t& byte : image.rgb) byte = static_cast<uint8_t>(random.Index(256));
  return {std::vector<Image>(frames, image), 24.0};
}

class VerbScoreTest : public ::testing::Test {
 protected:
  std::string Clip(const std::string& name, int frames = 12) {
    WriteLossless(folder_ / name, StillClip(frames));
    return (folder_ / name).string();
  }
  TestFolder folder_;
};

TEST_F(VerbScoreTest, EveryScoreHasAValueOrAReason) {
  const ProgramOutput output = RunPlumb("score --json " + Clip("a.mkv"));
  const Json json = Json::parse(output.out);
  ASSERT_THAT(json["samples"], SizeIs(1)) << output.err;
  const Json& sample = json["samples"][0];
  EXPECT_EQ(sample["frames"], 12);
  EXPECT_EQ(sample["width"], 96);
  EXPECT_EQ(sample["motion_class"], "static");
  for (const auto& [id, score] : sample["scores"].items()) {
    EXPECT_NE(score["value"].is_null(), score["reason"].is_null()) << id;
  }
  // A still picture shows nothing to measure, and that is no success.
  EXPECT_EQ(output.code, 3);
  EXPECT_THAT(output.err, HasSubstr("nothing could be measured"));
}

TEST_F(VerbScoreTest, ABrokenClipCostsItselfOnly) {
  const std::string whole = Clip("whole.mkv");
  const std::string bytes = FileText(whole);
  WriteText(folder_ / "cut.mkv", bytes.substr(0, bytes.size() / 2));
  WriteText(folder_ / "text.mp4", "this is no video\n");
  WriteText(folder_ / "empty.mp4", "");
  for (const char* name : {"cut.mkv", "text.mp4", "empty.mp4", "absent.mp4"}) {
    const std::string bad = (folder_ / name).string();
    const ProgramOutput output = RunPlumb("score --json " + bad + " " + whole);
    EXPECT_EQ(output.code, 4) << name << output.err;
    EXPECT_THAT(output.err, HasSubstr(name));
    const Json json = Json::parse(output.out);
    EXPECT_THAT(json["samples"], SizeIs(1)) << name;
    EXPECT_THAT(json["failed"], SizeIs(1)) << name;
  }
}

TEST_F(VerbScoreTest, OneFrameIsNotEnoughAndSaysSo) {
  const ProgramOutput output = RunPlumb("score --json " + Clip("one.mkv", 1));
  EXPECT_EQ(output.code, 3) << output.err;
  const Json json = Json::parse(output.out);
  EXPECT_EQ(json["samples"][0]["scores"]["geometry.consistency"]["reason"]["code"],
            "too_few_frames");
}

TEST_F(VerbScoreTest, TheSameClipsGiveTheSameBytesForEveryNumberOfThreads) {
  const std::string clips = Clip("a.mkv") + " " + Clip("b.mkv", 9);
  const std::string one = RunPlumb("score --json --threads 1 " + clips).out;
  EXPECT_EQ(one, RunPlumb("score --json --threads 2 " + clips).out);
  EXPECT_THAT(Json::parse(one)["samples"], SizeIs(2));
}

// A camera that travels and one that turns: tracks, solvers and resampling all have their say.
TEST_F(VerbScoreTest, MovingCamerasGiveTheSameBytesForEveryNumberOfThreads) {
  const std::string set = (folder_ / "set").string();
  ASSERT_EQ(RunPlumb("scenes export orbit_room yaw_room --width 128 --height 128 --frames 16 "
                     "--lossless --out " +
                     set)
                .code,
            0);
  std::string clips;
  for (const auto& entry : fs::recursive_directory_iterator(set)) {
    if (entry.path().extension() == ".mkv") clips += " " + entry.path().string();
  }
  const std::string one = RunPlumb("score --json --families geometry --threads 1" + clips).out;
  EXPECT_EQ(one, RunPlumb("score --json --families geometry --threads 2" + clips).out);
  const Json json = Json::parse(one);
  ASSERT_THAT(json["samples"], SizeIs(2));
  for (const Json& sample : json["samples"]) {
    EXPECT_FALSE(sample["scores"]["geometry.consistency"]["value"].is_null()) << sample["name"];
  }
}

TEST_F(VerbScoreTest, ATruthVideoIsPairedAndRecorded) {
  const std::string truth = Clip("gt.mkv");
  const ProgramOutput output = RunPlumb("score --json --truth " + truth + " " + Clip("a.mkv", 10));
  const Json json = Json::parse(output.out);
  ASSERT_THAT(json["samples"], SizeIs(1)) << output.err;
  const Json& gravity = json["samples"][0]["scores"]["dynamics.gravity_error"];
  EXPECT_TRUE(gravity["value"].is_null()) << "a video tells no states";
}

TEST_F(VerbScoreTest, FoldersOfModelsAreMatchedByName) {
  fs::create_directories(folder_ / "a");
  fs::create_directories(folder_ / "b");
  Clip("a/x.mkv");
  Clip("a/y.mkv");
  Clip("b/x.mkv");
  const std::string models =
      "--model one=" + (folder_ / "a").string() + " --model two=" + (folder_ / "b").string();
  const ProgramOutput json_output = RunPlumb("score --json " + models);
  const Json json = Json::parse(json_output.out);
  ASSERT_THAT(json["samples"], SizeIs(3)) << json_output.err;
  EXPECT_EQ(json["samples"][0]["model"], "one");
  EXPECT_EQ(json["samples"][2]["model"], "two");
  EXPECT_THAT(json_output.err, HasSubstr("two has no y"));
}

TEST_F(VerbScoreTest, TheReportIsWrittenWithItsVideos) {
  const std::string out = (folder_ / "report").string();
  const ProgramOutput output = RunPlumb("score --out " + out + " " + Clip("a.mkv"));
  EXPECT_THAT(output.out, HasSubstr("a.mkv"));
  EXPECT_THAT(FileText(fs::path(out) / "index.html"), HasSubstr("Content-Security-Policy"));
  EXPECT_FALSE(fs::exists(fs::path(out) / "media")) << "small videos go into the page";
  EXPECT_THAT(LoadResults(out).cells, SizeIs(1));
  EXPECT_EQ(Json::parse(FileText(fs::path(out) / "scores.json"))["schema"], 1);
}

TEST_F(VerbScoreTest, AFolderOfTruthsIsMatchedByNameToo) {
  for (const char* name : {"a", "b", "truths", "few"}) fs::create_directories(folder_ / name);
  for (const char* clip : {"a/x.mkv", "b/x.mkv", "truths/x.mkv", "few/y.mkv"}) Clip(clip);
  const auto score = [&](const std::string& truths) {
    return RunPlumb("score --json --families permanence --model a=" + (folder_ / "a").string() +
                    " --model b=" + (folder_ / "b").string() + " --truth " +
                    (folder_ / truths).string());
  };
  const ProgramOutput matched = score("truths");
  const Json json = Json::parse(matched.out);
  ASSERT_THAT(json["samples"], SizeIs(2)) << matched.err;
  for (const Json& sample : json["samples"]) {
    EXPECT_NE(sample["scores"]["permanence.persistence"]["reason"]["code"], "no_truth");
  }
  const ProgramOutput missing = score("few");
  EXPECT_EQ(missing.code, 4);
  EXPECT_THAT(missing.err, HasSubstr("holds no truth for 'x'"));
}

TEST_F(VerbScoreTest, AFolderOfPicturesIsAVideoOfTheStatedRate) {
  fs::create_directories(folder_ / "frames");
  for (int i = 0; i < 5; ++i) {
    WritePng(folder_ / ("frames/" + std::to_string(i) + ".png"), StillClip(1).frame(0));
  }
  const ProgramOutput output =
      RunPlumb("score --json --png-fps 10 " + (folder_ / "frames").string());
  const Json json = Json::parse(output.out);
  ASSERT_THAT(json["samples"], SizeIs(1)) << output.err;
  EXPECT_EQ(json["samples"][0]["frames"], 5);
  EXPECT_EQ(json["samples"][0]["fps"], 10.0);
}

TEST_F(VerbScoreTest, RepeatedOptionsLeaveTheClipsAlone) {
  const std::string clip = Clip("a.mkv");
  const ProgramOutput output = RunPlumb("score --json --families geometry " + clip);
  EXPECT_THAT(Json::parse(output.out)["samples"], SizeIs(1)) << output.err;
  const Json two = Json::parse(RunPlumb("score --json --families geometry,dynamics " + clip).out);
  const Json& scores = two["samples"][0]["scores"];
  EXPECT_TRUE(scores.contains("dynamics.lawfulness"));
  EXPECT_FALSE(scores.contains("permanence.kept"));
}

TEST_F(VerbScoreTest, DetailsGiveEveryScoreOfEveryClip) {
  const std::string clips = Clip("a.mkv") + " " + Clip("b.mkv");
  EXPECT_THAT(RunPlumb("score " + clips).out, Not(HasSubstr("geometry.inlier_share")));
  EXPECT_THAT(RunPlumb("score --details " + clips).out, HasSubstr("geometry.inlier_share"));
}

TEST_F(VerbScoreTest, NothingToScoreIsAUsageError) {
  EXPECT_EQ(RunPlumb("score").code, 2);
  EXPECT_EQ(RunPlumb("score --model a=x " + Clip("a.mkv")).code, 2);
  EXPECT_EQ(RunPlumb("score --model a=/no/such/folder").code, 4);
}

std::vector<std::string> KeysOf(const Json& json) {
  std::vector<std::string> keys;
  for (const auto& item : json.items()) keys.push_back(item.key());
  return keys;
}

TEST_F(VerbScoreTest, EverySampleAndEveryScoreHasAllItsKeys) {
  const std::string clips = Clip("a.mkv") + " " + Clip("one.mkv", 1);
  const Json json = Json::parse(RunPlumb("score --json " + clips).out);
  EXPECT_THAT(KeysOf(json), UnorderedElementsAre("schema", "samples", "failed"));
  ASSERT_THAT(json["samples"], SizeIs(2));
  for (const Json& sample : json["samples"]) {
    EXPECT_THAT(KeysOf(sample),
                UnorderedElementsAre("source",
                                     "frames",
                                     "fps",
                                     "width",
                                     "height",
                                     "motion_class",
                                     "model",
                                     "name",
                                     "notes",
                                     "scores"));
    EXPECT_EQ(KeysOf(sample["scores"]), KeysOf(json["samples"][0]["scores"]))
        << "every clip has every score";
    for (const auto& [id, score] : sample["scores"].items()) {
      EXPECT_THAT(KeysOf(score), UnorderedElementsAreArray(kScoreKeys)) << id;
      if (score["status"] == "measured") continue;
      EXPECT_THAT(KeysOf(score["reason"]), UnorderedElementsAre("code", "text")) << id;
      EXPECT_FALSE(score["reason"]["text"].get<std::string>().empty()) << id;
    }
  }
}

TEST_F(VerbScoreTest, FailedClipsHaveTheirKeysAndKeepTheirPlaceInTheTable) {
  WriteText(folder_ / "text.mp4", "this is no video\n");
  const std::string clips = (folder_ / "text.mp4").string() + " " + Clip("a.mkv");
  const Json json = Json::parse(RunPlumb("score --json --families geometry " + clips).out);
  ASSERT_THAT(json["failed"], SizeIs(1));
  EXPECT_THAT(KeysOf(json["failed"][0]),
              UnorderedElementsAre("source", "model", "name", "stage", "reason"));
  EXPECT_EQ(json["failed"][0]["stage"], "decode");
  const ProgramOutput table = RunPlumb("score --families geometry " + clips);
  EXPECT_LT(table.out.find("text.mp4"), table.out.find("a.mkv")) << "in the order asked for";
  EXPECT_THAT(table.out, HasSubstr("failed: "));
}

TEST_F(VerbScoreTest, TheTableNamesTheClipAndTheReason) {
  const ProgramOutput output = RunPlumb("score " + Clip("a.mkv"));
  for (const char* part : {"clip", "frames", "fps", "size", "motion", "geometry.consistency"}) {
    EXPECT_THAT(output.out.substr(0, output.out.find('\n')), HasSubstr(part));
  }
  EXPECT_THAT(output.out, HasSubstr("96x64"));
  EXPECT_THAT(output.out, HasSubstr("static"));
  EXPECT_THAT(output.out, HasSubstr("* geometry.consistency")) << "one clip shows every score";
  EXPECT_THAT(output.out, Not(HasSubstr("\x1b"))) << "no colours into a file";
}

TEST_F(VerbScoreTest, SampleAndTruthOfOtherSizesAndRatesArePairedAndNothingIsEnlarged) {
  // The truth has twice the rate and half the size of the sample.
  Image small(48, 32);
  Random random(5);
  for (uint8_t& byte : small.rgb) byte = static_cast<uint8_t>(random.Index(256));
  WriteLossless(folder_ / "gt.mkv", {std::vector<Image>(24, small), 48.0});
  const ProgramOutput output = RunPlumb("score --json --families permanence,dynamics --truth " +
                                        (folder_ / "gt.mkv").string() + " " + Clip("a.mkv"));
  const Json json = Json::parse(output.out);
  ASSERT_THAT(json["samples"], SizeIs(1)) << output.err;
  const std::string notes = json["samples"][0].dump();
  EXPECT_THAT(notes, HasSubstr("sample area-resized from 96x64 to 48x32"));
  EXPECT_THAT(notes, Not(HasSubstr("truth area-resized"))) << "the smaller one stays as it is";
  EXPECT_EQ(json["samples"][0]["width"], 96) << "the sample's own size is reported";
}

TEST_F(VerbScoreTest, OneTruthServesAllClipsAndABadTruthFailsEachOfThem) {
  WriteText(folder_ / "gt.mp4", "no video");
  const ProgramOutput output = RunPlumb("score --json --truth " + (folder_ / "gt.mp4").string() +
                                        " " + Clip("a.mkv") + " " + Clip("b.mkv"));
  EXPECT_EQ(output.code, 4);
  const Json json = Json::parse(output.out);
  ASSERT_THAT(json["failed"], SizeIs(2));
  EXPECT_THAT(json["failed"][1]["reason"].get<std::string>(), HasSubstr("gt.mp4: is no video"));
}

TEST_F(VerbScoreTest, TwoModelsAreComparedAfterTheTable) {
  for (const char* name : {"a", "b"}) fs::create_directories(folder_ / name);
  for (const char* clip : {"a/x.mkv", "b/x.mkv", "b/only_b.mkv"}) Clip(clip);
  const std::string models =
      "--model one=" + (folder_ / "a").string() + " --model two=" + (folder_ / "b").string();
  const ProgramOutput output = RunPlumb("score --families geometry " + models);
  EXPECT_THAT(output.out, HasSubstr("base  "));
  EXPECT_THAT(output.out, HasSubstr("head  "));
  EXPECT_THAT(output.out, HasSubstr("one"));
  EXPECT_THAT(output.err, HasSubstr("one has no only_b; it is compared without"));
}

TEST_F(VerbScoreTest, FoldersThatShareNoNameAreListedOneByOne) {
  for (const char* name : {"a", "b"}) fs::create_directories(folder_ / name);
  Clip("a/x.mkv");
  Clip("b/y.mkv");
  const ProgramOutput output =
      RunPlumb("score --json --families geometry --model one=" + (folder_ / "a").string() +
               " --model two=" + (folder_ / "b").string());
  EXPECT_THAT(output.err, HasSubstr("one has no y"));
  EXPECT_THAT(output.err, HasSubstr("two has no x"));
  EXPECT_THAT(Json::parse(output.out)["samples"], SizeIs(2));
}

TEST_F(VerbScoreTest, OptionsAreRefusedBeforeAnyWork) {
  const std::string clip = Clip("a.mkv");
  for (const char* options : {"--threads -1",
                              "--png-fps 0",
                              "--png-fps nan",
                              "--conditioning-frames -1",
                              "--families beauty",
                              "--model noequals",
                              "--seed minus",
                              "--seed -1"}) {
    const ProgramOutput output = RunPlumb(std::string("score ") + options + " " + clip);
    EXPECT_EQ(output.code, 2) << options;
    EXPECT_EQ(output.out, "") << options;
    EXPECT_NE(output.err, "") << options;
  }
}

TEST_F(VerbScoreTest, AReportFolderThatCannotBeMadeIsTheEnvironmentsFault) {
  WriteText(folder_ / "file", "x");
  const ProgramOutput output =
      RunPlumb("score --out " + (folder_ / "file/report").string() + " " + Clip("a.mkv"));
  EXPECT_EQ(output.code, 5);
  EXPECT_THAT(output.err, HasSubstr("file/report"));
}

}  // namespace
}  // namespace plumb
