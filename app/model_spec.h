// SPDX-License-Identifier: Apache-2.0
// Models named on the command line: "oracle", "sabotage:gravity=0.5", "native:models/plumb-tiny",
// "folder:dir" …
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/model.h"
#include "core/progress.h"
#include "core/suite.h"
#include "core/truth.h"

namespace plumb {

enum class ModelKind {
  kOracle,
  kFrozen,
  kConstantVelocity,
  kNoise,
  kReverse,
  kShuffle,
  kSabotage,
  kNuisance,
  kNative,
  kFolder,
  kCommand,
  kUnrelated
};

struct ModelSpec {
  ModelKind kind = ModelKind::kOracle;
  std::string text;      // as it is shown and stored: "sabotage:gravity=0.5"
  std::string argument;  // behind the colon: "gravity=0.5", a folder, a command line
};

// Throws UsageError with the nearest name. The default amount is written out, so that
// "sabotage:gravity" and "sabotage:gravity=0.5" are one model.
ModelSpec ParseModelSpec(std::string_view text);
// In order, without repetition. Throws UsageError as above, and when a native or folder path is
// absent.
std::vector<ModelSpec> ParseModelSpecs(const std::vector<std::string>& texts);

// Everything that decides the model's samples besides the prompt: versions, amounts, digests of
// weights. For folder models the digest of the cell's own video.
std::string ModelDigest(const ModelSpec& spec, const std::string& cell_id);

// Why the model has nothing to show in that scenario ("gravity cannot show in orbit_room") or in
// that scene, of the catalogue or not; "" when it has.
std::string WhyLeftOut(const ModelSpec& spec, std::string_view scenario);
std::string WhyLeftOut(const ModelSpec& spec, const Scene& scene);

// What a model is asked, and the truth that only reference models and saboteurs may look at.
struct SampleRequest {
  Prompt prompt;
  const Truth* truth = nullptr;
  int conditioning_frames = 0;
};

struct MadeSample {
  Video video;
  std::vector<std::string> notes;  // "asked for 256x256, made 128x128" …
};

// Makes the samples of one model, one after the other; a native model or a command stays loaded in
// between.
class SampleMaker {
 public:
  virtual ~SampleMaker() = default;
  // Throws Error when the model cannot; the cell is then failed at stage "generate" with the text.
  virtual MadeSample Make(const SampleRequest& request, const Progress& progress) = 0;
};
// `answer_seconds`: how long a command may take for one sample.
std::unique_ptr<SampleMaker> OpenModel(const ModelSpec& spec, double answer_seconds = 3420.0);

// The prompt of one cell: caption, first frames and cameras of the truth, and a seed derived from
// (suite seed, scene id, sample index).
Prompt PromptOf(const Truth& truth, const Suite& suite, uint64_t sample_index);

}  // namespace plumb
