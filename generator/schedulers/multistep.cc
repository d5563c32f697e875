// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "generator/schedulers/internal_multistep.h"

namespace plumb {

at::Tensor Multistep::Converted(const StepInput& input, bool to_clean) const {
  const NoiseLevel level = Level(step());
  const Prediction prediction = options_.prediction;
  if (to_clean) {
    return Limited(CleanOf(prediction, level, input.sample, input.model_output), options_);
  }
  return NoiseOf(prediction, level, input.sample, input.model_output);
}

std::vector<std::string> Multistep::HistoryNames(int step) const {
  std::vector<std::string> names;
  for (int age = 0; age < std::min(step, options_.solver_order); ++age) {
    names.push_back("prediction." + std::to_string(age));
  }
  return names;
}

void Multistep::Remember(const at::Tensor& prediction) {
  for (int age = std::min(step(), options_.solver_order - 1); age > 0; --age) {
    history()["prediction." + std::to_string(age)] = Remembered(age - 1);
  }
  history()["prediction.0"] = prediction;
}

double LastSigma(const SchedulerOptions& options, const std::vector<float>& training_sigmas) {
  return options.final_sigmas_type == "zero" ? 0.0 : training_sigmas.front();
}

}  // namespace plumb
