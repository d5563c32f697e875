// SPDX-License-Identifier: Apache-2.0
// plumb plan, plumb validate
#include <memory>
#include <set>
#include <string>

#include <fmt/format.h>

#include "app/plan.h"
#include "app/run_suite.h"
#include "app/scene_file.h"
#include "app/suite_file.h"
#include "app/terminal.h"
#include "app/verbs.h"
#include "app/yaml_document.h"
#include "core/manifest.h"

namespace plumb {
namespace {

struct PlanArguments {
  std::string suite = "quick";
  std::vector<std::string> scenes;  // files; instead of a suite
  PlanOptions options;
  bool json = false;
};

ExitCode ShowPlan(const PlanArguments& arguments) {
  const Suite suite =
      arguments.scenes.empty() ? LoadSuite(arguments.suite) : SuiteOfSceneFiles(arguments.scenes);
  const Plan plan = MakePlan(suite, arguments.options);
  std::set<std::string> truths;
  for (const PlannedCell& cell : plan.cells) truths.insert(cell.truth);
  const int64_t bytes = BytesNeeded(
      plan.suite.protocol, static_cast<int>(truths.size()), static_cast<int>(plan.cells.size()));
  if (arguments.json) {
    Json json = ToJson(plan);
    json["bytes_needed"] = bytes;
    fmt::print("{}", DumpJson(json));
    return ExitCode::kOk;
  }
  fmt::print("{} v{}, {}\n", plan.suite.name, plan.suite.version, plan.suite_digest.substr(0, 12));
  fmt::print("{}", PlanText(plan));
  fmt::print("about {} of work on one core, up to {} MB on disk\n",
             DurationText(SecondsNeeded(plan)),
             bytes >> 20);
  return ExitCode::kOk;
}

// Every mistake of a scene file, one a line; the exit code says whether there is one.
ExitCode ValidateScene(const std::string& path, const Document& document, bool as_json) {
  const CheckedScene checked = CheckSceneDocument(document);
  Json json = {{"schema", 1},
               {"file", path},
               {"valid", checked.scene.has_value()},
               {"kind", "scene"},
               {"findings", Json::array()}};
  for (const SceneFinding& finding : checked.findings) {
    json["findings"].push_back({{"place", finding.place},
                                {"severity", finding.warning ? "warning" : "mistake"},
                                {"message", finding.message}});
    const std::string line = Printable(fmt::format("{}: {}", finding.place, finding.message));
    if (as_json) continue;
    finding.warning ? PrintWarning(line) : PrintError(line);
  }
  if (as_json) {
    fmt::print("{}", DumpJson(json));
  } else if (checked.scene) {
    const Scene& scene = *checked.scene;
    fmt::print("{}: valid: scene {}, {} bodies\n", path, scene.id, scene.bodies.size());
  } else {
    const int mistakes = checked.mistakes();
    PrintNote(fmt::format("{}: {} mistake{}", path, mistakes, mistakes == 1 ? "" : "s"));
  }
  return checked.scene ? ExitCode::kOk : ExitCode::kInputRejected;
}

// What kind of file a document is, from the keys that only that kind has.
std::string ValidateDocument(const std::string& path, const Document& document) {
  const Json& root = document.root;
  if (!root.is_object())
    throw UsageError(fmt::format("{}: expected an object", document.Place("")));
  if (root.contains("cells")) {
    const Manifest manifest = ManifestFromDocument(document);
    return fmt::format("manifest of {} cells", manifest.entries.size());
  }
  const Suite suite = LoadSuite(path);
  return fmt::format("suite {} v{}, {} scenarios", suite.name, suite.version, suite.scenes.size());
}

ExitCode ValidateFile(const std::string& path, bool as_json) {
  const Document document = ReadDocument(path);
  if (document.root.is_object() && document.root.contains("bodies")) {
    return ValidateScene(path, document, as_json);
  }
  const std::string kind = ValidateDocument(path, document);
  if (as_json) {
    fmt::print("{}", DumpJson({{"schema", 1}, {"file", path}, {"valid", true}, {"kind", kind}}));
  } else {
    fmt::print("{}: valid: {}\n", path, kind);
  }
  return ExitCode::kOk;
}

}  // namespace

void AddPlanVerb(CLI::App& root, Command& command) {
  auto arguments = std::make_shared<PlanArguments>();
  CLI::App* verb =
      root.add_subcommand("plan", "the matrix of a run, its size and cost, before any work");
  CLI::Option* suite =
      verb->add_option("suite", arguments->suite, "'quick' (built in) or a YAML file");
  verb->add_option("--scene", arguments->scenes, "a scene file instead of a suite")
      ->option_text("FILE ...")
      ->allow_extra_args(false)
      ->excludes(suite);
  verb->add_option("--model",
                   arguments->options.models,
                   "one model; give it once for every model; default: the suite's")
      ->option_text("SPEC ...")
      ->allow_extra_args(false);
  verb->add_option(
      "--filter", arguments->options.filter, "regular expression on '<scene>/<seed> <model>'");
  verb->add_option("--limit", arguments->options.limit, "only the first scenes");
  verb->add_flag("--json", arguments->json, "print JSON");
  verb->footer(
      "\nExamples:\n"
      "  plumb plan\n"
      "  plumb plan scenes/suites/quick.yaml --model oracle --model frozen\n"
      "  plumb plan --filter drop --json\n");
  verb->callback(
      [&command, arguments] { command.run = [arguments] { return ShowPlan(*arguments); }; });
}

void AddValidateVerb(CLI::App& root, Command& command) {
  auto path = std::make_shared<std::string>();
  auto as_json = std::make_shared<bool>(false);
  CLI::App* verb = root.add_subcommand("validate", "checks a suite, scene or manifest file");
  verb->add_option("file", *path, "YAML or JSON")->required();
  verb->add_flag("--json", *as_json, "print JSON");
  verb->footer(
      "\nExamples:\n"
      "  plumb validate scenes/suites/quick.yaml\n"
      "  plumb validate examples/scenes/swing.yaml\n"
      "  plumb validate pack/manifest.json --json\n");
  verb->callback([&command, path, as_json] {
    command.run = [path, as_json] { return ValidateFile(*path, *as_json); };
  });
}

}  // namespace plumb
