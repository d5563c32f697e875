// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "core/check.h"
#include "core/errors.h"
#include "generator/schedulers/flow_match.h"
#include "generator/schedulers/internal_respaced.h"
#include "generator/schedulers/internal_sampler.h"
#include "generator/schedulers/internal_scheduler_classes.h"
#include "generator/weights/internal_weights.h"

namespace plumb {
namespace {

const std::string kHistory = "history.";

SchedulerOptions MultistepOptions(const std::string& sampler) {
  SchedulerOptions options = DefaultSchedulerOptions(
      sampler == "unipc" ? "UniPCMultistepScheduler" : "DPMSolverMultistepScheduler");
  options.solver_order = 2;
  return options;
}

bool IsMultistep(const SamplerInput& input) {
  return input.sampler == "dpm++2m" || input.sampler == "unipc";
}

bool IsFlow(const SamplerInput& input) {
  return input.objective.class_name.rfind("FlowMatch", 0) == 0;
}

// Whether the trajectory begins in a video.
void CheckStart(const SamplerInput& input) {
  if (!(input.start > 0 && input.start <= 1)) {
    throw UsageError(fmt::format("strength {}: expected more than 0, at most 1", input.start));
  }
  if (!input.edited.defined()) {
    PLUMB_CHECK(input.start == 1.0, "a start of {} without a video", input.start);
    return;
  }
  if (!IsFlow(input)) {
    throw UsageError(
        fmt::format("starting from a video is for checkpoints of rectified flow; this one is of {}",
                    input.objective.class_name));
  }
  if (IsMultistep(input)) {
    throw UsageError(fmt::format(
        "sampler '{}' can't start from a video; ddim, ddpm, euler and heun can", input.sampler));
  }
}

std::unique_ptr<Scheduler> FlowScheduler(const SamplerInput& input) {
  SchedulerRun run = {.steps = input.steps, .sigmas = EvenSigmas(input.steps)};
  for (double& sigma : run.sigmas) sigma *= input.start;
  SchedulerOptions options = input.objective;
  const bool is_multistep = IsMultistep(input);
  if (is_multistep) {
    options = MultistepOptions(input.sampler);
    options.num_train_timesteps = input.objective.num_train_timesteps;
    options.prediction = Prediction::kFlow;
    options.use_flow_sigmas = true;
    run = {.steps = input.steps, .continuous_timesteps = true};
  }
  options.shift = input.shift;
  if (is_multistep) return MakeScheduler(options, run);
  if (input.sampler == "heun") return MakeFlowHeun(options, run);
  if (input.sampler == "euler") return MakeFlowEuler(options, run);
  run.eta = input.sampler == "ddpm" ? 1.0 : 0.0;
  return MakeFlowAncestral(options, run);
}

// The training steps and the prediction are the checkpoint's, the rest the sampler's.
std::unique_ptr<Scheduler> DiscreteScheduler(const SamplerInput& input) {
  if (input.sampler == "heun" || input.shift != 1.0) {
    throw UsageError(fmt::format("{} is for checkpoints of rectified flow; this one is of {}",
                                 input.sampler == "heun" ? "sampler 'heun'" : "a shift",
                                 input.objective.class_name));
  }
  SchedulerOptions options = input.objective;
  options.clip_sample = options.thresholding = false;
  if (IsMultistep(input)) {
    const SchedulerOptions solver = MultistepOptions(input.sampler);
    options.class_name = solver.class_name;
    options.solver_order = solver.solver_order;
    options.solver_type = solver.solver_type;
  } else {
    options.class_name = input.sampler == "euler"  ? "EulerDiscreteScheduler"
                         : input.sampler == "ddim" ? "DDIMScheduler"
                                                   : "DDPMScheduler";
  }
  // Steps of any spacing and count, each ending at the level that the network is asked next.
  if (input.sampler == "ddim") return MakeRespacedDdim(options, {.steps = input.steps});
  return MakeScheduler(options, {.steps = input.steps});
}

}  // namespace

const std::vector<std::string>& SamplerNames() {
  static const std::vector<std::string> kNames = {
      "ddim", "ddpm", "dpm++2m", "euler", "heun", "unipc"};
  return kNames;
}

std::unique_ptr<Scheduler> SamplerScheduler(const SamplerInput& input) {
  const std::vector<std::string>& names = SamplerNames();
  if (std::find(names.begin(), names.end(), input.sampler) == names.end()) {
    throw UsageError(fmt::format(
        "sampler '{}' is unknown; there are: {}", input.sampler, fmt::join(names, ", ")));
  }
  CheckStart(input);
  return IsFlow(input) ? FlowScheduler(input) : DiscreteScheduler(input);
}

Sampler::Sampler(SamplerInput input, Denoiser denoiser)
    : input_(std::move(input)),
      denoiser_(std::move(denoiser)),
      scheduler_(SamplerScheduler(input_)) {
  latents_ = KeepKnown(Beginning());
}

at::Tensor Sampler::Beginning() const {
  if (!input_.edited.defined()) return input_.noise * scheduler_->InitialNoiseScale();
  const double sigma = scheduler_->sigmas().front();
  return (1.0 - sigma) * input_.edited + sigma * input_.noise;
}

at::Tensor Sampler::KeepKnown(const at::Tensor& latents) const {
  return at::where(input_.known, input_.clean, latents);
}

at::Tensor Sampler::Output(const at::Tensor& latents) const {
  const float timestep = scheduler_->timesteps()[step()];
  const double passed = static_cast<double>(step()) / num_steps();
  const bool is_guided = passed >= input_.guidance_from && passed < input_.guidance_until;
  const double guidance = is_guided ? input_.guidance : 1.0;
  if (guidance == 1.0) return denoiser_(latents, timestep, true);
  const at::Tensor without = denoiser_(latents, timestep, false);
  if (guidance == 0.0) return without;
  return without + guidance * (denoiser_(latents, timestep, true) - without);
}

void Sampler::Next() {
  StepInput step_input = {.model_output = Output(KeepKnown(scheduler_->ModelInput(latents_))),
                          .sample = latents_,
                          .noise = {}};
  if (scheduler_->WantsNoise()) {
    PLUMB_CHECK(input_.step_noise != nullptr, "sampler '{}' needs noise", input_.sampler);
    step_input.noise = input_.step_noise(step());
  }
  // Known places are imposed again after every step, the last one included.
  latents_ = KeepKnown(scheduler_->Step(step_input));
}

Safetensors Sampler::State() const {
  Safetensors state;
  state.metadata = {{"sampler", input_.sampler},
                    {"num_steps", std::to_string(num_steps())},
                    {"step", std::to_string(step())}};
  state.tensors["latents"] = FromTorch(latents_);
  for (const auto& [name, tensor] : scheduler_->state().history) {
    state.tensors[kHistory + name] = FromTorch(tensor);
  }
  return state;
}

void Sampler::Restore(const Safetensors& state, const std::string& place) {
  const auto require = [&](bool holds, const std::string& problem) {
    if (!holds) throw InputError(place, problem);
  };
  for (const auto& [key, value] : {std::pair<std::string, std::string>{"sampler", input_.sampler},
                                   {"num_steps", std::to_string(num_steps())}}) {
    const auto found = state.metadata.find(key);
    require(found != state.metadata.end() && found->second == value,
            fmt::format("{}: expected '{}'", key, value));
  }
  int step = -1;
  for (int i = 0; i <= num_steps(); ++i) {
    const auto found = state.metadata.find("step");
    if (found != state.metadata.end() && found->second == std::to_string(i)) step = i;
  }
  require(step >= 0, fmt::format("step: expected 0 to {}", num_steps()));
  const auto tensor = [&](const std::string& name) {
    const auto found = state.tensors.find(name);
    require(found != state.tensors.end(), fmt::format("tensor '{}' is missing", name));
    const at::Tensor read = ToTorch(found->second);
    require(read.sizes() == input_.noise.sizes() && read.scalar_type() == latents_.scalar_type(),
            fmt::format("tensor '{}' is not like the latents", name));
    return read;
  };
  SchedulerState restored = {.step = step, .history = {}};
  for (const std::string& name : scheduler_->HistoryNames(step)) {
    restored.history[name] = tensor(kHistory + name);
  }
  latents_ = tensor("latents");
  scheduler_->Restore(std::move(restored));
}

at::Tensor Sample(const SamplerInput& input, const Denoiser& denoiser, const Progress& progress) {
  Sampler sampler(input, denoiser);
  while (!sampler.Done()) {
    progress.ThrowIfCancelled();
    progress.Report("sampling", sampler.step(), sampler.num_steps());
    sampler.Next();
  }
  progress.Report("sampling", sampler.num_steps(), sampler.num_steps());
  return sampler.latents();
}

}  // namespace plumb
