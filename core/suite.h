// SPDX-License-Identifier: Apache-2.0
// A suite: which scenes, under which protocol, with which models by default. One file is enough to
// repeat a run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/document.h"
#include "core/json.h"
#include "core/scene.h"

namespace plumb {

// What every model is asked for.
struct Protocol {
  int width = 256;
  int height = 256;
  int frames = 48;
  double fps = 24.0;
  int conditioning_frames = 5;
  int samples_per_scene = 1;  // seeds a model is asked with for every scene
  // Geometry takes what moves by itself out by the truth's masks; else as of a video without truth.
  bool truth_masks = true;
};

// One family and the seeds of its scenes, or one scene that a file describes.
struct SceneSet {
  std::string scenario;  // empty for a file
  std::vector<uint64_t> seeds;
  std::string file = {};            // as the suite names it, relative to the suite's folder
  std::optional<Scene> scene = {};  // what the file holds; plans keep it
};

// The scenario, or the one that the file's scene names.
std::string ScenarioOf(const SceneSet& set);

struct Suite {
  int schema = 1;
  std::string name;
  int version = 1;  // raised when results stop being comparable
  uint64_t seed = 0;
  std::vector<SceneSet> scenes;
  Protocol protocol;
  std::vector<std::string> models;    // model specs run when the command line names none
  std::vector<std::string> families;  // "geometry", "permanence", "dynamics"; empty: all
};

// Reads a suite; scene files are named, not read (a stored suite has their scenes beside the
// names). Unknown keys, wrong types, empty or duplicate lists and senseless sizes throw UsageError
// with file, line, key and the nearest valid name.
Suite SuiteFromDocument(const Document& document);
Json ToJson(const Suite& suite);

}  // namespace plumb
