// SPDX-License-Identifier: Apache-2.0
#include "app/model_spec.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "app/command_model.h"
#include "app/digest.h"
#include "app/folder_model.h"
#include "app/reencoding.h"
#include "app/run_folder.h"
#include "core/document.h"
#include "core/errors.h"
#include "core/laws.h"
#include "core/nuisances.h"
#include "core/seed.h"
#include "scenes/nuisances.h"
#include "scenes/reference_models.h"
#include "scenes/sabotage.h"
#if PLUMB_WITH_GENERATOR
#include "generator/native/native_model.h"
#endif

namespace plumb {
namespace {

// Raised whenever a reference model or a saboteur may give other pixels for the same truth.
constexpr int kReferenceVersion = 1;

struct KindName {
  std::string_view name;
  ModelKind kind;
  bool takes_argument;
};
constexpr std::array<KindName, 12> kKinds = {{
    {"oracle", ModelKind::kOracle, false},
    {"frozen", ModelKind::kFrozen, false},
    {"constant_velocity", ModelKind::kConstantVelocity, false},
    {"noise", ModelKind::kNoise, false},
    {"reverse", ModelKind::kReverse, false},
    {"shuffle", ModelKind::kShuffle, false},
    {"unrelated", ModelKind::kUnrelated, false},
    {"sabotage", ModelKind::kSabotage, true},
    {"nuisance", ModelKind::kNuisance, true},
    {"native", ModelKind::kNative, true},
    {"folder", ModelKind::kFolder, true},
    {"command", ModelKind::kCommand, true},
}};

const KindName& FindKind(std::string_view text, const std::string& name) {
  std::vector<std::string> names;
  for (const KindName& kind : kKinds) {
    if (kind.name == name) return kind;
    names.emplace_back(kind.name);
  }
  // A comma belongs to a spec's own argument; a list of models is a list of flags.
  const std::string first = name.substr(0, name.find(','));
  if (first != name && std::find(names.begin(), names.end(), first) != names.end()) {
    throw UsageError(fmt::format("unknown model '{}'; give every model its own --model", text));
  }
  const std::string near = NearestName(name, names);
  throw UsageError(fmt::format("unknown model '{}'{}",
                               text,
                               near.empty() ? fmt::format("; known are {}", fmt::join(names, ", "))
                                            : fmt::format(" (did you mean '{}'?)", near)));
}

void RequireFolder(const ModelSpec& spec) {
  if (spec.kind != ModelKind::kNative && spec.kind != ModelKind::kFolder) return;
#if !PLUMB_WITH_GENERATOR
  if (spec.kind == ModelKind::kNative) {
    throw UsageError(fmt::format("{}: this program was built without the generator", spec.text));
  }
#endif
  if (!std::filesystem::is_directory(spec.argument)) {
    throw UsageError(fmt::format("{}: no such folder", spec.text));
  }
}

// The codec's part of the nuisances is this room's.
Video Disturbed(const Video& video, const NuisanceAmount& nuisance, uint64_t seed) {
  const int crf = static_cast<int>(std::lround(nuisance.amount));
  if (nuisance.id == "reencode" && crf > 0) return Reencoded(video, crf);
  return WithNuisance(video, nuisance, seed);
}

// The truth changed in a stated way: oracle, reference rows and saboteurs.
class TruthBasedMaker : public SampleMaker {
 public:
  explicit TruthBasedMaker(const ModelSpec& spec) : spec_(spec) {
    if (spec.kind == ModelKind::kSabotage) sabotage_ = ParseSabotage(spec.argument);
    if (spec.kind == ModelKind::kNuisance) nuisance_ = ParseNuisance(spec.argument);
  }

  MadeSample Make(const SampleRequest& request, const Progress& progress) override {
    PLUMB_CHECK(request.truth != nullptr, "{}", spec_.text);
    return {VideoOf(request, progress), {}};
  }

 private:
  Video VideoOf(const SampleRequest& request, const Progress& progress) const {
    const Truth& truth = *request.truth;
    const int known = request.conditioning_frames;
    switch (spec_.kind) {
      case ModelKind::kOracle:
        return truth.video;
      case ModelKind::kFrozen:
        return FrozenVideo(truth.video, known);
      case ModelKind::kConstantVelocity:
        return ConstantVelocityVideo(truth, known, progress);
      case ModelKind::kNoise:
        return NoiseVideo(truth.video, known, request.prompt.seed);
      case ModelKind::kReverse:
        return ReversedVideo(truth.video, known);
      case ModelKind::kShuffle:
        return ShuffledVideo(truth.video, known, request.prompt.seed);
      case ModelKind::kUnrelated:
        return UnrelatedVideo(truth, known, request.prompt.seed, progress);
      case ModelKind::kNuisance:
        return Disturbed(truth.video, nuisance_, request.prompt.seed);
      default:
        return MakeSabotaged(truth, sabotage_, known, progress).video;
    }
  }

  ModelSpec spec_;
  Sabotage sabotage_;
  NuisanceAmount nuisance_;
};

// A model that sees only the prompt.
class HonestMaker : public SampleMaker {
 public:
  explicit HonestMaker(std::unique_ptr<Model> model) : model_(std::move(model)) {}

  MadeSample Make(const SampleRequest& request, const Progress& progress) override {
    const Prompt& asked = request.prompt;
    MadeSample made{model_->Generate(asked, progress), {}};
    const Video& video = made.video;
    if (video.width() != asked.width || video.height() != asked.height) {
      made.notes.push_back(fmt::format("asked for {}x{} pixels, made {}x{}",
                                       asked.width,
                                       asked.height,
                                       video.width(),
                                       video.height()));
    }
    if (video.fps() != asked.fps || video.num_frames() != asked.frames) {
      made.notes.push_back(fmt::format("asked for {} frames at {:.6g} a second, made {} at {:.6g}",
                                       asked.frames,
                                       asked.fps,
                                       video.num_frames(),
                                       video.fps()));
    }
    return made;
  }

 private:
  std::unique_ptr<Model> model_;
};

std::unique_ptr<Model> OpenNative([[maybe_unused]] const ModelSpec& spec) {
#if PLUMB_WITH_GENERATOR
  return LoadNativeModel(spec.argument);
#else
  throw UsageError(fmt::format("{}: this program was built without the generator", spec.text));
#endif
}

}  // namespace

ModelSpec ParseModelSpec(std::string_view text) {
  const size_t colon = text.find(':');
  const std::string name(text.substr(0, colon));
  const KindName& kind = FindKind(text, name);
  ModelSpec spec;
  spec.kind = kind.kind;
  if (colon != std::string_view::npos) spec.argument = std::string(text.substr(colon + 1));
  if (kind.takes_argument == spec.argument.empty()) {
    throw UsageError(fmt::format("model '{}': {}",
                                 text,
                                 kind.takes_argument
                                     ? fmt::format("needs something behind '{}:'", kind.name)
                                     : "takes nothing behind the name"));
  }
  if (spec.kind == ModelKind::kSabotage) {
    spec.argument = ToString(ParseSabotage(spec.argument));
  }
  if (spec.kind == ModelKind::kNuisance) {
    spec.argument = ToString(ParseNuisance(spec.argument));
  }
  spec.text = spec.argument.empty() ? name : fmt::format("{}:{}", name, spec.argument);
  return spec;
}

std::vector<ModelSpec> ParseModelSpecs(const std::vector<std::string>& texts) {
  std::vector<ModelSpec> specs;
  for (const std::string& text : texts) {
    ModelSpec spec = ParseModelSpec(text);
    RequireFolder(spec);
    const bool known = std::any_of(specs.begin(), specs.end(), [&](const ModelSpec& other) {
      return other.text == spec.text;
    });
    if (!known) specs.push_back(std::move(spec));
  }
  return specs;
}

namespace {

// Of what a checkpoint's samples depend on: its index and its parts, those that another checkpoint
// of its series holds included; not what a training leaves beside them.
std::string DigestOfCheckpoint(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "model_index.json";
  if (!std::filesystem::exists(file)) return DigestOfFolder(folder);
  const std::string text = ReadFile(file);
  std::string digests = DigestOf(text);
  const Json index = ParseJsonDocument(text, file.string()).root;
  for (const char* part : {"vae", "text_encoder", "tokenizer", "transformer", "scheduler"}) {
    std::filesystem::path place = folder;
    if (index.contains("native_shared") && index["native_shared"].contains(part)) {
      place /= index["native_shared"][part].get<std::string>();
    }
    if (std::filesystem::is_directory(place / part)) {
      digests += fmt::format(" {} {}", part, DigestOfFolder(place / part));
    }
  }
  return DigestOf(digests);
}

}  // namespace

std::string ModelDigest(const ModelSpec& spec, const std::string& cell_id) {
  switch (spec.kind) {
    case ModelKind::kNative:
      // Weights, sampler settings and configuration all lie in the folder.
      return DigestOf(
          fmt::format("native {} {}", kReferenceVersion, DigestOfCheckpoint(spec.argument)));
    case ModelKind::kFolder:
      try {
        const std::filesystem::path video = FindCellVideo(spec.argument, cell_id);
        // A folder of PNG frames is a video too.
        const bool frames = std::filesystem::is_directory(video);
        return DigestOf("folder " + (frames ? DigestOfFolder(video) : DigestOfFile(video)));
      } catch (const Error& error) {
        // The cell will fail with this text; once the video is there the key is another.
        return DigestOf(std::string("folder without ") + error.what());
      }
    default:
      return DigestOf(fmt::format("{} {}", spec.text, kReferenceVersion));
  }
}

std::string WhyLeftOut(const ModelSpec& spec, std::string_view scenario) {
  if (spec.kind != ModelKind::kSabotage) return "";
  const Law& law = FindLaw(ParseSabotage(spec.argument).law);
  if (CanShow(law, scenario)) return "";
  return fmt::format("{} cannot show in {}", law.id, scenario);
}

std::string WhyLeftOut(const ModelSpec& spec, const Scene& scene) {
  if (spec.kind != ModelKind::kSabotage) return "";
  const Law& law = FindLaw(ParseSabotage(spec.argument).law);
  return CanShow(law, scene) ? "" : fmt::format("{} cannot show in {}", law.id, scene.scenario);
}

std::unique_ptr<SampleMaker> OpenModel(const ModelSpec& spec, double answer_seconds) {
  switch (spec.kind) {
    case ModelKind::kNative:
      return std::make_unique<HonestMaker>(OpenNative(spec));
    case ModelKind::kFolder:
      return std::make_unique<HonestMaker>(OpenFolderModel(spec.argument));
    case ModelKind::kCommand: {
      CommandModelOptions options;
      options.command_line = spec.argument;
      options.timeout_s = answer_seconds;
      return std::make_unique<HonestMaker>(StartCommandModel(options));
    }
    default:
      return std::make_unique<TruthBasedMaker>(spec);
  }
}

Prompt PromptOf(const Truth& truth, const Suite& suite, uint64_t sample_index) {
  Prompt prompt;
  prompt.cell_id = fmt::format("{}/{}", truth.scene.id, sample_index);
  prompt.caption = truth.scene.caption;
  const int known = std::min(suite.protocol.conditioning_frames, truth.num_frames());
  for (int i = 0; i < known; ++i) prompt.conditioning_frames.push_back(truth.video.frame(i));
  prompt.cameras = truth.cameras;
  prompt.width = truth.video.width();
  prompt.height = truth.video.height();
  prompt.frames = truth.num_frames();
  prompt.fps = truth.video.fps();
  prompt.seed = DeriveSeed(suite.seed, truth.scene.id, fmt::format("sample {}", sample_index));
  return prompt;
}

}  // namespace plumb
