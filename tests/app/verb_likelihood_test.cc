// SPDX-License-Identifier: Apache-2.0
// `plumb score --metric likelihood` and suites that ask for it, with the shipped checkpoint as the
// judge.
#include <gmock/gmock.h>

#include "app/video_io.h"
#include "core/json.h"
#include "core/seed.h"
#include "tests/app/run_program.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr char kId[] = "dynamics.likelihood_preference";

std::string Shipped() { return (SourceFolder() / "models/plumb-tiny").string(); }

class VerbLikelihoodTest : public ::testing::Test {
 protected:
  // A truth folder with its video, and noise of the same shape.
  void SetUp() override {
    ASSERT_EQ(
        Run("scenes render drop --width 64 --height 64 --frames 25 --fps 12 --out scene").code, 0);
    Random random(6);
    std::vector<Image> pictures(25, Image(64, 64));
    for (Image& picture : pictures) {
      for (uint8_t& byte : picture.rgb) byte = static_cast<uint8_t>(random.Index(256));
    }
    fs::create_directories(folder_ / "a");
    WriteLossless(folder_ / "a/video.mkv", {pictures, 12.0});
  }
  ProgramOutput Run(const std::string& arguments) const {
    return RunShell("cd " + folder_.path().string() + " && NO_COLOR=1 " + PlumbProgram() + " " +
                    arguments);
  }
  Json Judged(const std::string& arguments) const {
    const ProgramOutput output =
        Run("score --json --metric likelihood --judge " + Shipped() + " " + arguments);
    const Json json = Json::parse(output.out);
    EXPECT_THAT(json["samples"], SizeIs(1)) << output.err;
    EXPECT_THAT(json["samples"][0]["scores"], SizeIs(1)) << "that metric alone";
    return json["samples"][0]["scores"][kId];
  }
  TestFolder folder_;
};

TEST_F(VerbLikelihoodTest, TheTruthIsLikelierThanNoise) {
  const Json score = Judged("--truth scene/truth a/video.mkv");
  EXPECT_EQ(score["status"], "measured");
  EXPECT_EQ(score["value"], 1.0);
  EXPECT_EQ(score["low"], 1.0);
  EXPECT_THAT(score["evidence"]["timesteps"], SizeIs(10));
  // The caption and the cameras that a truth folder knows are told; a video knows none.
  const Json untold = Judged("--truth scene/video.mp4 a/video.mkv");
  EXPECT_NE(untold["evidence"]["truth_losses"], score["evidence"]["truth_losses"]);
  const ProgramOutput table = Run("score --metric likelihood --judge " + Shipped() +
                                  " --model noise=a --truth scene/truth a");
  EXPECT_EQ(table.code, 2) << "videos or folders, not both";
  const ProgramOutput models = Run("score --metric likelihood --judge " + Shipped() +
                                   " --model noise=a --truth scene/truth");
  EXPECT_THAT(models.out, AllOf(HasSubstr(kId), HasSubstr("prefers the truth to noise: 1.000 [")));
}

TEST_F(VerbLikelihoodTest, WithoutAPairThereIsAReason) {
  const Json alone = Judged("a/video.mkv");
  EXPECT_EQ(alone["reason"]["code"], "no_truth");
  EXPECT_EQ(Judged("--truth a/video.mkv a/video.mkv")["reason"]["code"], "no_event");
  WriteLossless(folder_ / "short.mkv", {{Image(64, 64), Image(64, 64)}, 12.0});
  const Json too_short = Judged("--truth scene/truth short.mkv");
  EXPECT_EQ(too_short["reason"]["code"], "too_few_frames");
  EXPECT_THAT(too_short["reason"]["text"].get<std::string>(), HasSubstr("needs 5 at 12"));
}

TEST_F(VerbLikelihoodTest, OtherSizesAndRatesAreBroughtToTheJudges) {
  ASSERT_EQ(Run("scenes render drop --width 128 --height 128 --frames 50 --out large").code, 0);
  EXPECT_EQ(Judged("--truth large/truth a/video.mkv")["value"], 1.0);
}

TEST_F(VerbLikelihoodTest, OneAndTwoWorkersGiveTheSameBytes) {
  WriteLossless(folder_ / "b.mkv", {std::vector<Image>(25, Image(64, 64)), 12.0});
  const std::string score = "score --json --metric likelihood --judge " + Shipped() +
                            " --truth scene/truth a/video.mkv b.mkv --threads ";
  const ProgramOutput one = Run(score + "1");
  EXPECT_THAT(Json::parse(one.out)["samples"], SizeIs(2)) << one.err;
  EXPECT_EQ(one.out, Run(score + "2").out);
}

TEST_F(VerbLikelihoodTest, TheJudgeIsCheckedBeforeAnyWork) {
  const auto refused = [&](const std::string& options) {
    const ProgramOutput output = Run("score " + options + " --truth scene/truth a/video.mkv");
    EXPECT_EQ(output.out, "") << options;
    return std::to_string(output.code) + output.err;
  };
  EXPECT_THAT(refused("--metric likelihood"), AllOf(HasSubstr("2"), HasSubstr("--judge")));
  EXPECT_THAT(refused("--judge " + Shipped()), HasSubstr("not asked for"));
  const ProgramOutput absent =
      Run("score --metric likelihood --judge nowhere --truth scene/truth a/video.mkv");
  EXPECT_EQ(absent.code, 4);
  EXPECT_THAT(absent.err, HasSubstr("nowhere"));
}

TEST_F(VerbLikelihoodTest, ASuiteCountsThePairsOfEveryLaw) {
  WriteText(folder_ / "pairs.yaml",
            "schema: 1\nname: pairs\nfamilies: [\"likelihood:nowhere\"]\n"
            "protocol: {width: 64, height: 64, frames: 25, fps: 12, conditioning_frames: 5}\n"
            "scenes:\n  - {scenario: drop, seeds: [1, 2]}\n"
            "models: [oracle, noise]\n");
  const ProgramOutput absent = Run("run pairs.yaml --out runs");
  EXPECT_EQ(absent.code, 2);
  EXPECT_THAT(absent.err, HasSubstr("native:nowhere: no such folder"));
  const std::string command = "run pairs.yaml --out runs --no-report --judge " + Shipped();
  const ProgramOutput run = Run(command);
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_THAT(run.out, AllOf(HasSubstr(kId), HasSubstr("1.000 ±0.658 2/2")))
      << "Wilson's interval of two of two";
  EXPECT_THAT(run.out, HasSubstr("not measurable 0/2")) << "the oracle is the truth";
  EXPECT_THAT(Run(command).err, HasSubstr("(0 new, 4 kept"));
  const std::string table = Run("report runs --format markdown").out;
  EXPECT_THAT(table, HasSubstr("| noise | 1.000 ±0.658 2/2 |"));
}

}  // namespace
}  // namespace plumb
