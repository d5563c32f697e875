// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <torch/version.h>

#include "core/errors.h"
#include "generator/dit/dit_index.h"
#include "generator/dit/internal_dit_model.h"
#include "generator/dit/internal_dit_pipeline.h"
#include "generator/dit/internal_lineage_files.h"
#include "generator/native/internal_clip_plan.h"
#include "generator/native/internal_draw_noise.h"
#include "generator/native/internal_frames.h"
#include "generator/schedulers/internal_respaced.h"
#include "generator/weights/config_file.h"
#include "generator/weights/internal_weights.h"

namespace plumb {
namespace {

constexpr int kSteps = 50;
constexpr double kGuidance = 4.0;
constexpr double kPictureFps = 24.0;  // of a video of one frame: it stands for no time

void RefuseForeignOptions(const NativeOptions& options) {
  const auto refuse = [](const char* what) {
    throw UsageError(fmt::format("DiT checkpoints have no {}", what));
  };
  if (options.shift != 0.0) refuse("shift");
  if (!options.negative_prompt.empty()) refuse("negative prompt");
  if (options.guidance_from != 0.0 || options.guidance_until != 1.0) refuse("guidance interval");
}

class DitModel : public NativeModel {
 public:
  DitModel(const std::filesystem::path& checkpoint, const NativeOptions& options);

  TrainedClip Trained() const override {
    const auto side = static_cast<int>(dit_->config().sample_size * vae_->config().SpatialStride());
    return {side, side, 1, kPictureFps};
  }
  bool ReadsSentences() const override { return false; }
  int SizeStep() const override {
    return static_cast<int>(dit_->config().patch_size * vae_->config().SpatialStride());
  }
  int FrameStep() const override { return 1; }
  ClipShape PlanClip(const Prompt& prompt) const override;

  Video Make(const VideoRequest& request, const Progress& progress) override;
  Video Generate(const Prompt& prompt, const Progress& progress) override;
  Json Manifest() const override;

 private:
  void RequireFit() const;
  void CheckRequest(const VideoRequest& request) const;

  std::filesystem::path checkpoint_;
  DitIndex index_;
  DitTransformer dit_{nullptr};
  AutoencoderKl vae_{nullptr};
  SchedulerOptions scheduler_;
  std::string sampler_;
  std::string precision_;
  DitSampling sampling_;  // without what a request adds
  Json digests_ = Json::object();
  Json configs_ = Json::object();
};

DitModel::DitModel(const std::filesystem::path& checkpoint, const NativeOptions& options)
    : checkpoint_(checkpoint) {
  RefuseForeignOptions(options);
  index_ = ReadDitIndex(checkpoint / "model_index.json");
  precision_ = PrecisionName(options);
  const at::ScalarType type = options.bf16 ? at::kBFloat16 : at::kFloat;
  dit_ = ReadDitTransformer(checkpoint, type);
  vae_ = ReadAutoencoderKl(checkpoint, type);
  RequireFit();
  const SchedulerOptions own = ReadSchedulerOptions(checkpoint / "scheduler/scheduler_config.json");
  scheduler_ = DitScheduler(own, dit_->config(), options.sampler);
  sampler_ = options.sampler;
  sampling_.steps = options.steps.value_or(kSteps);
  sampling_.guidance = options.guidance.value_or(kGuidance);
  if (!options.guidance_channels.empty()) {
    sampling_.kind = DitGuidanceFromName(options.guidance_channels);
  }
  if (sampling_.guidance < 1 && sampling_.kind == DitGuidance::kDiffusers) {
    throw UsageError(
        fmt::format("guidance {:g}: Diffusers leaves guidance out below 1; expected 1 or more, or "
                    "guidance channels upstream",
                    sampling_.guidance));
  }
  for (const char* part : {"transformer", "vae"}) {
    digests_.update(WeightDigests(checkpoint, part));
  }
  for (const char* file :
       {"transformer/config.json", "vae/config.json", "scheduler/scheduler_config.json"}) {
    configs_[file] = ReadJsonFile(checkpoint / file, "a DiT checkpoint needs it").root;
  }
}

void DitModel::RequireFit() const {
  const KlConfig& vae = vae_->config();
  if (vae.latent_channels != dit_->config().in_channels) {
    throw InputError(
        checkpoint_.string(),
        fmt::format("transformer in_channels and vae latent_channels differ: {} and {}",
                    dit_->config().in_channels,
                    vae.latent_channels));
  }
  if (vae.out_channels != 3) {
    throw InputError((checkpoint_ / "vae/config.json").string(),
                     fmt::format("key 'out_channels': expected 3, found {}", vae.out_channels));
  }
}

ClipShape DitModel::PlanClip(const Prompt& prompt) const {
  // What is shown before the picture can't lead it.
  Prompt alone = prompt;
  alone.conditioning_frames.clear();
  return PlanClipFor(alone, {Trained(), SizeStep(), FrameStep()});
}

void DitModel::CheckRequest(const VideoRequest& request) const {
  if (!request.given.empty() || !request.references.empty() || !request.cameras.empty() ||
      !request.edited.empty()) {
    throw UsageError(
        "a DiT checkpoint makes a picture of a class: it takes no pictures, videos, references or "
        "cameras");
  }
  if (request.frames != 1) {
    throw UsageError(
        fmt::format("{} frames: a DiT checkpoint makes pictures, ask for 1 frame", request.frames));
  }
  CheckClip(request, {Trained(), SizeStep(), FrameStep()});
}

Video DitModel::Make(const VideoRequest& request, const Progress& progress) {
  const c10::InferenceMode inference;
  at::set_num_threads(1);
  CheckRequest(request);
  const int64_t stride = vae_->config().SpatialStride();
  const std::vector<int64_t> shape = {
      1, dit_->config().in_channels, request.height / stride, request.width / stride};
  DitSampling sampling = sampling_;
  sampling.labels = {index_.Label(request.caption, dit_->config().num_classes)};
  sampling.step_noise = [&](int /*sample*/, int step) {
    return DrawNoise(request, shape, fmt::format("noise of step {}", step));
  };
  const at::Tensor noise = DrawNoise(request, shape, "initial noise");
  const at::Tensor latents = SampleDit(dit_, scheduler_, sampling, noise, progress);
  progress.Report("decoding", 0, 0);
  const at::Tensor pixels = vae_->Decode(latents / vae_->config().scaling_factor);
  if (!pixels.isfinite().all().item<bool>()) {
    throw InputError(checkpoint_.string(), "sampling gave values that are not finite");
  }
  return {ImagesFromPixels(pixels.unsqueeze(2)), request.fps};
}

Video DitModel::Generate(const Prompt& prompt, const Progress& progress) {
  Prompt alone = prompt;
  alone.conditioning_frames.clear();
  alone.cameras.clear();
  return Make(RequestFor(alone, PlanClip(alone)), progress);
}

Json DitModel::Manifest() const {
  return {{"family", "DiT"},
          {"sampler", sampler_.empty() ? "the checkpoint's" : sampler_},
          {"scheduler", scheduler_.class_name},
          {"steps", sampling_.steps},
          {"guidance", sampling_.guidance},
          {"guidance_channels", DitGuidanceName(sampling_.kind)},
          {"precision", precision_},
          {"libtorch", TORCH_VERSION},
          {"weights", digests_},
          {"config", configs_}};
}

}  // namespace

SchedulerOptions DitScheduler(const SchedulerOptions& own,
                              const DitConfig& config,
                              const std::string& sampler) {
  if (sampler.empty()) return own;
  if (sampler != "ddpm" && sampler != "ddim") {
    throw UsageError(fmt::format(
        "sampler '{}' is not one of a DiT checkpoint; there are: ddim, ddpm, and the checkpoint's "
        "own when none is named",
        sampler));
  }
  SchedulerOptions options =
      DefaultSchedulerOptions(sampler == "ddpm" ? "DDPMScheduler" : "DDIMScheduler");
  options.num_train_timesteps = own.num_train_timesteps;
  options.beta_start = own.beta_start;
  options.beta_end = own.beta_end;
  options.beta_schedule = own.beta_schedule;
  options.trained_betas = own.trained_betas;
  options.prediction = own.prediction;
  options.clip_sample = false;
  options.timestep_spacing = kRespaced;
  options.variance_type = config.LearnsVariance() ? "learned_range" : "fixed_large";
  return options;
}

std::unique_ptr<NativeModel> LoadDitModel(const std::filesystem::path& checkpoint,
                                          const NativeOptions& options) {
  return std::make_unique<DitModel>(checkpoint, options);
}

}  // namespace plumb
