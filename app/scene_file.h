// SPDX-License-Identifier: Apache-2.0
// Scene files that people write: read in the friendly form, every mistake told with its line.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/document.h"
#include "core/scene.h"

namespace plumb {

struct SceneFinding {
  std::string place;    // "scene.yaml:12"
  std::string message;  // "body 'ball': key 'mass_kg': is -1, expected above 0"
  bool warning = false;
};

struct CheckedScene {
  std::vector<SceneFinding> findings;  // in the order of the file, mistakes and warnings
  std::optional<Scene> scene;          // when there is no mistake

  int mistakes() const;
};

// docs/scene.schema.json as it was when the program was built.
std::string_view SceneSchemaText();
const Json& SceneSchema();

// The scene in the form that SceneFromDocument reads: `turn_deg: {axis, angle}` becomes
// `rotation_xyzw`, `sweep_deg` and `fov_deg` become radians, quaternions that are a little too long
// or short get the length 1, and a scenario that is left out is the scene's id.
Json CoreSceneForm(const Json& scene);

// Every mistake: what the schema refuses, names that nothing has, orders of time, impossible
// shapes, bodies that stand in one another by more than 5 mm at the start. Warns of bodies that the
// camera never sees (motion simulated, square picture).
CheckedScene CheckSceneDocument(const Document& document);

// Throws InputError with the first mistake and the number of others.
Scene LoadSceneFile(const std::filesystem::path& path);

}  // namespace plumb
