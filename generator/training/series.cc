// SPDX-License-Identifier: Apache-2.0
// Checkpoints of one training, kept on its way.
#include <cmath>

#include "core/errors.h"
#include "generator/training/internal_training.h"

namespace plumb {
namespace {

std::filesystem::path FolderOf(const TrainOptions& options, const std::string& name) {
  return options.output / "checkpoints" / name;
}

}  // namespace

std::map<int64_t, std::vector<std::string>> KeptBySteps(const TrainOptions& options) {
  std::map<int64_t, std::vector<std::string>> kept;
  for (const KeptCheckpoint& checkpoint : options.keep) {
    const double step = checkpoint.at < 1 ? checkpoint.at * options.dit_steps : checkpoint.at;
    kept[std::max<int64_t>(1, std::llround(step))].push_back(checkpoint.name);
  }
  return kept;
}

void RequireKeptSoFar(const TrainOptions& options, const TrainingState& state) {
  if (state.stage == "vae") return;
  for (const auto& [step, names] : KeptBySteps(options)) {
    for (const std::string& name : names) {
      if (step > state.step ||
          std::filesystem::exists(FolderOf(options, name) / "model_index.json")) {
        continue;
      }
      throw UsageError(
          fmt::format("keep {}: step {} is over, this training has done {}, and {} was not kept; "
                      "leave it out, name a later step, or train anew in another folder",
                      name,
                      step,
                      state.step,
                      FolderOf(options, name).string()));
    }
  }
}

void KeepCheckpoint(const TrainingRun& run, const std::string& name) {
  const TrainOptions& options = run.options;
  SharedParts shared = {{"vae", "../.."}, {"tokenizer", "../.."}};
  const bool text_is_final =
      options.text_encoder_steps > 0 && run.state.step >= options.text_encoder_steps;
  if (text_is_final) shared["text_encoder"] = "../..";
  for (const auto& [part, way] : shared) WritePart(options.output, run.networks, part);
  WriteNetworks(FolderOf(options, name), run.networks, shared);
}

}  // namespace plumb
