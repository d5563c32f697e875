// SPDX-License-Identifier: Apache-2.0
// Truth on disk: truth/<digest>/ with truth.json, rgb.mkv (FFV1) and one safetensors file per pass.
// Everything that reads truth reads it here.
#pragma once

#include <filesystem>
#include <string>

#include "core/json.h"
#include "core/progress.h"
#include "core/scene_json.h"  // ToJson(Scene), SceneFromDocument
#include "core/truth.h"

namespace plumb {

// Raised whenever the same scene and protocol may give other pixels, masks, states, events or
// horizons.
inline constexpr int kTruthVersion = 3;  // 3: events, predictable horizons

// The protocol a truth is rendered with.
struct TruthProtocol {
  int width = 256;
  int height = 256;
  int frames = 48;
  double fps = 24.0;
  bool all_passes =
      false;  // depth, normals and flow as well; instance and amodal masks are always kept
};

// The name of a scene's truth under that protocol: 64 hexadecimal digits.
std::string TruthDigest(const Scene& scene, const TruthProtocol& protocol);

// Writes <folder>/truth.json, rgb.mkv and the passes that are not empty; the folder appears whole
// or not at all. A folder that is already there is left as it is. Throws EnvironmentError when it
// can't write.
void WriteTruth(const std::filesystem::path& folder, const Truth& truth);

// Reads what WriteTruth wrote, equal to the last bit; passes that were not kept are empty.
// Throws InputError naming file and key when something is missing or contradictory.
Truth ReadTruth(const std::filesystem::path& folder);

// ReadTruth of <store>/<digest>. Throws InputError as well when the folder holds another scene or
// another protocol than its name says.
Truth ReadStoredTruth(const std::filesystem::path& store, const std::string& digest);

// The truth of a scene, from <store>/<digest> when it is there, else simulated, rendered and stored
// there.
Truth LoadOrMakeTruth(const std::filesystem::path& store,
                      const Scene& scene,
                      const TruthProtocol& protocol,
                      const Progress& progress = {});

}  // namespace plumb
