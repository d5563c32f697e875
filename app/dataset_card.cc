// SPDX-License-Identifier: Apache-2.0
#include "app/dataset_card.h"

#include <algorithm>

#include <fmt/format.h>

#include "scenes/catalogue.h"

namespace plumb {
namespace {

constexpr const char* kCard = R"(# {clips} simulated clips

Rigid bodies simulated by Bullet in double precision and rendered by ray casting, written by `plumb scenes export`
{version}. Every clip is one scenario at one seed; the same program, scenario and seed give the same clip.

| | |
|---|---|
| clips | {clips}, {frames} frames of {width}x{height} at {fps:.6g} frames per second ({seconds:.3g} s) |
| scenarios | {scenarios}, {seeds} clips of each, seeds from {first_seed} on, suite seed {suite_seed} |
| video | {video} |
| with each clip | captions (one exact, several paraphrases, the outcome apart), truth{extras} |
| people, places, recordings | none: every picture is computed, nothing was collected |
| licence | that of Plumb, Apache-2.0 |

Captions name objects, materials, arrangement and camera move, never what happens: that is `outcome`, which a model
that is to predict must not see. Clips that share a scenario differ in sizes, colours, materials, places, speeds and
camera. For a held-out set, take other seeds (`--seed`) or another `--suite-seed`.

## Files

```
dataset.json                       settings
clips.jsonl                        one line for each clip: id, scenario, seed, captions, file, size, frames, fps
shards/0000/<clip>/{video_file:<17}   the clip
                   captions.json   caption, paraphrases, outcome
                   truth.json      scene, cameras, contacts, events, horizons, presence and states of every frame
{extra_files}```

`clips.jsonl` lists the clips in an order in which every stretch has all scenarios. All fields are described in
Plumb's docs/dataset.md; `examples/read_dataset.py` reads the set.

## Scenarios

| scenario | what stands there |
|---|---|
{table})";

std::string ExtraFiles(const DatasetOptions& options) {
  std::string text;
  const auto add = [&](bool kept, const char* name, const char* what) {
    if (kept) text += fmt::format("{:19}{:<15} {}\n", "", name, what);
  };
  add(options.depth,
      "depth/*.png",
      "16 bits, millimetres along the optical axis, 0: nothing there");
  add(options.flow, "flow/*.png", "16 bits x 3: (u, v) * 64 + 32768, 1 where it stays visible");
  add(options.masks, "masks/*.png", "8 bits, index of the body + 1, 0: nothing there");
  add(options.full_truth, "truth/", "all states and passes, for plumb score --truth");
  return text;
}

std::string Extras(const DatasetOptions& options) {
  std::string text;
  if (options.depth) text += ", depth";
  if (options.flow) text += ", flow";
  if (options.masks) text += ", masks";
  return text;
}

}  // namespace

std::string DatasetCard(const DatasetOptions& options, const Json& settings, int clips) {
  const auto scenarios = settings.at("scenarios").get<std::vector<std::string>>();
  std::string table;
  for (const ScenarioInfo& info : ListScenarios()) {
    if (std::find(scenarios.begin(), scenarios.end(), info.id) == scenarios.end()) continue;
    table += fmt::format("| {} | {} |\n", info.id, info.summary);
  }
  const RenderOptions& render = options.render;
  return fmt::format(fmt::runtime(kCard),
                     fmt::arg("clips", clips),
                     fmt::arg("version", PLUMB_VERSION),
                     fmt::arg("frames", render.frames),
                     fmt::arg("width", render.width),
                     fmt::arg("height", render.height),
                     fmt::arg("fps", render.fps),
                     fmt::arg("seconds", render.frames / render.fps),
                     fmt::arg("scenarios", scenarios.size()),
                     fmt::arg("seeds", options.seeds),
                     fmt::arg("first_seed", options.first_seed),
                     fmt::arg("suite_seed", options.suite_seed),
                     fmt::arg("video",
                              options.tensors    ? "safetensors: U8 [frames, height, width, 3]"
                              : options.lossless ? "lossless (FFV1)"
                                                 : "H.264"),
                     fmt::arg("video_file",
                              options.tensors    ? "video.safetensors"
                              : options.lossless ? "video.mkv"
                                                 : "video.mp4"),
                     fmt::arg("extras", Extras(options)),
                     fmt::arg("extra_files", ExtraFiles(options)),
                     fmt::arg("table", table));
}

}  // namespace plumb
