// SPDX-License-Identifier: Apache-2.0
#include "app/calibration_suite.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/embedded_suite.h"
#include "app/yaml_document.h"
#include "core/errors.h"

namespace plumb {
namespace {

// The first seed of every scenario, then the second, up to so many in all; the order stays.
std::vector<SceneSet> SomeScenes(const std::vector<SceneSet>& sets, int count) {
  std::vector<SceneSet> some = sets;
  for (SceneSet& set : some) set.seeds.clear();
  size_t most = 0;
  for (const SceneSet& set : sets) most = std::max(most, set.seeds.size());
  for (size_t round = 0; round < most; ++round) {
    for (size_t i = 0; i < sets.size() && count > 0; ++i) {
      if (round >= sets[i].seeds.size()) continue;
      some[i].seeds.push_back(sets[i].seeds[round]);
      --count;
    }
  }
  std::erase_if(some, [](const SceneSet& set) { return set.seeds.empty(); });
  return some;
}

}  // namespace

void CalibrationOptions::Validate() const {
  if (size != 0 && (size < 64 || size > 2048)) {
    throw UsageError(fmt::format("--size {}: expected 64 to 2048 pixels", size));
  }
  if (frames != 0 && (frames < 12 || frames > 2000)) {
    throw UsageError(fmt::format("--frames {}: expected 12 to 2000", frames));
  }
  if (scenes < 0) throw UsageError(fmt::format("--scenes {}: expected 1 or more", scenes));
}

Suite CalibrationSuite(const std::string& family, const CalibrationOptions& options) {
  options.Validate();
  if (family != "geometry") {
    throw UsageError(
        fmt::format("calibrate: there is no calibration of '{}', only of geometry", family));
  }
  Suite suite = SuiteFromDocument(
      ParseYamlDocument(std::string(GeometryCalibrationSuiteYaml()), "the calibration (built in)"));
  if (options.size > 0) suite.protocol.width = suite.protocol.height = options.size;
  if (options.frames > 0) suite.protocol.frames = options.frames;
  if (options.scenes > 0) suite.scenes = SomeScenes(suite.scenes, options.scenes);
  return suite;
}

}  // namespace plumb
