// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "app/run_folder.h"
#include "app/scene_folder.h"
#include "app/terminal.h"
#include "app/verbs.h"
#include "core/json.h"
#include "core/scene_json.h"
#include "scenes/catalogue.h"
#include "scenes/checks.h"
#include "scenes/render.h"
#include "scenes/simulate.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;

struct SceneOptions {
  std::string scenario;
  std::vector<std::string> scenarios;  // check, export: empty means all
  uint64_t seed = 0;
  uint64_t suite_seed = 0;
  int count = 1;  // check, export: seeds from `seed` on
  RenderOptions render;
  std::string out;
  bool motion_only = false;
  bool as_json = false;
};

ExitCode ListAll(const SceneOptions& options) {
  Json json{{"schema", 1}, {"scenarios", Json::array()}};
  for (const ScenarioInfo& info : ListScenarios()) {
    json["scenarios"].push_back({{"name", std::string(info.id)},
                                 {"summary", std::string(info.summary)},
                                 {"check", std::string(info.check)}});
    if (options.as_json) continue;
    fmt::print("{:<15} {}\n{:<15} check: {}\n", info.id, info.summary, "", info.check);
  }
  if (options.as_json) fmt::print("{}", DumpJson(json));
  return ExitCode::kOk;
}

std::string_view RoleName(Role role) {
  switch (role) {
    case Role::kObject:
      return "object";
    case Role::kOccluder:
      return "occluder";
    case Role::kStructure:
      return "structure";
  }
  return "";
}

void PrintScene(const Scene& scene) {
  fmt::print("{}: {}\n{} s, gravity {:.2f} m/s^2\n\n",
             scene.id,
             scene.caption,
             scene.duration_s,
             scene.gravity_mps2.z());
  fmt::print("{:<16} {:<10} {:>8} {:<22} {:<22} {:>8} {:>11}\n",
             "body",
             "role",
             "mass kg",
             "size m",
             "position m",
             "friction",
             "restitution");
  const auto triple = [](const Eigen::Vector3d& v) {
    return fmt::format("{:.2f} {:.2f} {:.2f}", v.x(), v.y(), v.z());
  };
  for (const Body& body : scene.bodies) {
    fmt::print("{:<16} {:<10} {:>8} {:<22} {:<22} {:>8.2f} {:>11.2f}\n",
               body.name,
               RoleName(body.role),
               body.fixed ? "fixed" : fmt::format("{:.3f}", body.mass_kg),
               triple(body.shape.size_m),
               triple(body.world_from_body.translation),
               body.material.friction,
               body.material.restitution);
  }
}

ExitCode Show(const SceneOptions& options) {
  const Scene scene = MakeScene(options.scenario, options.suite_seed, options.seed);
  if (options.as_json) {
    fmt::print("{}", DumpJson(ToJson(scene)));
  } else {
    PrintScene(scene);
  }
  return ExitCode::kOk;
}

ExitCode RenderOne(const SceneOptions& options) {
  options.render.Validate();
  const Scene scene = MakeScene(options.scenario, options.suite_seed, options.seed);
  const fs::path folder = options.out.empty() ? fs::path(scene.id) : fs::path(options.out);
  ProgressLine line;
  const Truth truth = MakeSceneFolder(folder, scene, options.render, line.AsProgress());
  line.Clear();
  if (options.as_json) {
    fmt::print("{}",
               DumpJson({{"schema", 1},
                         {"scene", scene.id},
                         {"caption", scene.caption},
                         {"frames", truth.num_frames()},
                         {"contacts", truth.motion.contacts.size()},
                         {"folder", folder.string()}}));
  } else {
    fmt::print("{}\n{} frames, {} contacts -> {}/video.mp4, contact_sheet.png, truth/\n",
               scene.caption,
               truth.num_frames(),
               truth.motion.contacts.size(),
               folder.string());
  }
  return ExitCode::kOk;
}

std::vector<std::string> AskedScenarios(const SceneOptions& options) {
  if (!options.scenarios.empty()) return options.scenarios;
  std::vector<std::string> all;
  for (const ScenarioInfo& info : ListScenarios()) all.emplace_back(info.id);
  return all;
}

std::vector<LawCheck> ChecksOf(const Scene& scene,
                               const SceneOptions& options,
                               const Progress& progress) {
  if (!options.motion_only) return CheckTruth(MakeTruth(scene, options.render, progress));
  SimulateOptions simulate;
  simulate.fps = options.render.fps;
  return CheckMotion(scene, Simulate(scene, simulate, progress));
}

ExitCode Check(const SceneOptions& options) {
  options.render.Validate();
  ProgressLine line;
  const Progress progress = line.AsProgress();
  Json json{{"schema", 1}, {"checks", Json::array()}};
  int passed = 0, failed = 0;
  for (const std::string& scenario : AskedScenarios(options)) {
    for (int i = 0; i < options.count; ++i) {
      const Scene scene = MakeScene(scenario, options.suite_seed, options.seed + i);
      const std::vector<LawCheck> checks = ChecksOf(scene, options, progress);
      line.Clear();
      for (const LawCheck& check : checks) {
        ++(check.passed ? passed : failed);
        json["checks"].push_back({{"scene", scene.id},
                                  {"name", check.name},
                                  {"expected", check.expected},
                                  {"measured", check.measured},
                                  {"tolerance", check.tolerance},
                                  {"unit", check.unit},
                                  {"passed", check.passed}});
        if (options.as_json) continue;
        fmt::print("{}  {:<18} {:<36} {:>12.6g} expected {:>12.6g} ± {:.3g} {}\n",
                   check.passed ? "pass" : "FAIL",
                   scene.id,
                   check.name,
                   check.measured,
                   check.expected,
                   check.tolerance,
                   check.unit);
      }
    }
  }
  if (options.as_json) fmt::print("{}", DumpJson(json));
  if (!options.as_json) fmt::print("{} checks passed, {} failed\n", passed, failed);
  if (failed > 0) return ExitCode::kGateFailed;
  return passed > 0 ? ExitCode::kOk : ExitCode::kIncomplete;
}

// A dataset: one folder per scene and one line per scene in scenes.jsonl.
ExitCode Export(const SceneOptions& options) {
  options.render.Validate();
  ProgressLine line;
  const Progress progress = line.AsProgress();
  std::string index;
  int written = 0;
  for (const std::string& scenario : AskedScenarios(options)) {
    for (int i = 0; i < options.count; ++i) {
      const Scene scene = MakeScene(scenario, options.suite_seed, options.seed + i);
      progress.ThrowIfCancelled();
      MakeSceneFolder(fs::path(options.out) / scene.id, scene, options.render, progress);
      index += Json{{"scene", scene.id},
                    {"scenario", scenario},
                    {"seed", scene.seed},
                    {"caption", scene.caption},
                    {"truth", scene.id + "/truth"},
                    {"video", scene.id + "/video.mp4"}}
                   .dump() +
               "\n";
      ++written;
    }
  }
  WriteFileDurably(fs::path(options.out) / "scenes.jsonl", index);
  line.Clear();
  if (options.as_json) {
    fmt::print("{}", DumpJson({{"schema", 1}, {"scenes", written}, {"folder", options.out}}));
  } else {
    fmt::print("{} scenes -> {}/scenes.jsonl\n", written, options.out);
  }
  return written > 0 ? ExitCode::kOk : ExitCode::kIncomplete;
}

using Shared = std::shared_ptr<SceneOptions>;

void AddSeeds(CLI::App& verb, const Shared& options) {
  // Without the check "-1" would become the largest seed.
  verb.add_option("--seed", options->seed, "of the scene")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  verb.add_option("--suite-seed", options->suite_seed, "of the suite the scene belongs to")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
}

void AddProtocol(CLI::App& verb, const Shared& options) {
  RenderOptions& render = options->render;
  verb.add_option("--width", render.width, "pixels")->capture_default_str();
  verb.add_option("--height", render.height, "pixels")->capture_default_str();
  verb.add_option("--frames", render.frames, "length of the clip")->capture_default_str();
  verb.add_option("--fps", render.fps, "frames per second")->capture_default_str();
}

void AddMany(CLI::App& verb, const Shared& options) {
  verb.add_option("scenarios", options->scenarios, "scenarios (default: all)");
  verb.add_option("--count", options->count, "seeds per scenario, from --seed on")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
}

CLI::App* AddPart(CLI::App& verb,
                  Command& command,
                  const Shared& options,
                  const char* name,
                  const char* summary,
                  ExitCode (*work)(const SceneOptions&)) {
  CLI::App* part = verb.add_subcommand(name, summary);
  part->callback(
      [&command, options, work] { command.run = [options, work] { return work(*options); }; });
  return part;
}

}  // namespace

void AddScenesVerb(CLI::App& root, Command& command) {
  auto options = std::make_shared<SceneOptions>();
  CLI::App* verb = root.add_subcommand("scenes", "the scenes that models are tested on");
  verb->callback([&command, verb] {
    if (!verb->get_subcommands().empty()) return;
    command.run = []() -> ExitCode {
      throw UsageError("scenes: say what to do: list, show, render, check or export");
    };
  });
  verb->footer(
      "\nExamples:\n"
      "  plumb scenes show drop --seed 3\n"
      "  plumb scenes render orbit_room --out room\n"
      "  plumb scenes check drop bounce --motion-only\n"
      "  plumb scenes export drop --count 10 --out dataset\n");
  const auto add =
      [&](const char* name, const char* summary, ExitCode (*work)(const SceneOptions&)) {
        return AddPart(*verb, command, options, name, summary, work);
      };
  CLI::App* list = add("list", "the scenarios and the law that checks each", ListAll);
  CLI::App* show = add("show", "one scene: caption, bodies, materials", Show);
  CLI::App* render = add("render", "video, truth and contact sheet of one scene", RenderOne);
  CLI::App* check = add("check", "the truth against closed forms and conserved quantities", Check);
  CLI::App* export_part = add("export", "many scenes as a dataset", Export);
  for (CLI::App* part : {show, render}) {
    part->add_option("scenario", options->scenario, "see: plumb scenes list")->required();
  }
  for (CLI::App* part : {check, export_part}) AddMany(*part, options);
  for (CLI::App* part : {show, render, check, export_part}) AddSeeds(*part, options);
  for (CLI::App* part : {render, check, export_part}) AddProtocol(*part, options);
  for (CLI::App* part : {list, show, render, check, export_part}) {
    part->add_flag("--json", options->as_json, "print JSON");
  }
  render->add_option("--out", options->out, "folder (default: the scene's name)");
  export_part->add_option("--out", options->out, "folder of the dataset")->required();
  check->add_flag("--motion-only", options->motion_only, "without rendering");
}

}  // namespace plumb
