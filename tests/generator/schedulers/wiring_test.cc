// SPDX-License-Identifier: Apache-2.0
// Each choice that decides a scheduler's numbers, made otherwise on purpose: a case must notice.
#include <cmath>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/generator/schedulers/trace_case.h"

namespace plumb {
namespace {

struct Mutation {
  const char* trace;  // the case, without "trace-"
  const char* key;    // of scheduler_config.json, or of case.json's args after "args."
  const char* value;  // as JSON
};

constexpr Mutation kMutations[] = {
    {"ddim-eps", "prediction_type", R"("v_prediction")"},
    {"ddim-eps", "timestep_spacing", R"("trailing")"},
    {"ddim-eps", "timestep_spacing", R"("linspace")"},
    {"ddim-eps", "beta_schedule", R"("scaled_linear")"},
    {"ddim-eps", "beta_end", "0.0199"},
    {"ddim-eps", "set_alpha_to_one", "false"},
    {"ddim-v-zero-snr-trailing", "rescale_betas_zero_snr", "false"},
    {"ddim-v-zero-snr-trailing", "prediction_type", R"("epsilon")"},
    {"ddim-clipped-eta", "clip_sample", "false"},
    {"ddim-clipped-eta", "clip_sample_range", "1.4"},
    {"ddim-clipped-eta", "args.use_clipped_model_output", "false"},
    {"ddim-clipped-eta", "args.eta", "0.499"},
    {"ddim-clean-linspace", "prediction_type", R"("epsilon")"},
    {"ddim-clean-linspace", "set_alpha_to_one", "true"},
    {"ddim-offset", "steps_offset", "0"},
    {"ddim-threshold", "thresholding", "false"},
    {"ddim-threshold", "dynamic_thresholding_ratio", "0.91"},
    {"ddim-threshold", "sample_max_value", "2.4"},
    {"ddim-cosine-eta", "beta_schedule", R"("linear")"},
    {"ddim-cosine-eta", "args.eta", "0"},
    {"ddim-trained-betas", "trained_betas", "null"},
    {"ddpm-fixed-small", "variance_type", R"("fixed_large")"},
    {"ddpm-fixed-large", "variance_type", R"("fixed_small")"},
    {"ddpm-learned", "variance_type", R"("learned_range")"},
    {"ddpm-learned-range", "variance_type", R"("learned")"},
    {"ddpm-v-trailing", "prediction_type", R"("sample")"},
    {"ddpm-v-trailing", "timestep_spacing", R"("linspace")"},
    {"ddpm-clean-linspace", "prediction_type", R"("v_prediction")"},
    {"ddpm-clipped", "clip_sample", "false"},
    {"ddpm-clipped", "clip_sample_range", "0.79"},
    {"ddpm-threshold", "sample_max_value", "1.6"},
    {"dpm-order1", "solver_order", "2"},
    {"dpm-midpoint", "solver_order", "1"},
    {"dpm-midpoint", "solver_type", R"("heun")"},
    {"dpm-midpoint", "prediction_type", R"("v_prediction")"},
    {"dpm-midpoint", "final_sigmas_type", R"("sigma_min")"},
    {"dpm-heun", "solver_type", R"("midpoint")"},
    {"dpm-order3", "solver_order", "2"},
    {"dpm-order3", "lower_order_final", "false"},
    {"dpm-16-steps", "euler_at_final", "true"},
    {"dpm-euler-at-final", "euler_at_final", "false"},
    {"dpm-full-order", "lower_order_final", "true"},
    {"dpm-sde-1-midpoint", "algorithm_type", R"("dpmsolver++")"},
    {"dpm-sde-2-midpoint", "solver_type", R"("heun")"},
    {"dpm-sde-2-heun", "solver_type", R"("midpoint")"},
    {"dpm-sde-3-midpoint", "solver_order", "2"},
    {"dpm-noise-1-midpoint", "solver_order", "2"},
    {"dpm-noise-2-midpoint", "solver_type", R"("heun")"},
    {"dpm-noise-2-heun", "solver_order", "3"},
    {"dpm-noise-3-midpoint", "solver_order", "2"},
    {"dpm-noise-v", "prediction_type", R"("epsilon")"},
    {"dpm-sde-noise-1-midpoint", "algorithm_type", R"("dpmsolver")"},
    {"dpm-sde-noise-2-midpoint", "solver_type", R"("heun")"},
    {"dpm-sde-noise-2-heun", "solver_type", R"("midpoint")"},
    {"dpm-karras", "use_karras_sigmas", "false"},
    {"dpm-exponential", "use_exponential_sigmas", "false"},
    {"dpm-beta", "use_beta_sigmas", "false"},
    {"dpm-lu", "use_lu_lambdas", "false"},
    {"dpm-flow", "flow_shift", "3.001"},
    {"dpm-flow-order3", "solver_order", "2"},
    {"dpm-flow-mu", "args.mu", "1.1501"},
    {"dpm-v-zero-snr-trailing", "rescale_betas_zero_snr", "false"},
    {"dpm-clean-leading", "steps_offset", "0"},
    {"dpm-clean-leading", "timestep_spacing", R"("trailing")"},
    {"dpm-cosine-clipped", "lambda_min_clipped", "-1e300"},
    {"dpm-threshold", "thresholding", "false"},
    {"unipc-order1", "solver_order", "2"},
    {"unipc-order3", "solver_order", "2"},
    {"unipc-order3", "disable_corrector", "[3]"},
    {"unipc-bh1", "solver_type", R"("bh2")"},
    {"unipc-bh1-order3", "solver_type", R"("bh2")"},
    {"unipc-noise", "predict_x0", "true"},
    {"unipc-noise-v", "solver_order", "2"},
    {"unipc-v-trailing", "rescale_betas_zero_snr", "false"},
    {"unipc-clean-leading", "prediction_type", R"("epsilon")"},
    {"unipc-full-order", "lower_order_final", "true"},
    {"unipc-half-corrected", "disable_corrector", "[]"},
    {"unipc-half-corrected", "disable_corrector", "[0]"},
    {"unipc-half-corrected", "disable_corrector", "[1, 2]"},
    {"unipc-karras", "use_karras_sigmas", "false"},
    {"unipc-exponential", "final_sigmas_type", R"("zero")"},
    {"unipc-beta", "use_beta_sigmas", "false"},
    {"unipc-threshold", "thresholding", "false"},
    {"unipc-wan-shift3", "flow_shift", "1.0"},
    {"unipc-wan-shift3", "disable_corrector", "[0, 1, 2, 3, 4]"},
    {"unipc-wan-shift3", "solver_order", "1"},
    {"unipc-wan-shift3", "final_sigmas_type", R"("sigma_min")"},
    {"unipc-wan-shift5-4-steps", "num_train_timesteps", "999"},
    {"unipc-flow-order3", "solver_order", "2"},
    {"unipc-flow-mu", "args.mu", "0.79"},
    {"unipc-flow-mu-linear", "time_shift_type", R"("exponential")"},
    {"unipc-flow-mu-linear", "shift_terminal", "null"},
    {"unipc-flow-given", "flow_shift", "1.0"},
    {"unipc-cosmos-karras", "sigma_max", "199.0"},
    {"unipc-cosmos-karras", "sigma_min", "0.02"},
    {"unipc-cosmos-karras", "use_karras_sigmas", "false"},
    {"unipc-cosmos-karras-sigma-min", "final_sigmas_type", R"("zero")"},
    {"euler-eps", "timestep_spacing", R"("trailing")"},
    {"euler-eps", "final_sigmas_type", R"("sigma_min")"},
    {"euler-svd", "timestep_type", R"("discrete")"},
    {"euler-svd", "sigma_max", "null"},
    {"euler-svd", "sigma_min", "null"},
    {"euler-svd", "use_karras_sigmas", "false"},
    {"euler-v-zero-snr-trailing", "rescale_betas_zero_snr", "false"},
    {"euler-v-zero-snr-trailing", "prediction_type", R"("epsilon")"},
    {"euler-karras", "use_karras_sigmas", "false"},
    {"euler-exponential", "use_exponential_sigmas", "false"},
    {"euler-beta", "use_beta_sigmas", "false"},
    {"euler-log-linear", "interpolation_type", R"("linear")"},
    {"euler-clean-leading", "prediction_type", R"("epsilon")"},
    {"euler-churn", "args.s_churn", "0"},
    {"euler-churn", "args.s_tmin", "0"},
    {"euler-churn", "args.s_tmax", "1e9"},
    {"euler-churn", "args.s_noise", "1"},
    {"flow-plain", "shift", "1.001"},
    {"flow-shift-inexact", "shift", "1.7000001"},
    {"flow-given", "args", R"({"num_inference_steps": 5})"},  // the shift twice, other ends
    {"flow-given", "shift", "1.0"},
    {"flow-mu", "args.mu", "1.1501"},
    {"flow-mu", "use_dynamic_shifting", "false"},
    {"flow-mu-linear", "time_shift_type", R"("exponential")"},
    {"flow-given-mu-terminal", "shift_terminal", "null"},
    {"flow-terminal", "shift_terminal", "0.06"},
    {"flow-karras", "use_karras_sigmas", "false"},
    {"flow-cosmos-karras", "sigma_max", "null"},
    {"flow-cosmos-karras", "sigma_min", "0.003"},
    {"flow-exponential", "use_exponential_sigmas", "false"},
    {"flow-beta", "use_beta_sigmas", "false"},
    {"flow-mochi", "invert_sigmas", "false"},
    {"flow-stochastic", "stochastic_sampling", "false"},
    {"flow-heun", "_class_name", R"("FlowMatchEulerDiscreteScheduler")"},
    {"flow-heun", "shift", "1.0"},
    {"cogvideox-ddim-2b", "snr_shift_scale", "1.0"},
    {"cogvideox-ddim-2b", "rescale_betas_zero_snr", "false"},
    {"cogvideox-ddim-2b", "timestep_spacing", R"("leading")"},
    {"cogvideox-ddim-eps", "set_alpha_to_one", "true"},
    {"cogvideox-dpm-2b", "_class_name", R"("CogVideoXDDIMScheduler")"},
    {"cogvideox-dpm-2b", "snr_shift_scale", "1.0"},
    {"cogvideox-dpm-5b", "rescale_betas_zero_snr", "false"},
    {"cogvideox-dpm-eps", "prediction_type", R"("v_prediction")"},
};

TraceCase Changed(TraceCase trace, const Mutation& mutation) {
  const std::string key = mutation.key;
  const Json value = Json::parse(mutation.value);
  if (key == "args") {
    trace.parity.args = value;
  } else if (key.starts_with("args.")) {
    trace.parity.args[key.substr(5)] = value;
  } else {
    trace.config[key] = value;
  }
  return trace;
}

TEST(WiringTest, EveryChoiceIsNoticed) {
  fmt::print("{:32} {:28} {:36} {}\n", "case", "choice", "made otherwise", "error / tolerance");
  for (const Mutation& mutation : kMutations) {
    const TraceCase trace = CommittedTrace(mutation.trace);
    EXPECT_LE(WorstError(trace, Replay(trace)), 1.0) << mutation.trace;
    const double error = WorstError(trace, Replay(Changed(trace, mutation)));
    fmt::print("{:32} {:28} {:36} {}\n",
               mutation.trace,
               mutation.key,
               mutation.value,
               std::isfinite(error) ? fmt::format("{:.3g}", error) : "a table or shape differs");
    // Twice the tolerance: a choice that is hardly seen may be missed on another machine.
    EXPECT_GT(error, 2.0) << mutation.trace << ": " << mutation.key << " is not noticed";
  }
}

// Diffusers cuts flow timesteps down to whole numbers; a case notices when they are not.
TEST(WiringTest, CuttingOfTimestepsIsNoticed) {
  for (const char* name : {"unipc-wan-shift5-4-steps", "dpm-flow"}) {
    const TraceCase trace = CommittedTrace(name);
    SchedulerRun run = TraceRun(trace.parity);
    run.continuous_timesteps = true;
    const ParityResult result =
        CompareParity(trace.parity, TraceScheduler(trace.parity, OptionsOf(trace), run));
    for (const ParityTensor& tensor : result.tensors) {
      EXPECT_EQ(tensor.passed, tensor.name != "timesteps") << tensor.name;
    }
  }
}

}  // namespace
}  // namespace plumb
