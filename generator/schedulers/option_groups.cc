// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "generator/schedulers/internal_option_groups.h"

namespace plumb {
namespace {

void ReadNumber(ObjectReader& reader, const std::string& key, double lowest, double& value) {
  value = reader.Number(key, value);
  if (!std::isfinite(value) || value < lowest) {
    reader.Fail(key, fmt::format("expected a number of at least {}", lowest));
  }
}

void ReadThresholding(ObjectReader& reader, SchedulerOptions& options) {
  ReadFlag(reader, "thresholding", options.thresholding);
  ReadNumber(reader, "dynamic_thresholding_ratio", 0, options.dynamic_thresholding_ratio);
  if (options.dynamic_thresholding_ratio > 1) {
    reader.Fail("dynamic_thresholding_ratio", "expected 0 to 1");
  }
  ReadNumber(reader, "sample_max_value", 1, options.sample_max_value);
}

void ReadSigmaEnd(ObjectReader& reader, const std::string& key, std::optional<double>& value) {
  if (!reader.Has(key)) return;
  value.emplace();
  ReadPositive(reader, key, *value);
}

}  // namespace

void ReadChoice(ObjectReader& reader,
                const std::string& key,
                const Choices& choices,
                std::string& value) {
  value = reader.Text(key, value);
  if (std::find(choices.begin(), choices.end(), value) == choices.end()) {
    reader.Fail(key,
                fmt::format("'{}' is not supported; expected {}", value, fmt::join(choices, ", ")));
  }
}

void ReadFlag(ObjectReader& reader, const std::string& key, bool& value) {
  value = reader.Flag(key, value);
}

void ReadPositive(ObjectReader& reader, const std::string& key, double& value) {
  value = reader.Number(key, value);
  if (!std::isfinite(value) || value <= 0) reader.Fail(key, "expected a positive number");
}

void ReadTrainTimesteps(ObjectReader& reader, SchedulerOptions& options) {
  constexpr int64_t kMost = 1 << 20;
  options.num_train_timesteps = reader.Integer("num_train_timesteps", options.num_train_timesteps);
  if (options.num_train_timesteps < 2 || options.num_train_timesteps > kMost) {
    reader.Fail("num_train_timesteps", fmt::format("expected 2 to {}", kMost));
  }
}

void ReadPrediction(ObjectReader& reader, bool with_flow, SchedulerOptions& options) {
  static const std::vector<std::pair<std::string, Prediction>> kNames = {
      {"epsilon", Prediction::kNoise},
      {"sample", Prediction::kClean},
      {"v_prediction", Prediction::kVelocity},
      {"flow_prediction", Prediction::kFlow}};
  Choices choices;
  for (const auto& entry : kNames) choices.push_back(entry.first);
  if (!with_flow) choices.pop_back();
  std::string name = "epsilon";
  ReadChoice(reader, "prediction_type", choices, name);
  for (const auto& entry : kNames) {
    if (entry.first == name) options.prediction = entry.second;
  }
}

void ReadDiscrete(ObjectReader& reader, SchedulerOptions& options) {
  ReadTrainTimesteps(reader, options);
  ReadPositive(reader, "beta_start", options.beta_start);
  ReadPositive(reader, "beta_end", options.beta_end);
  if (options.beta_start >= 1 || options.beta_end >= 1) reader.Fail("beta_end", "expected below 1");
  ReadChoice(reader,
             "beta_schedule",
             {"linear", "scaled_linear", "squaredcos_cap_v2"},
             options.beta_schedule);
  options.trained_betas = reader.Numbers("trained_betas", {});
  const auto count = static_cast<size_t>(options.num_train_timesteps);
  if (!options.trained_betas.empty() && options.trained_betas.size() != count) {
    reader.Fail("trained_betas", fmt::format("expected {} numbers", count));
  }
  for (const double beta : options.trained_betas) {
    if (!(beta > 0 && beta < 1)) reader.Fail("trained_betas", "expected numbers between 0 and 1");
  }
  ReadFlag(reader, "rescale_betas_zero_snr", options.rescale_betas_zero_snr);
  ReadChoice(
      reader, "timestep_spacing", {"linspace", "leading", "trailing"}, options.timestep_spacing);
  options.steps_offset = reader.Integer("steps_offset", options.steps_offset);
  if (options.steps_offset < 0) reader.Fail("steps_offset", "expected 0 or more");
}

void ReadClipping(ObjectReader& reader, SchedulerOptions& options) {
  ReadThresholding(reader, options);
  ReadFlag(reader, "clip_sample", options.clip_sample);
  ReadPositive(reader, "clip_sample_range", options.clip_sample_range);
}

void ReadLevels(ObjectReader& reader, SchedulerOptions& options) {
  ReadFlag(reader, "use_karras_sigmas", options.use_karras_sigmas);
  ReadFlag(reader, "use_exponential_sigmas", options.use_exponential_sigmas);
  ReadFlag(reader, "use_beta_sigmas", options.use_beta_sigmas);
  const int chosen = static_cast<int>(options.use_karras_sigmas) +
                     static_cast<int>(options.use_exponential_sigmas) +
                     static_cast<int>(options.use_beta_sigmas);
  if (chosen > 1) {
    reader.Fail(options.use_beta_sigmas ? "use_beta_sigmas" : "use_exponential_sigmas",
                "expected at most one of use_karras_sigmas, use_exponential_sigmas and "
                "use_beta_sigmas");
  }
}

void ReadSigmaEnds(ObjectReader& reader, SchedulerOptions& options) {
  ReadSigmaEnd(reader, "sigma_min", options.sigma_min);
  ReadSigmaEnd(reader, "sigma_max", options.sigma_max);
}

void ReadDynamicShift(ObjectReader& reader, const Choices& types, SchedulerOptions& options) {
  ReadFlag(reader, "use_dynamic_shifting", options.use_dynamic_shifting);
  ReadChoice(reader, "time_shift_type", types, options.time_shift_type);
}

void ReadShiftTerminal(ObjectReader& reader, SchedulerOptions& options) {
  ReadNumber(reader, "shift_terminal", 0, options.shift_terminal);
  if (options.shift_terminal >= 1) reader.Fail("shift_terminal", "expected below 1");
}

void ReadMultistep(ObjectReader& reader, SchedulerOptions& options) {
  ReadDiscrete(reader, options);
  ReadPrediction(reader, /*with_flow=*/true, options);
  ReadThresholding(reader, options);
  ReadLevels(reader, options);
  ReadFlag(reader, "use_flow_sigmas", options.use_flow_sigmas);
  ReadPositive(reader, "flow_shift", options.shift);
  ReadChoice(reader, "final_sigmas_type", {"zero", "sigma_min"}, options.final_sigmas_type);
  ReadFlag(reader, "lower_order_final", options.lower_order_final);
  const int64_t order = reader.Integer("solver_order", options.solver_order);
  if (order < 1 || order > 3) reader.Fail("solver_order", "expected 1, 2 or 3");
  options.solver_order = static_cast<int>(order);
  if (options.prediction == Prediction::kFlow && !options.use_flow_sigmas) {
    reader.Fail("prediction_type", "flow_prediction needs use_flow_sigmas");
  }
  if (options.use_flow_sigmas && (options.use_exponential_sigmas || options.use_beta_sigmas)) {
    reader.Fail("use_flow_sigmas", "does not go with exponential or beta sigmas");
  }
}

}  // namespace plumb
