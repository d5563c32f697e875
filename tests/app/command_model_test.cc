// SPDX-License-Identifier: Apache-2.0
#include "app/command_model.h"

#include <chrono>

#include <gmock/gmock.h>

#include "core/errors.h"
#include "tests/app/run_program.h"
#include "tests/paths.h"

namespace plumb {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Prompt TwoKnownFrames() {
  Prompt prompt;
  prompt.cell_id = "drop-1/0";
  prompt.caption = "A red ball falls.";
  for (const int grey : {60, 90}) {
    Image image(16, 12);
    std::fill(image.rgb.begin(), image.rgb.end(), static_cast<uint8_t>(grey));
    prompt.conditioning_frames.push_back(image);
  }
  prompt.width = 16;
  prompt.height = 12;
  prompt.frames = 5;
  prompt.fps = 12;
  return prompt;
}

// A model that is a shell script; $1 … are in `script`.
std::unique_ptr<Model> ScriptModel(const TestFolder& folder,
                                   const std::string& script,
                                   double timeout_s = 60.0) {
  WriteText(folder / "model.sh", script);
  CommandModelOptions options;
  options.command_line = "sh '" + (folder / "model.sh").string() + "'";
  options.timeout_s = timeout_s;
  return StartCommandModel(options);
}

std::string WhyFailed(Model& model) {
  try {
    model.Generate(TwoKnownFrames(), {});
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(CommandModelTest, WordsAreSplitAsInAShell) {
  EXPECT_THAT(SplitCommandLine("python3  model.py --steps 20"),
              ElementsAre("python3", "model.py", "--steps", "20"));
  EXPECT_THAT(SplitCommandLine(R"(a 'b c' "d 'e" f\ g h'i'j '')"),
              ElementsAre("a", "b c", "d 'e", "f g", "hij", ""));
  EXPECT_THROW(SplitCommandLine("a 'b"), UsageError);
  EXPECT_THROW(SplitCommandLine("  "), UsageError);
}

TEST(CommandModelTest, TheExampleAnswersEveryCell) {
  CommandModelOptions options;
  options.command_line = "python3 " + (SourceFolder() / "examples/command_model.py").string();
  const auto model = StartCommandModel(options);
  for (int cell = 0; cell < 2; ++cell) {
    const Video video = model->Generate(TwoKnownFrames(), {});
    EXPECT_EQ(video.num_frames(), 5);
    EXPECT_DOUBLE_EQ(video.fps(), 12.0);
    EXPECT_EQ(video.frame(0).rgb[0], 60);
    EXPECT_EQ(video.frame(4).rgb[0], 90);
  }
}

TEST(CommandModelTest, TheRequestCarriesPromptAndProtocol) {
  const TestFolder folder;
  const auto model = ScriptModel(
      folder,
      "read line; echo \"$line\" > " + (folder / "request").string() +
          "; echo '{\"status\": \"refused\", \"reason\": \"not today\"}'; cat > /dev/null");
  EXPECT_THAT(WhyFailed(*model), HasSubstr("refused: not today"));
  const std::string request = FileText(folder / "request");
  EXPECT_THAT(request, HasSubstr(R"("schema":1)"));
  EXPECT_THAT(request, HasSubstr(R"("prompt":"A red ball falls.")"));
  EXPECT_THAT(request, HasSubstr(R"("known_frames":[0,1])"));
}

TEST(CommandModelTest, WhatIsNoAnswerFailsTheCellWithItsText) {
  const TestFolder folder;
  EXPECT_THAT(WhyFailed(*ScriptModel(folder, "read line; echo Loading weights; cat >/dev/null")),
              HasSubstr("'Loading weights', which is no JSON"));
  EXPECT_THAT(WhyFailed(*ScriptModel(folder, "read line; echo '{\"status\": \"ok\"}'")),
              HasSubstr("status 'ok'"));
  EXPECT_THAT(WhyFailed(*ScriptModel(
                  folder, "read line; echo '{\"status\": \"done\", \"output\": \"../../x.mp4\"}'")),
              HasSubstr("leads out of the folder"));
  EXPECT_THAT(WhyFailed(*ScriptModel(
                  folder, "read line; echo '{\"cell_id\": \"drop-2/0\", \"status\": \"done\"}'")),
              HasSubstr("instead of drop-1/0"));
}

TEST(CommandModelTest, AProgramThatEndsIsStartedAgainForTheNextCell) {
  const TestFolder folder;
  const std::string count = (folder / "starts").string();
  const auto model = ScriptModel(folder, "echo start >> " + count + "; read line; exit 7");
  EXPECT_THAT(WhyFailed(*model), HasSubstr("exit code 7"));
  EXPECT_THAT(WhyFailed(*model), HasSubstr("exit code 7"));
  EXPECT_EQ(FileText(count), "start\nstart\n");
}

TEST(CommandModelTest, TheTracebackOfAProgramStandsInTheReason) {
  const TestFolder folder;
  const std::string traceback = "echo 'Traceback' >&2; echo 'OutOfMemoryError: 40 GB' >&2; ";
  const std::string words = "last words: Traceback\nOutOfMemoryError: 40 GB";
  for (const char* end : {"exit 1", "echo hello", "echo '{\"status\": \"ok\"}'", "sleep 600"}) {
    const auto model = ScriptModel(folder, "read line; " + traceback + end, /*timeout_s=*/1.0);
    EXPECT_THAT(WhyFailed(*model), HasSubstr(words)) << end;
  }
}

TEST(CommandModelTest, ASilentProgramIsEndedAfterItsTime) {
  const TestFolder folder;
  const auto model = ScriptModel(folder, "read line; sleep 600", /*timeout_s=*/0.3);
  const auto began = std::chrono::steady_clock::now();
  EXPECT_THAT(WhyFailed(*model), HasSubstr("no answer within 0.3 s"));
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(20));
}

TEST(CommandModelTest, CancellingStopsTheWait) {
  const TestFolder folder;
  const auto model = ScriptModel(folder, "read line; sleep 600");
  Progress progress;
  progress.cancelled = [] { return true; };
  EXPECT_THROW(model->Generate(TwoKnownFrames(), progress), CancelledError);
}

TEST(CommandModelTest, AProgramThatDoesNotExistIsAUsageError) {
  CommandModelOptions options;
  options.command_line = "no-such-program-anywhere";
  EXPECT_THROW(StartCommandModel(options), UsageError);
  options.command_line = "sh";
  options.timeout_s = 0;
  EXPECT_THROW(StartCommandModel(options), UsageError);
}

}  // namespace
}  // namespace plumb
