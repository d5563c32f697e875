// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "app/verbs.h"
#include "app/versions.h"
#include "core/json.h"
#include "core/results.h"

namespace plumb {
namespace {

Json VersionJson() {
  Json json;
  json["schema"] = 1;
  json["versions"] = BuildVersions();
  json["formats"] = {{"results", Results::kSchema}, {"manifest", 1}, {"suite", 1}};
  return json;
}

ExitCode PrintVersion(bool as_json) {
  if (as_json) {
    fmt::print("{}", DumpJson(VersionJson()));
    return ExitCode::kOk;
  }
  const auto versions = BuildVersions();
  fmt::print("plumb {}\n", versions.at("plumb"));
  for (const auto& [name, version] : versions) {
    if (name != "plumb") fmt::print("  {:<10} {}\n", name, version);
  }
  return ExitCode::kOk;
}

}  // namespace

void AddVersionVerb(CLI::App& root, Command& command) {
  auto as_json = std::make_shared<bool>(false);
  CLI::App* verb = root.add_subcommand("version", "versions of the program and its libraries");
  verb->add_flag("--json", *as_json, "print JSON");
  verb->footer(
      "\nExamples:\n"
      "  plumb version\n"
      "  plumb version --json\n");
  verb->callback(
      [&command, as_json] { command.run = [as_json] { return PrintVersion(*as_json); }; });
}

}  // namespace plumb
