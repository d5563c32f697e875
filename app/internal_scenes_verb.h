// SPDX-License-Identifier: Apache-2.0
// What the parts of `plumb scenes` do; verb_scenes.cc has their options.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "app/dataset.h"
#include "core/errors.h"
#include "core/scene.h"
#include "scenes/render.h"

namespace plumb {

struct SceneOptions {
  std::string scenario;
  std::vector<std::string> scenarios;  // check, show, export: empty means all
  uint64_t seed = 0;
  uint64_t suite_seed = 0;
  int count = 1;    // check, show, export: seeds from `seed` on
  int threads = 0;  // 0: one for each core
  RenderOptions render;
  std::string camera;  // a view of scenes/cameras.h; empty: the scenario's own
  std::string out;
  bool motion_only = false;
  bool pictures = false;
  bool sabotage = false;
  int moments = 4;
  int columns = 0;
  DatasetOptions dataset;  // which files an export keeps
  bool as_json = false;
};

// Threads asked for, or one for each core.
int ThreadsOf(const SceneOptions& options);

// The scene at that seed, seen by the camera asked for.
Scene AskedScene(const SceneOptions& options, const std::string& scenario, uint64_t seed);

ExitCode ListTheScenarios(const SceneOptions& options);
ExitCode DescribeScene(const SceneOptions& options);
ExitCode RenderScene(const SceneOptions& options);
ExitCode ShowSheet(const SceneOptions& options);
ExitCode CheckCatalogue(const SceneOptions& options);
ExitCode ExportScenes(const SceneOptions& options);
ExitCode PrintSceneSchema(const SceneOptions& options);

}  // namespace plumb
