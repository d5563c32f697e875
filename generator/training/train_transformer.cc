// SPDX-License-Identifier: Apache-2.0
// Stage 2: transformer and text encoder learn the way from noise to the clips' latents.
#include "generator/native/internal_camera_rays.h"
#include "generator/native/internal_objective.h"
#include "generator/training/internal_batch_plan.h"
#include "generator/training/internal_latent_store.h"
#include "generator/training/internal_training.h"

namespace plumb {
namespace {

constexpr double kCameraDropout = 0.2;    // share of clips whose camera is not stated
constexpr double kReferenceShare = 0.25;  // of clips that come with a picture of the same scene

// One clip of a batch.
struct ClipPlan {
  int64_t clip = 0;
  int64_t frames = 0;  // latent frames, from its start
  at::Tensor known;    // bool [frames, rows, columns]
  ObjectiveLevel level;
  std::string caption;  // empty: the null condition
  bool tell_camera = false;
  int64_t reference = -1;  // another clip of the same scene whose first picture is shown, or −1
};
using BatchPlan = std::vector<ClipPlan>;

TokenGrid GridOf(const TrainingRun& run, const at::Tensor& latents) {
  const std::vector<int64_t>& patch = run.networks.config.transformer.patch_size;
  return {latents.size(1), latents.size(2) / patch[1], latents.size(3) / patch[2]};
}

Objective ObjectiveOf(const TrainingRun& run) { return Objective(run.networks.config.scheduler); }

ClipPlan DrawClip(const TrainingRun& run, const LatentStore& latents, Random& random) {
  const TrainOptions& options = run.options;
  ClipPlan plan;
  plan.clip = random.Index(options.clips);
  TokenGrid grid = GridOf(run, latents.Latents(plan.clip));
  // Whole clips half of the time, shorter ones otherwise: cheaper, and the model learns both.
  if (random.Index(2) == 1) grid.frames = 1 + random.Index(static_cast<int>(grid.frames));
  plan.frames = grid.frames;
  plan.known = DrawKnown(DrawGiven(random), grid, random);
  plan.level = ObjectiveOf(run).Draw(options.shift, random);
  const bool hidden = random.Uniform() < options.caption_dropout;
  plan.caption = hidden ? "" : run.clips.DrawCaption(plan.clip, random);
  plan.tell_camera = random.Uniform() >= kCameraDropout;
  const std::vector<int64_t> others = run.clips.OtherViews(plan.clip);
  const bool shown = random.Uniform() < kReferenceShare;
  if (shown && !others.empty()) {
    plan.reference = others[random.Index(static_cast<int>(others.size()))];
  }
  return plan;
}

// The groups of tokens of one clip.
LatentGroups GroupsOf(const TrainingRun& run, const LatentStore& latents, const ClipPlan& plan) {
  const CausalVae& vae = run.networks.vae;
  const int64_t stride = vae->config.TemporalStride();
  const auto clean = [&](int64_t clip, int64_t frames) {
    return vae->Normalized(latents.Latents(clip).narrow(1, 0, frames).unsqueeze(0)).squeeze(0);
  };
  LatentGroup target = {.clean = clean(plan.clip, plan.frames),
                        .known = plan.known,
                        .times_s = at::arange(plan.frames, torch::kFloat64) *
                                   (static_cast<double>(stride) / run.clips.shape(plan.clip).fps)};
  const std::vector<Camera> cameras = LatentCameras(run.clips.Cameras(plan.clip), stride);
  if (plan.tell_camera && static_cast<int64_t>(cameras.size()) >= plan.frames) {
    target.rays = CameraRays(
        {cameras.begin(), cameras.begin() + plan.frames}, plan.known.size(1), plan.known.size(2));
  }
  LatentGroups groups = {std::move(target)};
  if (plan.reference >= 0) {
    const at::Tensor picture = clean(plan.reference, 1);
    const TokenGrid grid = GridOf(run, picture);
    groups.push_back({.clean = picture,
                      .known = at::ones({1, grid.rows, grid.columns}, torch::kBool),
                      .times_s = at::full({1}, kReferenceTime_s, torch::kFloat64),
                      .reference = true});
  }
  return groups;
}

// The packed tokens of a batch, noisy where they are to be made, and what is to be learned of them.
struct NoisyTokens {
  at::Tensor tokens, wanted;  // F32 [N, C·ph·pw]
  at::Tensor counts;          // F32 [N, 1]: how much what is said counts
};

NoisyTokens MakeNoisy(const TrainingRun& run,
                      const BatchPlan& plan,
                      const std::vector<LatentGroups>& clips,
                      double change_share,
                      at::Generator generator) {
  const TransformerConfig& config = run.networks.config.transformer;
  const Objective objective = ObjectiveOf(run);
  std::vector<at::Tensor> tokens, wanted, counts;
  for (size_t i = 0; i < clips.size(); ++i) {
    for (const LatentGroup& group : clips[i]) {
      const at::Tensor clean = PatchTokens(group.clean, config);
      const at::Tensor known = group.known.reshape({-1, 1});
      const at::Tensor noise = at::randn(clean.sizes(), generator, clean.options());
      wanted.push_back(objective.Wanted(clean, noise, plan[i].level));
      tokens.push_back(at::where(known, clean, objective.Noisy(clean, noise, plan[i].level)));
      counts.push_back(LossCounts(group, config, change_share));
    }
  }
  return {at::cat(tokens).to(run.device),
          at::cat(wanted).to(run.device),
          at::cat(counts).to(run.device)};
}

// Mean squared error over what is not known; of that mean `change_share` goes to what changes.
at::Tensor PlanLoss(TrainingRun& run,
                    const LatentStore& latents,
                    const BatchPlan& plan,
                    double change_share,
                    at::Generator generator) {
  Networks& networks = run.networks;
  std::vector<LatentGroups> clips;
  std::vector<float> timesteps;
  std::vector<std::string> captions;
  for (const ClipPlan& clip : plan) {
    clips.push_back(GroupsOf(run, latents, clip));
    timesteps.push_back(clip.level.timestep);
    captions.push_back(clip.caption);
  }
  const TokenLayout layout =
      OnDevice(MakeTokenLayout(networks.config.transformer, clips), run.device);
  const NoisyTokens noisy = MakeNoisy(run, plan, clips, change_share, generator);
  const Autocast autocast(run.options.bf16, run.device.type());
  const PackedText text = ReadCaptions(networks.text_encoder, networks.tokenizer, captions);
  const std::vector<CrossStates> cross = networks.transformer->ReadText(text);
  const at::Tensor told =
      networks.transformer->forward({.tokens = noisy.tokens,
                                     .timesteps = torch::tensor(timesteps).to(run.device),
                                     .layout = layout,
                                     .text = text,
                                     .cross = cross});
  const at::Tensor error = (told - noisy.wanted).square().mean(1, /*keepdim=*/true);
  return (error * noisy.counts).sum() / noisy.counts.sum();
}

// The plain loss on held-out clips at evenly spaced noise levels, from the first picture.
double ValidationLoss(TrainingRun& run, const LatentStore& latents) {
  torch::NoGradGuard no_grad;
  constexpr int kLevels = 4;
  double sum = 0.0;
  int64_t count = 0;
  const Objective objective = ObjectiveOf(run);
  Random random(0);  // a first picture is no matter of chance
  for (int level = 0; level < kLevels; ++level) {
    for (const int64_t clip : ValidationClips(run.options)) {
      const TokenGrid grid = GridOf(run, latents.Latents(clip));
      const ClipPlan plan = {.clip = clip,
                             .frames = grid.frames,
                             .known = DrawKnown(Given::kFirst, grid, random),
                             .level = objective.At(1000.0 * (level + 0.5) / kLevels),
                             .caption = run.clips.caption(clip),
                             .tell_camera = true};
      sum += PlanLoss(run, latents, {plan}, 0.0, StepGenerator(run.options, "validation", level))
                 .item<double>();
      ++count;
    }
  }
  return sum / static_cast<double>(count);
}

}  // namespace

void TrainTransformer(TrainingRun& run) {
  const TrainOptions& options = run.options;
  const LatentStore latents = EncodeClips(run);
  latents.SetStatistics(run.networks.vae->config, options.clips);
  run.networks.config.vae = run.networks.vae->config;
  if (run.state.step == 0) run.state.untrained_flow_loss = ValidationLoss(run, latents);
  const auto loss = [&](int64_t step) {
    Random random = StepRandom(options, "dit", step);
    BatchPlan plan;
    for (int i = 0; i < options.dit_batch; ++i) plan.push_back(DrawClip(run, latents, random));
    const double change_share = step >= options.change_from ? options.change_share : 0.0;
    return PlanLoss(run, latents, plan, change_share, StepGenerator(options, "dit", step));
  };
  RunStage(run,
           {.name = "dit",
            .optimizer = SettingsOf(options, options.dit_steps, options.dit_learning_rate),
            .modules = {{"transformer", run.networks.transformer.get()},
                        {"text_encoder", run.networks.text_encoder.get()}},
            .loss = loss,
            .validation = [&] { return ValidationLoss(run, latents); },
            .validation_name = "held-out loss",
            .frozen_prefix = "text_encoder/",
            .frozen_from = options.text_encoder_steps,
            .kept = KeptBySteps(options),
            .sheet = [&] { return SampleSheet(run); }});
  run.state.flow_loss = ValidationLoss(run, latents);
}

}  // namespace plumb
