// SPDX-License-Identifier: Apache-2.0
#include "app/suite_file.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include <fmt/format.h>

#include "app/embedded_suite.h"
#include "app/model_spec.h"
#include "app/run_folder.h"
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
    CheckName(document, fmt::format("/scenes/{}/scenario", i), suite.scenes[i].scenario, scenarios);
  }
  for (size_t i = 0; i < suite.families.size(); ++i) {
    CheckName(document,
              fmt::format("/families/{}", i),
              suite.families[i],
              {"geometry", "permanence", "dynamics"});
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
  if (IsBuiltIn(name_or_path)) AddShippedModel(suite);
  return suite;
}

}  // namespace plumb
