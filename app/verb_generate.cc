// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <string>

#include <fmt/format.h>

#include "app/positive_number.h"
#include "app/terminal.h"
#include "app/verbs.h"
#include "app/video_io.h"
#include "core/json.h"
#if PLUMB_WITH_GENERATOR
#include "generator/native/native_model.h"
#endif

namespace plumb {
namespace {

namespace fs = std::filesystem;

struct GenerateOptions {
  std::string checkpoint = "models/plumb-tiny";
  std::string prompt;
  std::string image;
  std::string video;
  int known_frames = 9;  // taken from --video
  int width = 256;
  int height = 256;
  bool size_given = false;  // on the command line
  int frames = 48;
  double fps = 24.0;
  uint64_t seed = 0;
  int steps = 20;
  double guidance = 2.0;
  std::string out = "generated.mp4";
  bool as_json = false;
};

#if PLUMB_WITH_GENERATOR

Prompt PromptFrom(const GenerateOptions& options) {
  Prompt prompt;
  prompt.cell_id = "generate/0";
  prompt.caption = options.prompt;
  if (!options.image.empty()) prompt.conditioning_frames = {ReadImage(options.image)};
  if (!options.video.empty()) {
    const Video video = ReadVideo(options.video).video;
    if (video.num_frames() < options.known_frames) {
      throw InputError(options.video,
                       fmt::format("has {} frames, --known-frames asks for {}",
                                   video.num_frames(),
                                   options.known_frames));
    }
    prompt.conditioning_frames = FirstFrames(video, options.known_frames).frames();
  }
  prompt.width = options.width;
  prompt.height = options.height;
  prompt.frames = options.frames;
  prompt.fps = options.fps;
  prompt.seed = options.seed;
  return prompt;
}

void RequireVideoName(const fs::path& path) {
  if (path.extension() == ".mkv" || path.extension() == ".mp4") return;
  throw UsageError(
      fmt::format("--out {}: expected .mp4 (to look at) or .mkv (lossless)", path.string()));
}

void WriteVideo(const fs::path& path, const Video& video) {
  if (path.extension() == ".mkv") {
    WriteLossless(path, video);
  } else {
    WriteProxy(path, video);
  }
}

void TellOtherSize(const GenerateOptions& options, const ClipShape& shape) {
  if (!options.size_given) return;
  if (shape.width == options.width && shape.height == options.height) return;
  PrintNote(fmt::format("{}x{} was asked for; the nearest that this checkpoint makes is {}x{}",
                        options.width,
                        options.height,
                        shape.width,
                        shape.height));
}

void PrintResult(const GenerateOptions& options, const Video& video, const ClipShape& shape) {
  fmt::print("{} frames of {}x{} at {} fps, {} of them given -> {}\n",
             video.num_frames(),
             video.width(),
             video.height(),
             video.fps(),
             shape.known_frames,
             options.out);
}

ExitCode Generate(const GenerateOptions& options) {
  if (options.prompt.empty() && options.image.empty() && options.video.empty()) {
    throw UsageError("generate: give a --prompt, an --image or a --video to go on from");
  }
  NativeOptions native;
  native.steps = options.steps;
  native.guidance = options.guidance;
  native.Validate();
  RequireVideoName(options.out);
  const Prompt prompt = PromptFrom(options);
  ProgressLine line;
  const Progress progress = line.AsProgress();
  const auto model = LoadNativeModel(options.checkpoint, native);
  const ClipShape shape = model->PlanClip(prompt);
  TellOtherSize(options, shape);
  const Video video = model->Generate(prompt, progress);
  WriteVideo(options.out, video);
  line.Clear();
  if (options.as_json) {
    fmt::print("{}",
               DumpJson({{"schema", 1},
                         {"video", options.out},
                         {"frames", video.num_frames()},
                         {"fps", video.fps()},
                         {"width", video.width()},
                         {"height", video.height()},
                         {"known_frames", shape.known_frames},
                         {"model", model->Manifest()}}));
  } else {
    PrintResult(options, video, shape);
  }
  return ExitCode::kOk;
}

#else

ExitCode Generate(const GenerateOptions&) {
  throw UsageError(
      "generate: this build has no generator (it was configured with "
      "PLUMB_GENERATOR=OFF)");
}

#endif

}  // namespace

void AddGenerateVerb(CLI::App& root, Command& command) {
  auto options = std::make_shared<GenerateOptions>();
  CLI::App* verb =
      root.add_subcommand("generate", "one video from a prompt, a picture or a video's beginning");
  verb->add_option("--checkpoint", options->checkpoint, "folder of the native model")
      ->envname("PLUMB_CHECKPOINT")
      ->capture_default_str();
  verb->add_option("--prompt", options->prompt, "what the video shows");
  CLI::Option* image = verb->add_option("--image", options->image, "picture the video starts with");
  verb->add_option("--video", options->video, "video to go on from")->excludes(image);
  verb->add_option("--known-frames", options->known_frames, "first frames taken from --video")
      ->check(PositiveNumber())
      ->capture_default_str();
  CLI::Option* width = verb->add_option("--width", options->width, "pixels, at most")
                           ->check(PositiveNumber())
                           ->capture_default_str();
  CLI::Option* height = verb->add_option("--height", options->height, "pixels, at most")
                            ->check(PositiveNumber())
                            ->capture_default_str();
  verb->add_option("--frames", options->frames, "at most")
      ->check(PositiveNumber())
      ->capture_default_str();
  verb->add_option("--fps", options->fps, "rate that --frames counts in")
      ->check(PositiveNumber())
      ->capture_default_str();
  verb->add_option("--seed", options->seed, "of the initial noise")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  verb->add_option("--steps", options->steps, "of the sampler")->capture_default_str();
  verb->add_option("--guidance", options->guidance, "weight of the prompt; 1 is none extra")
      ->capture_default_str();
  verb->add_option("--out", options->out, ".mp4 to look at, .mkv without loss")
      ->capture_default_str();
  verb->add_flag("--json", options->as_json, "print JSON");
  verb->footer(
      "\nExamples:\n"
      "  plumb generate --prompt \"A red rubber ball falls.\" --out ball.mp4\n"
      "  plumb generate --image start.png --prompt \"The ball rolls on.\" --seed 3\n"
      "  plumb generate --video clip.mp4 --known-frames 9 --out rest.mkv\n");
  verb->callback([&command, options, width, height] {
    options->size_given = width->count() + height->count() > 0;
    command.run = [options] { return Generate(*options); };
  });
}

}  // namespace plumb
