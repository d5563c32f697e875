// SPDX-License-Identifier: Apache-2.0
// Stage 2: transformer and text encoder learn the velocity from noise to the clips' latents.
#include <cmath>

#include "core/errors.h"
#include "core/safetensors.h"
#include "generator/schedulers/flow_match.h"
#include "generator/training/internal_training.h"
#include "generator/weights/internal_weights.h"

namespace plumb {
namespace {

// Latents of all clips, F32 [clips, C, T, H, W], as the VAE gives them. Kept beside the state: they
// take minutes.
at::Tensor EncodeClips(TrainingRun& run) {
  const std::filesystem::path path = run.options.output / "training/latents.safetensors";
  if (std::filesystem::exists(path)) return ToTorch(ReadSafetensors(path).tensors.at("latents"));
  torch::NoGradGuard no_grad;
  std::vector<at::Tensor> latents;
  for (int64_t clip = 0; clip < run.clips.size(); ++clip) {
    run.progress.ThrowIfCancelled();
    run.progress.Report("latents", static_cast<int>(clip), static_cast<int>(run.clips.size()));
    const at::Tensor pixels =
        run.clips.Pixels(clip, 0, run.options.frames).unsqueeze(0).to(run.device);
    const Autocast autocast(run.options.bf16, run.device.type());
    latents.push_back(run.networks.vae->Encode(pixels).mean.to(torch::kFloat32).cpu());
  }
  const at::Tensor all = at::cat(latents);
  WriteSafetensors(path, {{{"latents", FromTorch(all)}}, {}});
  return all;
}

// Mean and standard deviation per channel over the training clips, so that the transformer sees
// unit variance.
void SetLatentStatistics(VaeConfig& config, const at::Tensor& latents) {
  const at::Tensor values = latents.to(torch::kFloat64).transpose(0, 1).flatten(1);
  const at::Tensor mean = values.mean(1);
  const at::Tensor deviation = (values - mean.unsqueeze(1)).square().mean(1).sqrt().clamp_min(1e-6);
  config.latents_mean.assign(mean.data_ptr<double>(), mean.data_ptr<double>() + mean.numel());
  config.latents_std.assign(deviation.data_ptr<double>(),
                            deviation.data_ptr<double>() + deviation.numel());
}

// What a batch is made of: which clips, how long, how much of them is known, how noisy, which
// captions are hidden.
struct BatchPlan {
  std::vector<int64_t> clips;
  int64_t frames = 0;          // latent frames, from the start of the clip
  std::vector<int64_t> known;  // leading latent frames that are given, per clip
  std::vector<float> sigmas;   // per clip
  std::vector<std::string> captions;
};

BatchPlan DrawPlan(const TrainingRun& run, const at::Tensor& latents, int64_t step) {
  const TrainOptions& options = run.options;
  Random random = StepRandom(options, "dit", step);
  BatchPlan plan;
  // Whole clips half of the time, shorter ones otherwise: cheaper, and the model learns both.
  const int64_t longest = latents.size(2);
  plan.frames = random.Index(2) == 0 ? longest : std::max<int64_t>(1, (longest + 1) / 2);
  for (int i = 0; i < options.dit_batch; ++i) {
    plan.clips.push_back(random.Index(options.clips));
    // Text alone a fifth of the time; else the first frame, or the first frames.
    const double kind = random.Uniform();
    const int64_t known = kind < 0.2 ? 0 : kind < 0.6 ? 1 : 2;
    plan.known.push_back(std::min(known, plan.frames - 1));
    // Logit-normal noise levels (Esser et al. 2024, section 3.1).
    const double sigma = 1.0 / (1.0 + std::exp(-random.Normal()));
    plan.sigmas.push_back(static_cast<float>(ShiftedSigma(sigma, options.shift)));
    const bool hidden = random.Uniform() < options.caption_dropout;
    plan.captions.push_back(hidden ? "" : run.clips.DrawCaption(plan.clips.back(), random));
  }
  return plan;
}

// Mean squared error of the velocity over what is not known.
at::Tensor PlanLoss(TrainingRun& run,
                    const at::Tensor& latents,
                    const BatchPlan& plan,
                    at::Generator generator) {
  Networks& networks = run.networks;
  const VaeConfig& vae = networks.config.vae;
  const at::Tensor clean = networks.vae->Normalized(
      latents.index_select(0, torch::tensor(plan.clips)).narrow(2, 0, plan.frames));
  const at::Tensor noise = at::randn(clean.sizes(), generator, clean.options());
  const int64_t batch = clean.size(0);
  const at::Tensor sigma = torch::tensor(plan.sigmas).view({batch, 1, 1, 1, 1});
  const at::Tensor unknown =
      at::arange(plan.frames).unsqueeze(0) >= torch::tensor(plan.known).unsqueeze(1);  // [B, T]
  const at::Tensor unknown_cells = unknown.view({batch, 1, plan.frames, 1, 1});

  TransformerInput input;
  input.latents = at::where(unknown_cells, (1 - sigma) * clean + sigma * noise, clean);
  input.timesteps = at::stack({at::zeros({batch}), torch::tensor(plan.sigmas) * 1000.0}, 1);
  input.levels = unknown.to(torch::kInt64);
  input.times_s = at::arange(plan.frames, torch::kFloat64) *
                  (static_cast<double>(vae.TemporalStride()) / run.options.fps);

  TokenBatch tokens =
      EncodeCaptions(networks.tokenizer, plan.captions, networks.config.text_encoder.max_tokens);
  for (at::Tensor* tensor : {&input.latents,
                             &input.timesteps,
                             &input.levels,
                             &input.times_s,
                             &tokens.ids,
                             &tokens.mask}) {
    *tensor = tensor->to(run.device);
  }
  const Autocast autocast(run.options.bf16, run.device.type());
  input.text = networks.text_encoder->forward(tokens);
  input.text_mask = tokens.mask;
  const at::Tensor target = (noise - clean).to(run.device);
  const at::Tensor error = (networks.transformer->forward(input) - target).square();
  const at::Tensor counted = unknown_cells.to(run.device).to(torch::kFloat32).expand_as(error);
  return (error * counted).sum() / counted.sum();
}

// The same loss on held-out clips at evenly spaced noise levels, from one known latent frame.
double ValidationLoss(TrainingRun& run, const at::Tensor& latents) {
  torch::NoGradGuard no_grad;
  const std::vector<int64_t> clips = ValidationClips(run.options);
  constexpr int kLevels = 4;
  double sum = 0.0;
  for (int level = 0; level < kLevels; ++level) {
    BatchPlan plan{.clips = clips, .frames = latents.size(2)};
    for (const int64_t clip : clips) {
      plan.known.push_back(std::min<int64_t>(1, plan.frames - 1));
      plan.sigmas.push_back(static_cast<float>(level + 0.5) / kLevels);
      plan.captions.push_back(run.clips.caption(clip));
    }
    sum += PlanLoss(run, latents, plan, StepGenerator(run.options, "validation", level))
               .item<double>();
  }
  return sum / kLevels;
}

}  // namespace

void TrainTransformer(TrainingRun& run) {
  const TrainOptions& options = run.options;
  const at::Tensor latents = EncodeClips(run);
  SetLatentStatistics(run.networks.vae->config, latents.narrow(0, 0, options.clips));
  run.networks.config.vae = run.networks.vae->config;
  if (run.state.step == 0) run.state.untrained_flow_loss = ValidationLoss(run, latents);
  RunStage(
      run,
      {.name = "dit",
       .optimizer = SettingsOf(options, options.dit_steps, options.dit_learning_rate),
       .modules = {{"transformer", run.networks.transformer.get()},
                   {"text_encoder", run.networks.text_encoder.get()}},
       .loss =
           [&](int64_t step) {
             return PlanLoss(
                 run, latents, DrawPlan(run, latents, step), StepGenerator(options, "dit", step));
           },
       .validation = [&] { return ValidationLoss(run, latents); },
       .validation_name = "held-out loss",
       .frozen_prefix = "text_encoder/",
       .frozen_from = options.text_encoder_steps,
       .kept = KeptBySteps(options),
       .sheet = [&] { return SampleSheet(run); }});
  run.state.flow_loss = ValidationLoss(run, latents);
}

}  // namespace plumb
