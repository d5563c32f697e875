// SPDX-License-Identifier: Apache-2.0
#include "app/generate/sample_manifest.h"

#include "app/versions.h"

namespace plumb {
namespace {

// Numbers of the mode; null where they don't belong to it.
Json SettingsJson(const Generation& generation) {
  const GenerationOptions& options = generation.options;
  const auto or_null = [](auto value) { return value > 0 ? Json(value) : Json(nullptr); };
  return {{"clip_frames", generation.files.clip.frames},
          {"known_frames_at_most", or_null(options.known_frames)},
          {"seconds", or_null(options.seconds)},
          {"backward", or_null(options.backward)},
          {"strength", or_null(options.strength)}};
}

}  // namespace

Json SampleManifest(const Generation& generation,
                    const MadeFile& file,
                    int known_frames,
                    const Json& model) {
  const GenerationOptions& options = generation.options;
  const std::string& given = options.shots.empty() ? options.prompt : options.shots.at(file.video);
  return {{"schema", 1},
          {"video", file.path},
          {"mode", GenerationModeName(options.Mode())},
          {"frames", file.frames},
          {"fps", generation.files.clip.fps},
          {"width", file.width},
          {"height", file.height},
          {"known_frames", known_frames},
          {"prompt", {{"given", given}, {"expanded", generation.captions.at(file.video)}}},
          {"seed", options.seed},
          {"inputs", generation.files.inputs},
          {"settings", SettingsJson(generation)},
          {"model", model},
          {"device", "cpu"},
          {"versions", BuildVersions()},
          {"machine", MachineFacts()}};
}

std::filesystem::path SampleManifestPath(const std::string& video) { return video + ".json"; }

}  // namespace plumb
