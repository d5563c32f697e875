// SPDX-License-Identifier: Apache-2.0
#include "app/generate/sample_manifest.h"

#include "app/digest.h"
#include "app/versions.h"

namespace plumb {
namespace {

Json InputJson(const std::string& path) {
  const bool is_folder = std::filesystem::is_directory(path);
  return {{"file", path}, {"sha256", is_folder ? DigestOfFolder(path) : DigestOfFile(path)}};
}

Json InputsJson(const GenerationOptions& options) {
  Json inputs = Json::object();
  const auto add = [&](const char* name, const std::string& path) {
    if (!path.empty()) inputs[name] = InputJson(path);
  };
  add("image", options.image);
  add("video", options.video);
  add("connect", options.connect);
  add("mask", options.mask);
  add("camera_path", options.camera_path);
  for (const std::string& path : options.references) {
    inputs["references"].push_back(InputJson(path));
  }
  return inputs;
}

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
          {"inputs", InputsJson(options)},
          {"settings", SettingsJson(generation)},
          {"model", model},
          {"device", "cpu"},
          {"versions", BuildVersions()},
          {"machine", MachineFacts()}};
}

std::filesystem::path SampleManifestPath(const std::string& video) { return video + ".json"; }

}  // namespace plumb
