// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <memory>

#include "app/internal_scenes_verb.h"
#include "app/verbs.h"

namespace plumb {
namespace {

using Shared = std::shared_ptr<SceneOptions>;

void AddCamera(CLI::App& verb, const Shared& options) {
  verb.add_option("--camera", options->camera, "front, oblique, top or moving; default: its own");
}

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

void AddMany(CLI::App& verb, const Shared& options, const char* what) {
  verb.add_option("scenarios,--scenario", options->scenarios, what);
  verb.add_option("--count,--seeds", options->count, "seeds of each scenario, from --seed on")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  verb.add_option("--threads,--workers", options->threads, "at work at once; 0: one per core")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
}

// A part of the verb: its options have state of their own, with defaults of their own.
struct ScenesPart {
  const char* name;
  const char* summary;
  ExitCode (*work)(const SceneOptions&);
  void (*add_options)(CLI::App&, const Shared&);
};

void AddListOptions(CLI::App&, const Shared&) {}

void AddOneOptions(CLI::App& verb, const Shared& options) {
  verb.add_option("scenario", options->scenario, "see: plumb scenes list")->required();
  AddSeeds(verb, options);
  AddCamera(verb, options);
}

void AddRenderOptions(CLI::App& verb, const Shared& options) {
  AddOneOptions(verb, options);
  AddProtocol(verb, options);
  verb.add_option("--out", options->out, "folder (default: the scene's name)");
}

void AddCheckOptions(CLI::App& verb, const Shared& options) {
  options->count = 20;
  options->render.width = options->render.height = 96;
  AddMany(verb, options, "scenarios (default: all)");
  AddSeeds(verb, options);
  AddProtocol(verb, options);
  CLI::Option* never = verb.add_flag("--motion-only", options->motion_only, "without pictures");
  verb.add_flag("--pictures", options->pictures, "pictures for every scenario")->excludes(never);
}

void AddShowOptions(CLI::App& verb, const Shared& options) {
  options->render.width = options->render.height = 192;
  AddMany(verb, options, "scenarios, or sabotages with --sabotage (default: all)");
  AddSeeds(verb, options);
  AddProtocol(verb, options);
  AddCamera(verb, options);
  verb.add_option("--out", options->out, "the PNG")->required();
  verb.add_flag(
      "--sabotage", options->sabotage, "broken laws: the truth above, the sabotage below");
  verb.add_option("--moments", options->moments, "frames of each clip")->capture_default_str();
  verb.add_option("--columns", options->columns, "strips side by side; 0: as fit in 1600 pixels")
      ->capture_default_str();
}

void AddExportOptions(CLI::App& verb, const Shared& options) {
  DatasetOptions& dataset = options->dataset;
  AddMany(verb, options, "scenarios (default: all)");
  AddSeeds(verb, options);
  AddProtocol(verb, options);
  AddCamera(verb, options);
  verb.add_option("--out", options->out, "folder of the data set")->required();
  CLI::Option* lossless = verb.add_flag("--lossless", dataset.lossless, "FFV1 instead of H.264");
  verb.add_flag("--tensors", dataset.tensors, "safetensors instead of H.264, for training")
      ->excludes(lossless);
  verb.add_flag("--depth", dataset.depth, "depth as 16-bit PNG");
  verb.add_flag("--flow", dataset.flow, "optical flow as 16-bit PNG");
  verb.add_flag("--masks", dataset.masks, "instance masks as PNG");
  verb.add_flag("--full-truth", dataset.full_truth, "truth/ with every state and pass");
  verb.add_option("--shard-clips", dataset.clips_per_shard, "clips in one folder of shards/")
      ->capture_default_str();
}

constexpr std::array<ScenesPart, 7> kParts = {{
    {"list", "the scenarios and the law that checks each", ListTheScenarios, AddListOptions},
    {"describe", "one scene: caption, bodies, materials", DescribeScene, AddOneOptions},
    {"show", "a contact sheet of scenes, or of sabotages", ShowSheet, AddShowOptions},
    {"render", "video, truth and contact sheet of one scene", RenderScene, AddRenderOptions},
    {"check", "the truth against closed forms, over many seeds", CheckCatalogue, AddCheckOptions},
    {"export", "many scenes as a data set", ExportScenes, AddExportOptions},
    {"schema", "the JSON Schema of scene files", PrintSceneSchema, AddListOptions},
}};

void AddPart(CLI::App& verb, Command& command, const ScenesPart& part) {
  auto options = std::make_shared<SceneOptions>();
  CLI::App* sub = verb.add_subcommand(part.name, part.summary);
  part.add_options(*sub, options);
  sub->add_flag("--json", options->as_json, "print JSON");
  sub->callback([&command, options, work = part.work] {
    command.run = [options, work] { return work(*options); };
  });
}

}  // namespace

void AddScenesVerb(CLI::App& root, Command& command) {
  CLI::App* verb = root.add_subcommand("scenes", "the scenes that models are tested on");
  verb->callback([&command, verb] {
    if (!verb->get_subcommands().empty()) return;
    command.run = []() -> ExitCode {
      throw UsageError(
          "scenes: say what to do: list, describe, show, render, check, export or schema");
    };
  });
  verb->footer(
      "\nExamples:\n"
      "  plumb scenes describe drop --seed 3\n"
      "  plumb scenes show drop bounce --seeds 6 --out sheet.png\n"
      "  plumb scenes render orbit_room --out room\n"
      "  plumb scenes check drop bounce --count 5\n"
      "  plumb scenes export --scenario drop --count 10 --out dataset\n");
  for (const ScenesPart& part : kParts) AddPart(*verb, command, part);
}

}  // namespace plumb
