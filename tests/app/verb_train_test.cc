// SPDX-License-Identifier: Apache-2.0
// `plumb train` as a user meets it: what it refuses, what it writes down, and that neither Ctrl-C
// nor kill -9 costs a finished step or changes a byte.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "core/json.h"
#include "tests/app/run_program.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// A training of a few seconds; `steps` of both stages.
std::string Training(const std::string& out, int steps) {
  return fmt::format(
      "train --out {} --preset test --clips 2 --validation-clips 1 --scenarios drop --width 16 "
      "--height 16 --frames 5 --vae-steps {} --vae-batch 1 --vae-frames 5 --dit-steps {} "
      "--dit-batch 2 --save-steps 5 --log-steps 5 --validation-steps 100",
      out,
      steps,
      steps);
}

Json Record(const fs::path& checkpoint) {
  return Json::parse(FileText(checkpoint / "training_record.json"));
}

class VerbTrainTest : public ::testing::Test {
 protected:
  std::string Path(const std::string& name) const { return (folder_ / name).string(); }
  // Runs plumb inside the test's folder, so that relative paths mean something.
  ProgramOutput RunInside(const std::string& arguments) const {
    return RunShell("cd " + folder_.path().string() + " && NO_COLOR=1 " + PlumbProgram() + " " +
                    arguments);
  }
  // Starts a training of so many steps, waits for the VAE's first saved state, sends the signal,
  // and returns how the program ended.
  ProgramOutput StopEarly(const std::string& out, int steps, const char* signal) const {
    return RunShell(
        fmt::format("cd {} && {{ {} {} & }}; job=$!; for i in $(seq 600); do "
                    "grep -q '^vae,5,' {}/training/log.csv 2>/dev/null && break; "
                    "sleep 0.02; done; kill -{} $job; wait $job",
                    folder_.path().string(),
                    PlumbProgram(),
                    Training(out, steps),
                    out,
                    signal));
  }

  TestFolder folder_;
};

TEST_F(VerbTrainTest, EveryOptionOfTheTrainingIsInTheHelpAndInTheCommand) {
  ASSERT_EQ(RunInside(Training("made", 2)).code, 0);
  const std::string command = Record(folder_ / "made")["command"];
  const std::string help = RunPlumb("train --help").out;
  for (const char* option : {"--out",
                             "--preset",
                             "--scenarios",
                             "--render-threads",
                             "--clips",
                             "--validation-clips",
                             "--width",
                             "--height",
                             "--frames",
                             "--fps",
                             "--seed",
                             "--vae-steps",
                             "--vae-batch",
                             "--vae-frames",
                             "--vae-learning-rate",
                             "--kl-weight",
                             "--dit-steps",
                             "--dit-batch",
                             "--dit-learning-rate",
                             "--text-encoder-steps",
                             "--caption-dropout",
                             "--shift",
                             "--objective",
                             "--checkpoint-activations",
                             "--optimizer",
                             "--warmup-steps",
                             "--weight-decay",
                             "--gradient-clip",
                             "--ema-decay",
                             "--device",
                             "--bf16",
                             "--threads",
                             "--save-steps",
                             "--log-steps",
                             "--validation-steps",
                             "--sample-steps",
                             "--sample-clips"}) {
    EXPECT_THAT(help, HasSubstr(option));
    EXPECT_THAT(command, HasSubstr(std::string(option) + " ")) << option;
  }
  for (const char* option : {"--data", "--keep", "--clip-folder", "--shapes"}) {
    EXPECT_THAT(help, HasSubstr(option));
  }
  EXPECT_THAT(command, HasSubstr("--out made "));
  EXPECT_THAT(command, HasSubstr("--scenarios drop "));
  EXPECT_THAT(command, HasSubstr("--views own "));
  EXPECT_THAT(command, Not(HasSubstr("--json")));
}

TEST_F(VerbTrainTest, TheRecordedCommandMakesTheSameWeights) {
  ASSERT_EQ(RunInside(Training("made", 3)).code, 0);
  const Json first = Record(folder_ / "made");
  fs::rename(folder_ / "made", folder_ / "kept");
  const std::string command = first["command"];
  ASSERT_EQ(command.rfind("plumb train ", 0), 0U);
  ASSERT_EQ(RunInside(command.substr(6)).code, 0);
  const Json again = Record(folder_ / "made");
  EXPECT_EQ(again["weights_sha256"], first["weights_sha256"]);
  EXPECT_EQ(again["command"], command);
  EXPECT_EQ(again["results"], first["results"]);
}

TEST_F(VerbTrainTest, NothingOfThisMachinesFoldersIsWrittenDown) {
  ASSERT_EQ(RunPlumb(Training(Path("made"), 2) + " --clip-folder " + Path("clips")).code, 0);
  for (const char* file : {"training_record.json", "README.md", "training_log.csv"}) {
    EXPECT_THAT(FileText(folder_ / "made" / file), Not(HasSubstr(folder_.path().string())));
  }
  EXPECT_THAT(std::string(Record(folder_ / "made")["command"]),
              AllOf(HasSubstr("--out made "), HasSubstr("--clip-folder clips ")));
  EXPECT_TRUE(fs::exists(folder_ / "clips/held_out_000000.safetensors"))
      << "clips lie where they were put";
}

TEST_F(VerbTrainTest, TheRecordNamesMachineVersionsAndSeeds) {
  ASSERT_EQ(RunInside(Training("made", 2) + " --seed 7").code, 0);
  const Json record = Record(folder_ / "made");
  EXPECT_THAT(std::string(record["hardware"]), HasSubstr("1 of "));
  for (const char* name : {"plumb", "compiler", "eigen"}) {
    EXPECT_TRUE(record["versions"].contains(name)) << name;
  }
  EXPECT_FALSE(std::string(record["libtorch"]).empty());
  EXPECT_EQ(record["options"]["seed"], 7);
  EXPECT_GT(record["options"]["data"]["suite_seed"], 0);
  EXPECT_GE(record["seconds"], 0);
  EXPECT_EQ(record["clips_by_family"]["drop"]["trained"], 2);
  const std::string card = FileText(folder_ / "made/README.md");
  EXPECT_THAT(card, AllOf(HasSubstr(std::string(record["command"])), HasSubstr("held-out")));
}

TEST_F(VerbTrainTest, CtrlCSavesAndSaysHowToGoOn) {
  const ProgramOutput stopped = StopEarly("made", 3000, "INT");
  EXPECT_EQ(stopped.code, 130);
  EXPECT_THAT(
      stopped.err,
      AllOf(HasSubstr("Go on with: plumb train --out made"), HasSubstr("--vae-steps 3000")));
  EXPECT_TRUE(fs::exists(folder_ / "made/training/state.safetensors"));
  EXPECT_FALSE(fs::exists(folder_ / "made/model_index.json")) << "no half checkpoint";
}

TEST_F(VerbTrainTest, AKilledTrainingGoesOnToTheSameBytes) {
  ASSERT_EQ(RunInside(Training("whole", 12)).code, 0);
  // Killed without warning once the first state is saved; what comes after it is done again.
  const ProgramOutput killed = StopEarly("killed", 12, "9");
  ASSERT_EQ(RunInside(Training("killed", 12)).code, 0) << killed.err;
  EXPECT_EQ(Record(folder_ / "killed")["weights_sha256"],
            Record(folder_ / "whole")["weights_sha256"]);
}

TEST_F(VerbTrainTest, AFinishedTrainingIsNotDoneAgain) {
  ASSERT_EQ(RunInside(Training("made", 2)).code, 0);
  const std::string weights = "made/vae/diffusion_pytorch_model.safetensors";
  const auto before = fs::last_write_time(folder_ / weights);
  EXPECT_EQ(RunInside(Training("made", 2)).code, 0);
  EXPECT_EQ(fs::last_write_time(folder_ / weights), before);
}

TEST_F(VerbTrainTest, OtherOptionsDoNotGoOnWithAState) {
  ASSERT_EQ(RunInside(Training("made", 2)).code, 0);
  const ProgramOutput other = RunInside(Training("made", 2) + " --kl-weight 0.5");
  EXPECT_EQ(other.code, 2);
  EXPECT_THAT(other.err, AllOf(HasSubstr("state.safetensors"), HasSubstr("other options")));
}

TEST_F(VerbTrainTest, BadOptionsNameTheFieldAndWhatItMayBe) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"--width 40", "width must be a multiple of 16, such as 32 or 48"},
      {"--height 8", "height must be a multiple of 16, such as 16"},
      {"--frames 10", "frames must be a multiple of 4, plus 1, such as 9 or 13"},
      {"--vae-frames 53", "vae_frames must be a multiple of 4, plus 1, and at most frames"},
      {"--clips 0", "clips must be 1 or more"},
      {"--fps 0", "fps must be positive"},
      {"--optimizer sgd", "optimizer must be adamw or muon"},
      {"--preset huge", "there are: tiny, test"},
      {"--views sideways", "expected front, oblique, top or moving"},
      {"--shapes 64x64", "WIDTHxHEIGHTxFRAMES@FPS"},
      {"--scenarios dropp", "drop"},
      {"--ema-decay 1", "ema_decay must be from 0 to below 1"},
      {"--caption-dropout 2", "caption_dropout must be from 0 to 1"},
      {"--threads 0", "threads must be 1 or more"},
      {"--save-steps 0", "save_steps"},
      {"--vae-step 3", "did you mean '--vae-steps'"},
      {"--keep early", "'early': expected NAME=STEP"},
      {"--keep early=2000", "keep must be within the transformer's steps"},
      {"--device tpu", "device must be cpu or cuda"},
      {"--data set --scenarios drop", "--data"},
      {"--dit-steps many", "--dit-steps"},
      {"--bf16 maybe", "--bf16"},
  };
  for (const auto& [arguments, message] : cases) {
    const ProgramOutput output = RunPlumb("train --out " + Path("x") + " " + arguments);
    EXPECT_EQ(output.code, 2) << arguments;
    EXPECT_THAT(output.err, HasSubstr(message)) << arguments;
  }
  EXPECT_EQ(RunPlumb("train").code, 2);
  EXPECT_FALSE(fs::exists(Path("x"))) << "nothing was begun";
}

TEST_F(VerbTrainTest, AnExportedSetIsTrainedOn) {
  ASSERT_EQ(RunInside("scenes export drop --tensors --count 3 --width 16 --height 16 --frames 6 "
                      "--out set")
                .code,
            0);
  const ProgramOutput output = RunInside(
      "train --out made --preset test --data set --validation-clips 1 --vae-steps 3 --vae-batch 1 "
      "--vae-frames 5 --dit-steps 4 --dit-batch 2 --keep early=0.5 --sample-steps 2");
  ASSERT_EQ(output.code, 0) << output.err;
  const Json record = Record(folder_ / "made");
  EXPECT_EQ(record["options"]["clips"], 2);
  EXPECT_EQ(record["options"]["frames"], 5) << "of 6, a multiple of 4 and 1";
  EXPECT_EQ(record["options"]["data"]["source"], "exported sets");
  EXPECT_THAT(
      std::string(record["command"]),
      AllOf(
          HasSubstr("--data set "), HasSubstr("--keep early=0.5"), Not(HasSubstr("--scenarios"))));
  const std::string sheet = FileText(folder_ / "made/training/samples/dit-000002.png");
  EXPECT_EQ(sheet.substr(1, 3), "PNG");
  EXPECT_TRUE(fs::exists(folder_ / "made/checkpoints/early/model_index.json"));
  // A set of videos is none.
  ASSERT_EQ(
      RunInside("scenes export drop --count 3 --width 16 --height 16 --frames 5 --out mp4").code,
      0);
  const ProgramOutput refused =
      RunInside("train --out x --preset test --data mp4 --validation-clips 1");
  EXPECT_EQ(refused.code, 4);
  EXPECT_THAT(refused.err, HasSubstr("--tensors"));
}

TEST_F(VerbTrainTest, ADeviceThatIsNotThereIsTheEnvironments) {
  const ProgramOutput output = RunInside(Training("made", 2) + " --device cuda");
  if (output.code == 0) GTEST_SKIP() << "there is a GPU";
  EXPECT_EQ(output.code, 5);
  EXPECT_THAT(output.err, HasSubstr("--device cpu"));
}

TEST_F(VerbTrainTest, AFolderThatCannotBeWrittenIsTheEnvironments) {
  WriteText(folder_ / "file", "x");
  EXPECT_EQ(RunInside(Training("file/below", 2)).code, 5);
}

}  // namespace
}  // namespace plumb
