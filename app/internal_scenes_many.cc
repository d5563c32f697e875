// SPDX-License-Identifier: Apache-2.0
// plumb scenes show, check, export, schema
#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "app/dataset.h"
#include "app/internal_scenes_verb.h"
#include "app/scene_check.h"
#include "app/scene_file.h"
#include "app/scene_sheet.h"
#include "app/terminal.h"
#include "app/video_io.h"
#include "core/json.h"
#include "core/laws.h"
#include "scenes/catalogue.h"

namespace plumb {
namespace {

std::vector<Scene> SheetScenes(const SceneOptions& options) {
  std::vector<std::string> scenarios = options.scenarios;
  if (scenarios.empty()) {
    for (const ScenarioInfo& info : ListScenarios()) scenarios.emplace_back(info.id);
  }
  std::vector<Scene> scenes;
  for (const std::string& scenario : scenarios) {
    for (int i = 0; i < options.count; ++i) {
      scenes.push_back(AskedScene(options, scenario, options.seed + i));
    }
  }
  return scenes;
}

std::vector<std::string> SheetSabotages(const SceneOptions& options) {
  if (!options.scenarios.empty()) return options.scenarios;
  std::vector<std::string> all;
  for (const Law& law : AllLaws()) all.emplace_back(law.id);
  return all;
}

}  // namespace

int ThreadsOf(const SceneOptions& options) {
  if (options.threads > 0) return options.threads;
  return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

// A contact sheet of scenes, or of sabotages with the truth above each.
ExitCode ShowSheet(const SceneOptions& options) {
  SceneSheetOptions sheet;
  sheet.moments = options.moments;
  sheet.columns = options.columns;
  sheet.threads = ThreadsOf(options);
  sheet.render = options.render;
  ProgressLine line;
  SabotageBlocks content;
  if (options.sabotage) {
    content = BlocksOfSabotages(SheetSabotages(options), sheet, line.AsProgress());
  } else {
    content.blocks = BlocksOfScenes(SheetScenes(options), sheet, line.AsProgress());
  }
  line.Clear();
  for (const std::string& name : content.left_out) {
    PrintWarning(fmt::format("{}: shows in no scene, left out", name));
  }
  if (content.blocks.empty()) return ExitCode::kIncomplete;
  const Image image = SheetOf(content.blocks, sheet);
  WritePng(options.out, image);
  if (options.as_json) {
    Json names = Json::array();
    for (const SheetBlock& block : content.blocks) names.push_back(block.name);
    fmt::print("{}",
               DumpJson({{"schema", 1},
                         {"file", options.out},
                         {"width", image.width},
                         {"height", image.height},
                         {"blocks", names},
                         {"left_out", content.left_out}}));
  } else {
    fmt::print("{} strips -> {}\n", content.blocks.size(), options.out);
  }
  return ExitCode::kOk;
}

ExitCode CheckCatalogue(const SceneOptions& options) {
  SceneCheckOptions check;
  check.scenarios = options.scenarios;
  check.suite_seed = options.suite_seed;
  check.first_seed = options.seed;
  check.seeds = options.count;
  check.threads = ThreadsOf(options);
  check.render = options.render;
  if (options.motion_only) check.pictures = CheckPictures::kNever;
  if (options.pictures) check.pictures = CheckPictures::kAlways;
  ProgressLine line;
  const SceneCheckTable table = CheckScenes(check, line.AsProgress());
  line.Clear();
  if (options.as_json) {
    fmt::print("{}", DumpJson(ToJson(table)));
  } else {
    fmt::print("{}{} scenes, {} checks passed, {} failed\n",
               TableText(table),
               table.scenes,
               static_cast<int>(table.rows.size()) - table.failed_rows(),
               table.failed_rows());
  }
  if (table.failed_rows() > 0) return ExitCode::kGateFailed;
  return table.rows.empty() ? ExitCode::kIncomplete : ExitCode::kOk;
}

ExitCode ExportScenes(const SceneOptions& options) {
  DatasetOptions dataset = options.dataset;
  dataset.folder = options.out;
  dataset.scenarios = options.scenarios;
  dataset.suite_seed = options.suite_seed;
  dataset.camera = options.camera;
  dataset.first_seed = options.seed;
  dataset.seeds = options.count;
  dataset.threads = ThreadsOf(options);
  dataset.render = options.render;
  ProgressLine line;
  const DatasetSummary summary = ExportDataset(dataset, line.AsProgress());
  line.Clear();
  if (options.as_json) {
    fmt::print("{}",
               DumpJson({{"schema", 1},
                         {"clips", summary.clips},
                         {"rendered", summary.rendered},
                         {"folder", options.out}}));
  } else {
    fmt::print(
        "{} clips ({} new) -> {}/clips.jsonl\n", summary.clips, summary.rendered, options.out);
  }
  return summary.clips > 0 ? ExitCode::kOk : ExitCode::kIncomplete;
}

ExitCode PrintSceneSchema(const SceneOptions&) {
  fmt::print("{}", SceneSchemaText());
  return ExitCode::kOk;
}

}  // namespace plumb
