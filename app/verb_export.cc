// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <string>

#include <fmt/format.h>

#include "app/manifest_file.h"
#include "app/model_spec.h"
#include "app/plan.h"
#include "app/run_folder.h"
#include "app/suite_file.h"
#include "app/terminal.h"
#include "app/truth_store.h"
#include "app/verbs.h"
#include "core/json.h"
#include "scenes/render.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;

struct ExportOptions {
  std::string suite = "quick";
  std::string out;
  bool as_json = false;
};

constexpr const char* kPackText =
    "# Benchmark pack of {0}\n\n"
    "manifest.json lists {1} videos to make. For each entry: make a video of `frames` frames at "
    "`fps`\n"
    "frames per second and `width` x `height` pixels that shows `prompt` and begins with the "
    "pictures of\n"
    "`conditioning`; picture i is frame `known_frames[i]`. `cameras` holds intrinsics and pose of "
    "every\n"
    "frame, for models that take them. Put the video where `output` says, or name it after the "
    "cell\n"
    "(drop-3/0 as drop-3_0.mp4), then:\n\n"
    "    plumb import PACK VIDEOS --out BACK\n"
    "    plumb run {2} --model oracle --model folder:BACK\n";

void CreateFolders(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder / "conditioning", error);
  if (!error) fs::create_directories(folder / "videos", error);
  if (error) throw EnvironmentError(fmt::format("{}: {}", folder.string(), error.message()));
}

Manifest WritePack(const Suite& suite, const fs::path& folder, const Progress& progress) {
  CreateFolders(folder);
  Manifest manifest;
  manifest.suite = fmt::format("{} v{}", suite.name, suite.version);
  manifest.suite_digest = SuiteDigest(suite);
  const std::vector<Scene> scenes = ScenesOf(suite);
  const TruthProtocol protocol = TruthProtocolOf(suite);
  RenderOptions pictures;
  pictures.width = protocol.width;
  pictures.height = protocol.height;
  pictures.frames = protocol.frames;
  pictures.fps = protocol.fps;
  for (size_t i = 0; i < scenes.size(); ++i) {
    progress.Report(scenes[i].id, static_cast<int>(i), static_cast<int>(scenes.size()));
    progress.ThrowIfCancelled();
    const Truth truth = MakeTruth(scenes[i], RenderOptions::PicturesOnly(pictures), progress);
    for (int sample = 0; sample < suite.protocol.samples_per_scene; ++sample) {
      const Prompt prompt = PromptOf(truth, suite, sample);
      const std::string stem = CellFileStem(prompt.cell_id);
      manifest.entries.push_back(WriteEntry(prompt, folder, "conditioning/" + stem));
      manifest.entries.back().output = fmt::format("videos/{}.mp4", stem);
    }
  }
  WriteManifest(folder, manifest);
  return manifest;
}

ExitCode Export(const ExportOptions& options) {
  const Suite suite = LoadSuite(options.suite);
  ProgressLine line;
  const Manifest manifest = WritePack(suite, options.out, line.AsProgress());
  WriteFileDurably(fs::path(options.out) / "README.md",
                   fmt::format(kPackText, manifest.suite, manifest.entries.size(), options.suite));
  line.Clear();
  if (options.as_json) {
    fmt::print("{}",
               DumpJson({{"schema", 1},
                         {"suite", manifest.suite},
                         {"suite_digest", manifest.suite_digest},
                         {"cells", manifest.entries.size()},
                         {"folder", options.out}}));
  } else {
    fmt::print("{}: {} cells -> {}/manifest.json, conditioning/\n",
               manifest.suite,
               manifest.entries.size(),
               options.out);
  }
  return manifest.entries.empty() ? ExitCode::kIncomplete : ExitCode::kOk;
}

}  // namespace

void AddExportVerb(CLI::App& root, Command& command) {
  auto options = std::make_shared<ExportOptions>();
  CLI::App* verb = root.add_subcommand(
      "export", "a benchmark pack for outside models: prompts, known frames, manifest");
  verb->add_option("suite", options->suite, "quick, or a suite file")->capture_default_str();
  verb->add_option("--out", options->out, "folder of the pack")->required();
  verb->add_flag("--json", options->as_json, "print JSON");
  verb->footer(
      "\nExamples:\n"
      "  plumb export quick --out pack\n"
      "  plumb export scenes/suites/quick.yaml --out pack --json\n");
  verb->callback([&command, options] { command.run = [options] { return Export(*options); }; });
}

}  // namespace plumb
