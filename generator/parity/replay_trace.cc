// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "core/errors.h"
#include "generator/parity/internal_trace.h"
#include "generator/weights/config_file.h"
#include "generator/weights/internal_weights.h"

namespace plumb {
namespace {

constexpr int64_t kMostSteps = 1 << 20;

std::filesystem::path ArgumentsFile(const ParityCase& parity_case) {
  return parity_case.folder / "case.json";
}

// The input of that name, shaped like `expected`.
at::Tensor Input(const ParityCase& parity_case,
                 const std::string& name,
                 const std::vector<int64_t>& expected) {
  const at::Tensor tensor = ToTorch(ParityInput(parity_case, name));
  if (!tensor.is_floating_point() || tensor.sizes() != expected) {
    throw InputError((parity_case.folder / "inputs.safetensors").string(),
                     fmt::format("tensor '{}' has the shape [{}], expected floating point [{}]",
                                 name,
                                 fmt::join(tensor.sizes(), ", "),
                                 fmt::join(expected, ", ")));
  }
  return tensor;
}

bool LearnsVariance(const SchedulerOptions& options) {
  return options.class_name == "DDPMScheduler" && options.variance_type.starts_with("learned");
}

std::unique_ptr<Scheduler> SchedulerOf(const ParityCase& parity_case,
                                       const SchedulerOptions& options,
                                       const SchedulerRun& run) {
  try {
    return MakeScheduler(options, run);
  } catch (const UsageError& error) {
    ThrowAsInputError(ArgumentsFile(parity_case), error);
  }
}

template <typename Number>
Tensor Table(const std::vector<Number>& values) {
  return FromTorch(at::tensor(values).to(at::kFloat));
}

NamedTensors ReplayTrace(const ParityCase& parity_case) {
  const std::filesystem::path file = parity_case.Checkpoint() / "scheduler/scheduler_config.json";
  const SchedulerOptions options = ReadSchedulerOptions(file);
  if (options.class_name != parity_case.component) {
    throw InputError(file.string(),
                     fmt::format("key '_class_name': expected the case's component {}, found {}",
                                 parity_case.component,
                                 options.class_name));
  }
  return TraceScheduler(parity_case, options, TraceRun(parity_case));
}

}  // namespace

std::vector<ParityEntry> TraceEntries() {
  std::vector<ParityEntry> entries;
  for (const std::string& name : SchedulerClasses())
    entries.push_back({name, "trace", ReplayTrace});
  return entries;
}

SchedulerRun TraceRun(const ParityCase& parity_case) {
  const std::filesystem::path file = ArgumentsFile(parity_case);
  const Document document = {.file = file.string(), .root = parity_case.args, .lines = {}};
  try {
    ObjectReader reader(document, "");
    SchedulerRun run;
    const int64_t steps = reader.Integer("num_inference_steps", 0);
    if (steps < 0 || steps > kMostSteps) {
      reader.Fail("num_inference_steps", fmt::format("expected at most {}", kMostSteps));
    }
    run.steps = static_cast<int>(steps);
    run.sigmas = reader.Numbers("sigmas", {});
    if (reader.Has("mu")) run.mu = reader.Number("mu", 0.0);
    run.eta = reader.Number("eta", run.eta);
    run.use_clipped_model_output =
        reader.Flag("use_clipped_model_output", run.use_clipped_model_output);
    run.s_churn = reader.Number("s_churn", run.s_churn);
    run.s_tmin = reader.Number("s_tmin", run.s_tmin);
    run.s_tmax = reader.Number("s_tmax", run.s_tmax);
    run.s_noise = reader.Number("s_noise", run.s_noise);
    reader.Finish();
    return run;
  } catch (const UsageError& error) {
    ThrowAsInputError(file, error);
  }
}

NamedTensors TraceScheduler(const ParityCase& parity_case,
                            const SchedulerOptions& options,
                            const SchedulerRun& run) {
  const std::unique_ptr<Scheduler> scheduler = SchedulerOf(parity_case, options, run);
  NamedTensors outputs = {{"timesteps", Table(scheduler->timesteps())}};
  if (!scheduler->sigmas().empty()) outputs["sigmas"] = Table(scheduler->sigmas());
  if (!scheduler->alphas_cumprod().empty()) {
    outputs["alphas_cumprod"] = Table(scheduler->alphas_cumprod());
  }
  const std::vector<int64_t> shape = ParityInput(parity_case, "sample").shape();
  at::Tensor sample = Input(parity_case, "sample", shape);
  if (sample.dim() < 2) {
    throw InputError((parity_case.folder / "inputs.safetensors").string(),
                     "tensor 'sample' must be [B, C, …]");
  }
  std::vector<int64_t> output_shape = shape;
  if (LearnsVariance(options)) output_shape[1] *= 2;
  while (!scheduler->Done()) {
    const std::string index = "." + std::to_string(scheduler->step());
    StepInput input = {.model_output = Input(parity_case, "model_output" + index, output_shape),
                       .sample = sample,
                       .noise = {}};
    if (scheduler->WantsNoise()) input.noise = Input(parity_case, "noise" + index, shape);
    sample = scheduler->Step(input);
    outputs["prev_sample" + index] = FromTorch(sample.to(at::kFloat));
  }
  return outputs;
}

}  // namespace plumb
