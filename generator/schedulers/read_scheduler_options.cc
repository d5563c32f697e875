// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "core/errors.h"
#include "generator/schedulers/internal_option_groups.h"
#include "generator/weights/config_file.h"

namespace plumb {
namespace {

// Options of Diffusers' other schedulers, and of its pipelines, that stand in shared configurations
// and that a class without them passes over.
constexpr const char* kForeignKeys[] = {"_diffusers_version",
                                        "algorithm_type",
                                        "base_image_seq_len",
                                        "base_shift",
                                        "beta_end",
                                        "beta_schedule",
                                        "beta_start",
                                        "clip_sample",
                                        "clip_sample_range",
                                        "disable_corrector",
                                        "dynamic_thresholding_ratio",
                                        "euler_at_final",
                                        "final_sigmas_type",
                                        "flow_shift",
                                        "interpolation_type",
                                        "invert_sigmas",
                                        "lambda_min_clipped",
                                        "lower_order_final",
                                        "max_image_seq_len",
                                        "max_shift",
                                        "num_train_timesteps",
                                        "original_inference_steps",
                                        "predict_x0",
                                        "prediction_type",
                                        "rescale_betas_zero_snr",
                                        "rho",
                                        "sample_max_value",
                                        "set_alpha_to_one",
                                        "shift",
                                        "shift_terminal",
                                        "sigma_data",
                                        "sigma_max",
                                        "sigma_min",
                                        "sigma_schedule",
                                        "skip_prk_steps",
                                        "snr_shift_scale",
                                        "solver_order",
                                        "solver_p",
                                        "solver_type",
                                        "steps_offset",
                                        "stochastic_sampling",
                                        "thresholding",
                                        "time_shift_type",
                                        "timestep_scaling",
                                        "timestep_spacing",
                                        "timestep_type",
                                        "trained_betas",
                                        "use_beta_sigmas",
                                        "use_dynamic_shifting",
                                        "use_exponential_sigmas",
                                        "use_flow_sigmas",
                                        "use_karras_sigmas",
                                        "use_lu_lambdas",
                                        "variance_type"};

void ReadDdim(ObjectReader& reader, SchedulerOptions& options) {
  ReadDiscrete(reader, options);
  ReadPrediction(reader, /*with_flow=*/false, options);
  ReadClipping(reader, options);
  ReadFlag(reader, "set_alpha_to_one", options.set_alpha_to_one);
}

void ReadDdpm(ObjectReader& reader, SchedulerOptions& options) {
  ReadDiscrete(reader, options);
  ReadPrediction(reader, /*with_flow=*/false, options);
  ReadClipping(reader, options);
  ReadChoice(reader,
             "variance_type",
             {"fixed_small", "fixed_small_log", "fixed_large", "learned", "learned_range"},
             options.variance_type);
}

void ReadCogVideoX(ObjectReader& reader, SchedulerOptions& options) {
  ReadDiscrete(reader, options);
  ReadPrediction(reader, /*with_flow=*/false, options);
  ReadFlag(reader, "set_alpha_to_one", options.set_alpha_to_one);
  ReadPositive(reader, "snr_shift_scale", options.snr_shift_scale);
}

void ReadDpmSolver(ObjectReader& reader, SchedulerOptions& options) {
  ReadMultistep(reader, options);
  ReadDynamicShift(reader, {"exponential"}, options);
  ReadChoice(reader,
             "algorithm_type",
             {"dpmsolver++", "sde-dpmsolver++", "dpmsolver", "sde-dpmsolver", "deis"},
             options.algorithm_type);
  if (options.algorithm_type == "deis") options.algorithm_type = "dpmsolver++";  // as Diffusers
  ReadChoice(
      reader, "solver_type", {"midpoint", "heun", "logrho", "bh1", "bh2"}, options.solver_type);
  if (options.solver_type != "heun") options.solver_type = "midpoint";  // as Diffusers
  ReadFlag(reader, "euler_at_final", options.euler_at_final);
  ReadFlag(reader, "use_lu_lambdas", options.use_lu_lambdas);
  options.lambda_min_clipped = reader.Number("lambda_min_clipped", options.lambda_min_clipped);
  if (reader.Has("variance_type")) {
    reader.Fail("variance_type", "is not supported; expected null, with the variances left out");
  }
  const bool of_noise =
      options.algorithm_type == "dpmsolver" || options.algorithm_type == "sde-dpmsolver";
  if (of_noise && options.final_sigmas_type == "zero") {
    reader.Fail("final_sigmas_type",
                fmt::format("{} is infinite there; expected sigma_min", options.algorithm_type));
  }
  if (of_noise && options.thresholding) {
    reader.Fail("thresholding", fmt::format("is not supported with {}", options.algorithm_type));
  }
  if (of_noise && options.prediction == Prediction::kFlow) {
    reader.Fail("prediction_type",
                fmt::format("flow_prediction does not go with {}", options.algorithm_type));
  }
  if (options.algorithm_type == "sde-dpmsolver" && options.solver_order == 3) {
    reader.Fail("solver_order", "sde-dpmsolver has orders 1 and 2");
  }
  if (options.use_flow_sigmas && (options.use_karras_sigmas || options.use_lu_lambdas)) {
    reader.Fail("use_flow_sigmas", "does not go with Karras sigmas or Lu lambdas");
  }
}

void ReadUniPc(ObjectReader& reader, SchedulerOptions& options) {
  ReadMultistep(reader, options);
  ReadDynamicShift(reader, {"exponential", "linear"}, options);
  ReadSigmaEnds(reader, options);
  ReadShiftTerminal(reader, options);
  ReadFlag(reader, "predict_x0", options.predict_x0);
  ReadChoice(
      reader, "solver_type", {"bh1", "bh2", "midpoint", "heun", "logrho"}, options.solver_type);
  if (options.solver_type != "bh1") options.solver_type = "bh2";  // as Diffusers
  options.disable_corrector = reader.Integers("disable_corrector", {});
  if (reader.Has("solver_p")) reader.Fail("solver_p", "is not supported; expected null");
  if (options.shift_terminal != 0 && !options.use_flow_sigmas) {
    reader.Fail("shift_terminal", "needs use_flow_sigmas");
  }
  if (!options.predict_x0 && options.prediction == Prediction::kFlow) {
    reader.Fail("predict_x0", "flow_prediction needs true");
  }
  if (options.final_sigmas_type != "zero") return;
  if (options.solver_type == "bh1" || !options.predict_x0) {
    reader.Fail("final_sigmas_type",
                "bh1 and the prediction of noise are not finite there; expected sigma_min");
  }
  if (!options.lower_order_final && options.solver_order > 1) {
    reader.Fail("lower_order_final", "without it a last level of 0 is not finite; expected true");
  }
}

void ReadEulerDiscrete(ObjectReader& reader, SchedulerOptions& options) {
  ReadDiscrete(reader, options);
  ReadPrediction(reader, /*with_flow=*/false, options);
  ReadLevels(reader, options);
  ReadSigmaEnds(reader, options);
  ReadChoice(reader, "interpolation_type", {"linear", "log_linear"}, options.interpolation_type);
  ReadChoice(reader, "timestep_type", {"discrete", "continuous"}, options.timestep_type);
  ReadChoice(reader, "final_sigmas_type", {"zero", "sigma_min"}, options.final_sigmas_type);
}

void ReadFlowEuler(ObjectReader& reader, SchedulerOptions& options) {
  options.prediction = Prediction::kFlow;
  ReadTrainTimesteps(reader, options);
  ReadPositive(reader, "shift", options.shift);
  ReadDynamicShift(reader, {"exponential", "linear"}, options);
  ReadShiftTerminal(reader, options);
  ReadFlag(reader, "invert_sigmas", options.invert_sigmas);
  ReadLevels(reader, options);
  ReadSigmaEnds(reader, options);
  ReadFlag(reader, "stochastic_sampling", options.stochastic_sampling);
}

void ReadFlowHeun(ObjectReader& reader, SchedulerOptions& options) {
  options.prediction = Prediction::kFlow;
  ReadTrainTimesteps(reader, options);
  ReadPositive(reader, "shift", options.shift);
}

struct SchedulerClass {
  const char* name;
  void (*read)(ObjectReader&, SchedulerOptions&);
};
constexpr SchedulerClass kClasses[] = {{"CogVideoXDDIMScheduler", ReadCogVideoX},
                                       {"CogVideoXDPMScheduler", ReadCogVideoX},
                                       {"DDIMScheduler", ReadDdim},
                                       {"DDPMScheduler", ReadDdpm},
                                       {"DPMSolverMultistepScheduler", ReadDpmSolver},
                                       {"EulerDiscreteScheduler", ReadEulerDiscrete},
                                       {"FlowMatchEulerDiscreteScheduler", ReadFlowEuler},
                                       {"FlowMatchHeunDiscreteScheduler", ReadFlowHeun},
                                       {"UniPCMultistepScheduler", ReadUniPc}};

const SchedulerClass& FindClass(const std::string& name) {
  for (const SchedulerClass& entry : kClasses) {
    if (name == entry.name) return entry;
  }
  throw UsageError(fmt::format("key '_class_name': scheduler '{}' is not supported; there are: {}",
                               name,
                               fmt::join(SchedulerClasses(), ", ")));
}

}  // namespace

std::vector<std::string> SchedulerClasses() {
  std::vector<std::string> names;
  for (const SchedulerClass& entry : kClasses) names.emplace_back(entry.name);
  return names;
}

SchedulerOptions DefaultSchedulerOptions(const std::string& class_name) {
  SchedulerOptions options;
  options.class_name = FindClass(class_name).name;
  const bool is_cogvideox = class_name.rfind("CogVideoX", 0) == 0;
  const bool is_flow = class_name.rfind("FlowMatch", 0) == 0;
  if (is_cogvideox) {
    options.beta_start = 0.00085;
    options.beta_end = 0.012;
    options.beta_schedule = "scaled_linear";
  }
  if (is_flow) options.prediction = Prediction::kFlow;
  const bool is_ddim_or_ddpm = class_name == "DDIMScheduler" || class_name == "DDPMScheduler";
  options.clip_sample = is_ddim_or_ddpm;
  if (is_cogvideox || is_ddim_or_ddpm) options.timestep_spacing = "leading";
  if (class_name == "UniPCMultistepScheduler") options.solver_type = "bh2";
  return options;
}

SchedulerOptions SchedulerOptionsFrom(const Document& document) {
  ObjectReader reader(document, "");
  reader.Require("_class_name");
  const std::string class_name = reader.Text("_class_name", "");
  SchedulerOptions options = DefaultSchedulerOptions(class_name);
  FindClass(class_name).read(reader, options);
  for (const char* key : kForeignKeys) reader.Has(key);
  reader.Finish();
  return options;
}

SchedulerOptions ReadSchedulerOptions(const std::filesystem::path& file) {
  return ReadConfigFile(file, "a scheduler is read from it", SchedulerOptionsFrom);
}

}  // namespace plumb
