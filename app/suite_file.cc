// SPDX-License-Identifier: Apache-2.0
#include "app/suite_file.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>
#include <vector>

#include <fmt/format.h>

#include "app/asked_metrics.h"
#include "app/embedded_suite.h"
#include "app/model_spec.h"
#include "app/run_folder.h"
#include "app/scene_file.h"
#include "app/yaml_document.h"
#include "core/errors.h"
#include "scenes/catalogue.h"

namespace plumb {
namespace {

[[noreturn]] void FailAt(const Document& document,
                         const std::string& pointer,
                         const std::string& message) {
  throw UsageError(fmt::format("{}: {}", document.Place(pointer), message));
}

void CheckName(const Document& document,
               const std::string& pointer,
               const std::string& name,
               const std::vector<std::string>& known) {
  if (std::find(known.begin(), known.end(), name) != known.end()) return;
  const std::string near = NearestName(name, known);
  FailAt(document,
         pointer,
         fmt::format("unknown name '{}'{}",
                     name,
                     near.empty() ? fmt::format("; known are {}", fmt::join(known, ", "))
                                  : fmt::format(" (did you mean '{}'?)", near)));
}

void CheckNames(const Document& document, const Suite& suite) {
  std::vector<std::string> scenarios;
  for (const ScenarioInfo& info : ListScenarios()) scenarios.emplace_back(info.id);
  for (size_t i = 0; i < suite.scenes.size(); ++i) {
    if (!suite.scenes[i].file.empty()) continue;
    CheckName(document, fmt::format("/scenes/{}/scenario", i), suite.scenes[i].scenario, scenarios);
  }
  for (size_t i = 0; i < suite.families.size(); ++i) {
    try {
      ParseMetrics({suite.families[i]});
    } catch (const UsageError& error) {
      FailAt(document, fmt::format("/families/{}", i), error.what());
    }
  }
  for (size_t i = 0; i < suite.models.size(); ++i) {
    try {
      ParseModelSpec(suite.models[i]);
    } catch (const UsageError& error) {
      FailAt(document, fmt::format("/models/{}", i), error.what());
    }
  }
}

// By name, or by the file that was built in.
bool IsBuiltIn(const std::string& name_or_path) {
  return name_or_path == "quick" || ReadFile(name_or_path) == QuickSuiteYaml();
}

// The checkpoint that comes with Plumb joins the built-in suite where it can run.
void AddShippedModel([[maybe_unused]] Suite& suite) {
#if PLUMB_WITH_GENERATOR
  if (std::filesystem::is_directory("models/plumb-tiny")) {
    suite.models.emplace_back("native:models/plumb-tiny");
  }
#endif
}

// Reads the scene files; cells are named by scene, so no two may have one id.
void ReadSceneFiles(const Document& document, const std::filesystem::path& folder, Suite& suite) {
  std::set<std::string> ids;
  for (const SceneSet& set : suite.scenes) {
    for (const uint64_t seed : set.seeds) ids.insert(SceneId(set.scenario, seed));
  }
  for (size_t i = 0; i < suite.scenes.size(); ++i) {
    SceneSet& set = suite.scenes[i];
    if (set.file.empty()) continue;
    const std::string pointer = fmt::format("/scenes/{}/file", i);
    if (!set.scene) {
      const std::filesystem::path path = folder / set.file;
      if (!std::filesystem::exists(path)) {
        FailAt(document, pointer, fmt::format("key 'file': there is no {}", path.string()));
      }
      set.scene = LoadSceneFile(path);
    }
    if (!ids.insert(set.scene->id).second) {
      FailAt(document, pointer, fmt::format("a scene '{}' is in the suite already", set.scene->id));
    }
  }
}

Document ReadSuiteDocument(const std::string& name_or_path) {
  if (name_or_path == "quick") {
    return ParseYamlDocument(std::string(QuickSuiteYaml()), "quick (built in)");
  }
  if (!std::filesystem::exists(name_or_path)) {
    throw UsageError(fmt::format("{}: no such suite; name a YAML file or 'quick'", name_or_path));
  }
  return ReadDocument(name_or_path);
}

}  // namespace

Suite LoadSuite(const std::string& name_or_path) {
  const Document document = ReadSuiteDocument(name_or_path);
  Suite suite = SuiteFromDocument(document);
  CheckNames(document, suite);
  ReadSceneFiles(document, std::filesystem::path(name_or_path).parent_path(), suite);
  if (IsBuiltIn(name_or_path)) AddShippedModel(suite);
  return suite;
}

Suite SuiteOfSceneFiles(const std::vector<std::string>& paths) {
  Suite suite;
  double longest_s = 0;
  for (const std::string& path : paths) {
    SceneSet set;
    set.file = path;
    suite.scenes.push_back(std::move(set));
  }
  if (paths.empty()) throw UsageError("no scene file named");
  suite.name = std::filesystem::path(paths.front()).stem().string();
  ReadSceneFiles({"--scene", Json::object(), {}}, "", suite);
  for (const SceneSet& set : suite.scenes) longest_s = std::max(longest_s, set.scene->duration_s);
  Protocol& protocol = suite.protocol;
  protocol.frames = std::max(protocol.conditioning_frames + 1,
                             static_cast<int>(std::lround(longest_s * protocol.fps)));
  return suite;
}

}  // namespace plumb
