// SPDX-License-Identifier: Apache-2.0
#include "app/generate/generation_options.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/errors.h"

namespace plumb {
namespace {

constexpr int kMostFrames = 100'000;

// Flags that each ask for a mode of their own.
std::vector<std::string> ModeFlags(const GenerationOptions& options) {
  std::vector<std::string> flags;
  if (options.seconds > 0) flags.push_back("--seconds");
  if (options.backward > 0) flags.push_back("--backward");
  if (options.loop) flags.push_back("--loop");
  if (!options.connect.empty()) flags.push_back("--connect");
  if (!options.mask.empty()) flags.push_back("--mask");
  if (options.strength > 0) flags.push_back("--strength");
  if (!options.shots.empty()) flags.push_back("--shot");
  return flags;
}

void CheckFlags(const GenerationOptions& options) {
  const std::vector<std::string> flags = ModeFlags(options);
  if (flags.size() > 1) {
    throw UsageError(fmt::format("generate: {} don't go together", fmt::join(flags, " and ")));
  }
  const bool shots = !options.shots.empty();
  if (shots && !(options.prompt.empty() && options.image.empty() && options.video.empty())) {
    throw UsageError("generate: --shot stands instead of --prompt, --image and --video");
  }
  if (!shots && options.prompt.empty() && options.image.empty() && options.video.empty()) {
    throw UsageError(
        "generate: give a --prompt, an --image or a --video to go on from, or two of --shot");
  }
  const bool takes_any = options.seconds > 0 || options.loop || shots;
  if (!flags.empty() && !takes_any && options.video.empty()) {
    throw UsageError(fmt::format("generate: {} needs a --video", flags.front()));
  }
}

void CheckOut(const GenerationOptions& options) {
  const std::string ending = std::filesystem::path(options.out).extension();
  if (ending == ".png") {
    if (options.frames == 1 && options.Mode() == GenerationMode::kClip) return;
    throw UsageError(fmt::format("--out {}: a picture is for --frames 1", options.out));
  }
  if (ending == ".mkv" || ending == ".mp4") return;
  throw UsageError(fmt::format(
      "--out {}: expected .mp4 (to look at) or .mkv (lossless); .png for --frames 1", options.out));
}

void CheckSheet(const GenerationOptions& options) {
  if (options.sheet.empty()) return;
  if (std::filesystem::path(options.sheet).extension() != ".png") {
    throw UsageError(fmt::format("--sheet {}: expected .png", options.sheet));
  }
  if (options.sheet == options.out) {
    throw UsageError(fmt::format("--sheet {}: is --out already", options.sheet));
  }
}

// Whether writing to `path` would overwrite `given`.
bool IsSameFile(const std::string& path, const std::string& given) {
  std::error_code none;  // what isn't there is no file that is given
  return path == given || std::filesystem::equivalent(path, given, none);
}

// What is made must not be written over what it is made from.
void CheckOverwriting(const GenerationOptions& options) {
  std::vector<std::string> given = {
      options.image, options.video, options.connect, options.mask, options.camera_path};
  given.insert(given.end(), options.references.begin(), options.references.end());
  for (const auto& [flag, path] :
       {std::pair<std::string, std::string>{"--out", options.out}, {"--sheet", options.sheet}}) {
    for (const std::string& file : given) {
      if (path.empty() || file.empty() || !IsSameFile(path, file)) continue;
      throw UsageError(fmt::format("{} {}: is a file that is read", flag, path));
    }
  }
}

}  // namespace

void GenerationOptions::Validate() const {
  CheckFlags(*this);
  if (strength < 0 || strength > 1) {
    throw UsageError(fmt::format("--strength {}: expected more than 0, at most 1", strength));
  }
  constexpr double kDay_s = 86400.0;
  if (seconds > kDay_s || backward > kDay_s) {
    throw UsageError(fmt::format("--{} {:.6g}: expected at most {:.6g}",
                                 seconds > kDay_s ? "seconds" : "backward",
                                 std::max(seconds, backward),
                                 kDay_s));
  }
  if (frames > kMostFrames) {
    throw UsageError(fmt::format("--frames {}: expected at most {}", frames, kMostFrames));
  }
  CheckOut(*this);
  CheckSheet(*this);
  CheckOverwriting(*this);
  sampling.Validate();
}

GenerationMode GenerationOptions::Mode() const {
  if (!shots.empty()) return GenerationMode::kShots;
  if (seconds > 0) return GenerationMode::kForward;
  if (backward > 0) return GenerationMode::kBackward;
  if (loop) return GenerationMode::kLoop;
  if (!connect.empty()) return GenerationMode::kConnect;
  if (!mask.empty()) return GenerationMode::kEdit;
  if (strength > 0) return GenerationMode::kRedraw;
  return GenerationMode::kClip;
}

std::string GenerationModeName(GenerationMode mode) {
  switch (mode) {
    case GenerationMode::kClip:
      return "clip";
    case GenerationMode::kForward:
      return "extend forward";
    case GenerationMode::kBackward:
      return "extend backward";
    case GenerationMode::kLoop:
      return "loop";
    case GenerationMode::kConnect:
      return "connect";
    case GenerationMode::kEdit:
      return "masked edit";
    case GenerationMode::kRedraw:
      return "sdedit";
    case GenerationMode::kShots:
      return "shots";
  }
  return "";
}

}  // namespace plumb
