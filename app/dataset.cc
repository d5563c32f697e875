// SPDX-License-Identifier: Apache-2.0
#include "app/dataset.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <fstream>

#include <fmt/format.h>

#include "app/dataset_card.h"
#include "app/run_folder.h"
#include "app/store.h"
#include "app/truth_facts.h"
#include "app/truth_store.h"
#include "app/video_io.h"
#include "core/check.h"
#include "core/errors.h"
#include "core/parallel.h"
#include "core/training_clip.h"
#include "scenes/cameras.h"
#include "scenes/catalogue.h"
#include "scenes/ensemble.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;

constexpr double kFlowScale = 64;  // as in KITTI's flow pictures
constexpr double kFlowZero = 32768;
constexpr double kDepthScale = 1000;  // millimetres
constexpr double kMost = 65535;

std::vector<std::string> AskedScenarios(const DatasetOptions& options) {
  if (!options.scenarios.empty()) return options.scenarios;
  std::vector<std::string> all;
  for (const ScenarioInfo& info : ListScenarios()) all.emplace_back(info.id);
  return all;
}

Scene SceneOf(const DatasetOptions& options, const std::string& scenario, uint64_t seed) {
  Scene scene = MakeScene(scenario, options.suite_seed, seed);
  return options.camera.empty() ? scene : WithCamera(std::move(scene), options.camera);
}

// What must not change between two calls for one folder.
Json SettingsOf(const DatasetOptions& options) {
  const RenderOptions& render = options.render;
  return {{"schema", 1},
          {"truth_version", kTruthVersion},
          {"scenarios", AskedScenarios(options)},
          {"suite_seed", options.suite_seed},
          {"first_seed", options.first_seed},
          {"camera", options.camera},
          {"width", render.width},
          {"height", render.height},
          {"frames", render.frames},
          {"fps", render.fps},
          {"clips_per_shard", options.clips_per_shard},
          {"lossless", options.lossless},
          {"tensors", options.tensors},
          {"depth", options.depth},
          {"flow", options.flow},
          {"masks", options.masks},
          {"full_truth", options.full_truth}};
}

void MakeFolder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) throw EnvironmentError(fmt::format("{}: {}", path.string(), error.message()));
}

void ClaimFolder(const DatasetOptions& options, const Json& settings) {
  const fs::path path = options.folder / "dataset.json";
  if (!fs::exists(path)) return WriteFileDurably(path, DumpJson(settings));
  const Json known = ParseJsonDocument(ReadFile(path), path.string()).root;
  for (const auto& [key, value] : settings.items()) {
    if (known.contains(key) && known[key] == value) continue;
    throw UsageError(
        fmt::format("{}: holds a data set with another '{}'; name another --out or remove it",
                    options.folder.string(),
                    key));
  }
}

// Bytes of a file inside of a folder that is not yet in its place: the rename makes them count.
void WriteBytes(const fs::path& path, std::span<const uint8_t> bytes) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) throw EnvironmentError(fmt::format("{}: can't be written", path.string()));
}

void WriteText(const fs::path& path, const std::string& text) {
  WriteBytes(path, {reinterpret_cast<const uint8_t*>(text.data()), text.size()});
}

DeepImage DepthImage(std::span<const float> depth_m, int width, int height) {
  DeepImage image{width, height, 1, std::vector<uint16_t>(depth_m.size(), 0)};
  for (size_t i = 0; i < depth_m.size(); ++i) {
    const double value = std::round(kDepthScale * depth_m[i]);
    if (value <= kMost) image.values[i] = static_cast<uint16_t>(value);
  }
  return image;
}

DeepImage FlowImage(std::span<const float> flow_px,
                    std::span<const uint8_t> valid,
                    int width,
                    int height) {
  DeepImage image{width, height, 3, std::vector<uint16_t>(3 * valid.size(), 0)};
  const auto coded = [](float value) {
    return static_cast<uint16_t>(
        std::clamp(std::round(value * kFlowScale + kFlowZero), 0.0, kMost));
  };
  for (size_t i = 0; i < valid.size(); ++i) {
    image.values[3 * i] = coded(flow_px[2 * i]);
    image.values[3 * i + 1] = coded(flow_px[2 * i + 1]);
    image.values[3 * i + 2] = valid[i];
  }
  return image;
}

void WritePasses(const DatasetOptions& options, const Truth& truth, const fs::path& folder) {
  const int width = truth.video.width(), height = truth.video.height();
  const size_t pixels = static_cast<size_t>(width) * height;
  const Passes& passes = truth.passes;
  const auto name = [](int frame) { return fmt::format("{:06d}.png", frame); };
  if (options.depth) MakeFolder(folder / "depth");
  if (options.flow) MakeFolder(folder / "flow");
  if (options.masks) MakeFolder(folder / "masks");
  for (int frame = 0; frame < truth.num_frames(); ++frame) {
    if (options.depth) {
      const auto depth_m = passes.depth_m.As<float>().subspan(frame * pixels, pixels);
      WriteBytes(folder / "depth" / name(frame), EncodePng(DepthImage(depth_m, width, height)));
    }
    if (options.flow && frame + 1 < truth.num_frames()) {
      const auto flow_px = passes.flow_px.As<float>().subspan(2 * frame * pixels, 2 * pixels);
      const auto valid = passes.flow_valid.As<uint8_t>().subspan(frame * pixels, pixels);
      WriteBytes(folder / "flow" / name(frame),
                 EncodePng(FlowImage(flow_px, valid, width, height)));
    }
    if (options.masks) {
      const auto instances = passes.instances.As<uint8_t>().subspan(frame * pixels, pixels);
      WriteBytes(folder / "masks" / name(frame), EncodeGreyPng(width, height, instances));
    }
  }
}

const char* VideoName(const DatasetOptions& options) {
  if (options.tensors) return "video.safetensors";
  return options.lossless ? "video.mkv" : "video.mp4";
}

std::vector<std::string> CaptionsOf(const Scene& scene) {
  std::vector<std::string> captions = scene.paraphrases;
  captions.insert(captions.begin(), scene.caption);
  return captions;
}

void WriteClip(const DatasetOptions& options, const Truth& truth, const fs::path& folder) {
  const Scene& scene = truth.scene;
  const fs::path video = folder / VideoName(options);
  if (options.tensors) {
    WriteSafetensors(video,
                     ToSafetensors({truth.video, CaptionsOf(scene), scene.id, truth.cameras}));
  } else if (options.lossless) {
    WriteLossless(video, truth.video);
  } else {
    WriteProxy(video, truth.video);
  }
  WriteText(folder / "captions.json",
            DumpJson({{"caption", scene.caption},
                      {"paraphrases", scene.paraphrases},
                      {"outcome", scene.outcome}}));
  WriteText(folder / "truth.json", ClipTruth(truth).dump());
  WritePasses(options, truth, folder);
  if (options.full_truth) WriteTruth(folder / "truth", truth);
}

RenderOptions RenderOptionsOf(const DatasetOptions& options) {
  RenderOptions render = options.render;
  render.depth = options.depth || options.full_truth;
  render.normals = options.full_truth;
  render.instances = options.masks || options.full_truth;
  render.amodal = options.full_truth;
  render.flow = options.flow || options.full_truth;
  return render;
}

fs::path FolderOf(int clip, const std::string& scene_id, const DatasetOptions& options) {
  return fs::path("shards") / fmt::format("{:04d}", clip / options.clips_per_shard) / scene_id;
}

void MakeClip(const DatasetOptions& options,
              const Scene& scene,
              const fs::path& folder,
              const Progress& progress) {
  const fs::path aside = TemporaryNameFor(folder);
  MakeFolder(aside);
  try {
    WriteClip(options, MakeTruthWithHorizons(scene, RenderOptionsOf(options), progress), aside);
    SyncAndRename(aside, folder);
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(aside, ignored);
    throw;
  }
}

// The line of clips.jsonl.
Json LineOf(const DatasetOptions& options, const Scene& scene, const fs::path& folder) {
  const RenderOptions& render = options.render;
  Json line = ClipLine({folder / VideoName(options),
                        scene.id,
                        CaptionsOf(scene),
                        render.width,
                        render.height,
                        render.frames,
                        render.fps});
  line["scenario"] = scene.scenario;
  line["seed"] = scene.seed;
  return line;
}

}  // namespace

void DatasetOptions::Validate() const {
  for (const std::string& scenario : AskedScenarios(*this)) SceneOf(*this, scenario, first_seed);
  if (seeds < 1) throw UsageError(fmt::format("--count {}: expected 1 or more", seeds));
  if (clips_per_shard < 1) {
    throw UsageError(fmt::format("--shard-clips {}: expected 1 or more", clips_per_shard));
  }
  if (threads < 1) throw UsageError(fmt::format("--threads {}: expected 1 or more", threads));
  if (tensors && lossless) throw UsageError("--tensors and --lossless: expected one of them");
  render.Validate();
}

Json ClipTruth(const Truth& truth) {
  Json json = TruthFacts(truth);
  // Rows of 13: quaternion x y z w, position, velocity, angular velocity.
  json["states"] = Json::array();
  for (int frame = 0; frame < truth.num_frames(); ++frame) {
    Json bodies = Json::array();
    for (size_t body = 0; body < truth.scene.bodies.size(); ++body) {
      const BodyState& state = truth.StateAtFrame(frame, static_cast<int>(body));
      Json row = Json::array();
      for (const double value : state.world_from_body.rotation.coeffs()) row.push_back(value);
      for (const double value : state.world_from_body.translation) row.push_back(value);
      for (const double value : state.velocity_mps) row.push_back(value);
      for (const double value : state.angular_velocity_radps) row.push_back(value);
      bodies.push_back(std::move(row));
    }
    json["states"].push_back(std::move(bodies));
  }
  return json;
}

DatasetSummary ExportDataset(const DatasetOptions& options, const Progress& progress) {
  options.Validate();
  const Json settings = SettingsOf(options);
  MakeFolder(options.folder);
  const RunLock lock(options.folder / ".lock");
  ClaimFolder(options, settings);
  RemoveLeftovers(options.folder);
  const std::vector<std::string> scenarios = AskedScenarios(options);
  const int count = static_cast<int>(scenarios.size()) * options.seeds;
  std::vector<std::string> lines(count);
  std::atomic<int> rendered = 0;
  const auto work = [&](int i, const Progress& quiet) {
    const std::string& scenario = scenarios[i % scenarios.size()];
    const uint64_t seed = options.first_seed + i / scenarios.size();
    const Scene scene = SceneOf(options, scenario, seed);
    const fs::path folder = FolderOf(i, scene.id, options);
    if (!fs::exists(options.folder / folder)) {
      MakeClip(options, scene, options.folder / folder, quiet);
      ++rendered;
    }
    lines[i] = LineOf(options, scene, folder).dump() + "\n";
  };
  DoInParallel("clips", count, options.threads, work, progress);
  std::string index;
  for (const std::string& line : lines) index += line;
  WriteFileDurably(options.folder / "clips.jsonl", index);
  WriteFileDurably(options.folder / "README.md", DatasetCard(options, settings, count));
  return {count, rendered};
}

}  // namespace plumb
