// SPDX-License-Identifier: Apache-2.0
#include "app/truth_store.h"

#include <array>

#include <fmt/format.h>

#include "app/digest.h"
#include "app/run_folder.h"
#include "app/truth_facts.h"
#include "app/video_io.h"
#include "core/check.h"
#include "core/errors.h"
#include "core/safetensors.h"
#include "scenes/ensemble.h"
#include "scenes/render.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;

// A pass, its file and its tensors.
struct PassFile {
  const char* name;
  Tensor Passes::*tensor;
};
constexpr std::array<PassFile, 12> kPassFiles = {
    {{"depth_m", &Passes::depth_m},
     {"normals", &Passes::normals},
     {"instances", &Passes::instances},
     {"amodal", &Passes::amodal},
     {"flow_px", &Passes::flow_px},
     {"flow_valid", &Passes::flow_valid},
     {"backward_flow_px", &Passes::backward_flow_px},
     {"backward_flow_valid", &Passes::backward_flow_valid},
     {"parts", &Passes::parts},
     {"albedo", &Passes::albedo},
     {"tracks_px", &Passes::tracks_px},
     {"track_states", &Passes::track_states}}};

// The passes that are kept, with what is in their files.
Json PassesJson(const Passes& passes) {
  Json json = Json::array();
  for (const PassFile& pass : kPassFiles) {
    const Tensor& tensor = passes.*pass.tensor;
    if (tensor.num_elements() == 0) continue;
    json.push_back({{"name", pass.name},
                    {"file", fmt::format("{}.safetensors", pass.name)},
                    {"dtype", DTypeName(tensor.dtype())},
                    {"shape", tensor.shape()},
                    {"frames", tensor.extent(0)}});
  }
  return json;
}

void CheckCounts(const Truth& truth, const std::string& place) {
  const auto frames = truth.video.frames().size();
  const auto bodies = truth.scene.bodies.size();
  bool fits = truth.cameras.size() == frames && truth.views.size() == frames &&
              !truth.motion.states.empty();
  for (const auto& views : truth.views) fits = fits && views.size() == bodies;
  if (!fits) {
    throw InputError(place,
                     fmt::format("{} frames, {} cameras, {} views, {} states do not belong "
                                 "together",
                                 frames,
                                 truth.cameras.size(),
                                 truth.views.size(),
                                 truth.motion.states.size()));
  }
}

RenderOptions RenderOptionsOf(const TruthProtocol& protocol) {
  RenderOptions options;
  options.width = protocol.width;
  options.height = protocol.height;
  options.frames = protocol.frames;
  options.fps = protocol.fps;
  options.depth = protocol.all_passes;
  options.normals = protocol.all_passes;
  options.flow = protocol.all_passes;
  return options;
}

TruthProtocol ProtocolOf(const Truth& truth) {
  TruthProtocol protocol;
  protocol.width = truth.video.width();
  protocol.height = truth.video.height();
  protocol.frames = truth.num_frames();
  protocol.fps = truth.video.fps();
  protocol.all_passes = truth.passes.depth_m.num_elements() > 0;
  return protocol;
}

}  // namespace

std::string TruthDigest(const Scene& scene, const TruthProtocol& protocol) {
  return DigestOfJson(Json{{"version", kTruthVersion},
                           {"scene", ToJson(scene)},
                           {"width", protocol.width},
                           {"height", protocol.height},
                           {"frames", protocol.frames},
                           {"fps", protocol.fps},
                           {"all_passes", protocol.all_passes}});
}

void WriteTruth(const fs::path& folder, const Truth& truth) {
  if (fs::exists(folder / "truth.json")) return;
  std::error_code error;
  const fs::path aside = TemporaryNameFor(folder);
  fs::create_directories(aside, error);
  if (error) throw EnvironmentError(fmt::format("{}: {}", aside.string(), error.message()));
  try {
    WriteLossless(aside / "rgb.mkv", truth.video);
    WriteProxy(aside / "proxy.mp4", truth.video);
    WriteSafetensors(aside / "states.safetensors", TruthStates(truth));
    for (const PassFile& pass : kPassFiles) {
      const Tensor& tensor = truth.passes.*pass.tensor;
      if (tensor.num_elements() == 0) continue;
      Safetensors contents;
      contents.tensors[pass.name] = tensor;
      contents.metadata["scene"] = truth.scene.id;
      WriteSafetensors(aside / fmt::format("{}.safetensors", pass.name), contents);
    }
    Json facts = TruthFacts(truth);
    facts["passes"] = PassesJson(truth.passes);
    WriteFileDurably(aside / "truth.json", DumpJson(facts));
    SyncAndRename(aside, folder);
  } catch (...) {
    fs::remove_all(aside, error);
    throw;
  }
}

Truth ReadTruth(const fs::path& folder) {
  const std::string place = (folder / "truth.json").string();
  const Document document = ParseJsonDocument(ReadFile(folder / "truth.json"), place);
  try {
    LoadedVideo rgb = ReadVideo(folder / "rgb.mkv");
    Truth truth{.scene = {},
                .motion = {},
                .video = Video(rgb.video.frames(),
                               document.root.at("fps").get<double>(),
                               document.root.at("times_s").get<std::vector<double>>()),
                .cameras = {},
                .views = {},
                .passes = {}};
    ReadTruthFacts(document, truth);
    ReadTruthStates(folder / "states.safetensors", truth);
    for (const Json& entry : document.root.at("passes")) {
      const auto name = entry.at("name").get<std::string>();
      for (const PassFile& pass : kPassFiles) {
        if (name != pass.name) continue;
        const fs::path file = folder / fmt::format("{}.safetensors", name);
        truth.passes.*pass.tensor = FindTensor(ReadSafetensors(file), name, file.string());
      }
    }
    CheckCounts(truth, place);
    return truth;
  } catch (const Json::exception& error) {
    throw InputError(place, error.what());
  } catch (const CheckFailure& error) {
    // Stamps that do not fit the frames, an intrinsic that is no number …
    throw InputError(place, error.what());
  }
}

Truth ReadStoredTruth(const fs::path& store, const std::string& digest) {
  Truth truth = ReadTruth(store / digest);
  if (TruthDigest(truth.scene, ProtocolOf(truth)) != digest) {
    throw InputError((store / digest).string(),
                     fmt::format("holds scene {} with {} frames of {}x{}, which is not what its "
                                 "name says; remove the folder",
                                 truth.scene.id,
                                 truth.num_frames(),
                                 truth.video.width(),
                                 truth.video.height()));
  }
  return truth;
}

Truth LoadOrMakeTruth(const fs::path& store,
                      const Scene& scene,
                      const TruthProtocol& protocol,
                      const Progress& progress) {
  const std::string digest = TruthDigest(scene, protocol);
  if (!fs::exists(store / digest / "truth.json")) {
    WriteTruth(store / digest, MakeTruthWithHorizons(scene, RenderOptionsOf(protocol), progress));
  }
  return ReadStoredTruth(store, digest);
}

}  // namespace plumb
