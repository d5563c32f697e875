// SPDX-License-Identifier: Apache-2.0
// Checkpoints of one training, kept on its way.
#include <cmath>

#include "generator/training/internal_training.h"

namespace plumb {

std::map<int64_t, std::vector<std::string>> KeptBySteps(const TrainOptions& options) {
  std::map<int64_t, std::vector<std::string>> kept;
  for (const KeptCheckpoint& checkpoint : options.keep) {
    const double step = checkpoint.at < 1 ? checkpoint.at * options.dit_steps : checkpoint.at;
    kept[std::max<int64_t>(1, std::llround(step))].push_back(checkpoint.name);
  }
  return kept;
}

void KeepCheckpoint(const TrainingRun& run, const std::string& name) {
  const TrainOptions& options = run.options;
  SharedParts shared = {{"vae", "../.."}, {"tokenizer", "../.."}};
  const bool text_is_final =
      options.text_encoder_steps > 0 && run.state.step >= options.text_encoder_steps;
  if (text_is_final) shared["text_encoder"] = "../..";
  for (const auto& [part, way] : shared) WritePart(options.output, run.networks, part);
  WriteNetworks(options.output / "checkpoints" / name, run.networks, shared);
}

}  // namespace plumb
