// SPDX-License-Identifier: Apache-2.0
// scheduler/scheduler_config.json of a Diffusers checkpoint, for every scheduler that Plumb has.
#pragma once

#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "core/document.h"

namespace plumb {

// What a network's output stands for at a level x = α·clip + σ·noise.
enum class Prediction {
  kNoise,     // epsilon: the noise
  kClean,     // sample: the clip
  kVelocity,  // v_prediction: α·noise − σ·clip
  kFlow       // flow_prediction: noise − clip
};

// The options of all schedulers under Diffusers' names; each reads its own. The values here are
// those of most classes; DefaultSchedulerOptions knows where one differs.
struct SchedulerOptions {
  std::string class_name;

  // The discrete noise schedule of variance-preserving diffusion: β of each training step.
  int64_t num_train_timesteps = 1000;
  double beta_start = 0.0001;
  double beta_end = 0.02;
  std::string beta_schedule = "linear";  // linear, scaled_linear, squaredcos_cap_v2
  std::vector<double> trained_betas;     // instead of a schedule, when not empty
  bool rescale_betas_zero_snr = false;   // the last training step holds no signal
  double snr_shift_scale = 3.0;          // CogVideoX

  Prediction prediction = Prediction::kNoise;
  std::string variance_type = "fixed_small";  // DDPM
  bool set_alpha_to_one = true;               // DDIM: the level after the last step holds no noise
  bool clip_sample = false;
  double clip_sample_range = 1.0;
  bool thresholding = false;
  double dynamic_thresholding_ratio = 0.995;
  double sample_max_value = 1.0;

  // Which training steps are visited.
  std::string timestep_spacing = "linspace";  // linspace, leading, trailing
  int64_t steps_offset = 0;                   // of leading spacing
  std::string timestep_type = "discrete";     // Euler: or continuous
  std::string interpolation_type = "linear";  // Euler: or log_linear

  // Which noise levels are visited: at most one of the five.
  bool use_karras_sigmas = false;
  bool use_exponential_sigmas = false;
  bool use_beta_sigmas = false;
  bool use_lu_lambdas = false;
  bool use_flow_sigmas = false;     // may go with Karras in UniPC
  std::optional<double> sigma_min;  // ends of the Karras, exponential or beta levels
  std::optional<double> sigma_max;
  std::string final_sigmas_type = "zero";  // zero, sigma_min
  double lambda_min_clipped = -std::numeric_limits<double>::infinity();

  // Multistep solvers.
  int solver_order = 2;
  std::string algorithm_type = "dpmsolver++";
  std::string solver_type = "midpoint";  // DPM: or heun; UniPC: bh1, bh2
  bool lower_order_final = true;
  bool euler_at_final = false;
  bool predict_x0 = true;                  // UniPC
  std::vector<int64_t> disable_corrector;  // UniPC: steps after which the next is not corrected

  // Rectified flow.
  double shift = 1.0;  // also flow_shift of the multistep solvers
  bool use_dynamic_shifting = false;
  std::string time_shift_type = "exponential";  // or linear
  double shift_terminal = 0.0;                  // 0: not stretched
  bool invert_sigmas = false;
  bool stochastic_sampling = false;
};

// The classes that can be read and made, sorted.
std::vector<std::string> SchedulerClasses();

// What Diffusers assumes for the class when a key is missing. Throws UsageError on an unknown one.
SchedulerOptions DefaultSchedulerOptions(const std::string& class_name);

// Reads the file. Keys of Diffusers' other schedulers are passed over, as Diffusers does. Throws
// InputError naming file and key, and what is supported, on an unknown key or class, an ill-typed
// or unsupported value, or values that Diffusers can't combine.
SchedulerOptions ReadSchedulerOptions(const std::filesystem::path& file);

// The same from a parsed file; errors are UsageErrors.
SchedulerOptions SchedulerOptionsFrom(const Document& document);

}  // namespace plumb
