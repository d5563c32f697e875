// SPDX-License-Identifier: Apache-2.0
#include "generator/native/native_model.h"

#include <algorithm>
#include <cmath>

#include <torch/version.h>

#include "generator/native/internal_camera_rays.h"
#include "generator/native/internal_folder_model.h"
#include "generator/native/internal_frames.h"

namespace plumb {

at::Tensor KnownCells(const at::Tensor& known, const TransformerConfig& config) {
  return known.repeat_interleave(config.patch_size[1], 1)
      .repeat_interleave(config.patch_size[2], 2)
      .unsqueeze(0)
      .unsqueeze(0);
}

NativeOptions DiffusersFolderModel::WithDefaults(NativeOptions options) {
  options.steps = options.steps.value_or(20);
  options.guidance = options.guidance.value_or(2.0);
  if (options.sampler.empty()) options.sampler = "euler";
  if (!options.guidance_channels.empty()) {
    throw UsageError("guidance channels are chosen for DiT checkpoints alone");
  }
  return options;
}

std::vector<int64_t> DiffusersFolderModel::LatentShape(const VideoRequest& request) const {
  const VaeConfig& vae = networks_.config.vae;
  return {1,
          vae.latent_channels,
          (request.frames - 1) / FrameStep() + 1,
          request.height / vae.SpatialStride(),
          request.width / vae.SpatialStride()};
}

at::Tensor DiffusersFolderModel::Encode(const std::vector<Image>& images) {
  return networks_.vae->Normalized(networks_.vae->EncodeStreaming(PixelsFromImages(images)).mean);
}

at::Tensor DiffusersFolderModel::GivenLatents(const GivenPixels& given, const at::Tensor& known) {
  const at::Tensor frames = known.flatten(1).any(1);  // latent frames with anything known
  const int64_t count = frames.any().item<bool>() ? frames.nonzero().max().item<int64_t>() + 1 : 0;
  const VaeConfig& vae = networks_.config.vae;
  const at::Tensor& pixels = given.pixels;
  at::Tensor latents = at::zeros({1,
                                  vae.latent_channels,
                                  known.size(0),
                                  pixels.size(3) / vae.SpatialStride(),
                                  pixels.size(4) / vae.SpatialStride()});
  if (count == 0) return latents;
  // The VAE is causal: what comes after the last known frame does not matter.
  const at::Tensor seen = pixels.narrow(2, 0, (count - 1) * FrameStep() + 1);
  latents.narrow(2, 0, count)
      .copy_(networks_.vae->Normalized(networks_.vae->EncodeStreaming(seen).mean));
  return latents;
}

LatentGroups DiffusersFolderModel::Groups(const VideoRequest& request,
                                          const at::Tensor& clean,
                                          const at::Tensor& known) {
  LatentGroup clip = {
      .clean = clean.squeeze(0),
      .known = known,
      .times_s = at::arange(known.size(0), torch::kFloat64) * (FrameStep() / request.fps)};
  if (!request.cameras.empty()) {
    clip.rays =
        CameraRays(LatentCameras(request.cameras, FrameStep()), known.size(1), known.size(2));
  }
  LatentGroups groups = {std::move(clip)};
  for (size_t i = 0; i < request.references.size(); ++i) {
    const at::Tensor picture = Encode({request.references[i]}).squeeze(0);
    const std::vector<int64_t>& patch = networks_.config.transformer.patch_size;
    groups.push_back(
        {.clean = picture,
         .known =
             at::ones({1, picture.size(2) / patch[1], picture.size(3) / patch[2]}, torch::kBool),
         .times_s = at::full({1}, kReferenceTime_s * static_cast<double>(i + 1), torch::kFloat64),
         .reference = true});
  }
  return groups;
}

Condition DiffusersFolderModel::Read(const std::string& caption) {
  PackedText text = ReadCaptions(networks_.text_encoder, networks_.tokenizer, {caption});
  std::vector<CrossStates> cross = transformer_.ReadText(text);
  return {std::move(text), std::move(cross)};
}

Denoiser DiffusersFolderModel::MakeDenoiser(const VideoRequest& request,
                                            const LatentGroups& groups) {
  const TransformerConfig& config = networks_.config.transformer;
  // Whatever does not change from step to step is made once.
  std::vector<at::Tensor> shown;
  for (size_t i = 1; i < groups.size(); ++i) shown.push_back(PatchTokens(groups[i].clean, config));
  return [this,
          shown,
          layout = MakeTokenLayout(config, std::vector<LatentGroups>(1, groups)),
          with = Read(request.caption),
          without = Read(options_.negative_prompt)](
             const at::Tensor& latents, float timestep, bool with_caption) {
    const TransformerConfig& config = networks_.config.transformer;
    std::vector<at::Tensor> tokens = {PatchTokens(latents.squeeze(0), config)};
    tokens.insert(tokens.end(), shown.begin(), shown.end());
    const Condition& condition = with_caption ? with : without;
    const LayerWatch watch = observed_.empty() ? LayerWatch() : WatchOf(timestep, with_caption);
    const at::Tensor velocity = transformer_.Forward({.tokens = at::cat(tokens),
                                                      .timesteps = torch::tensor({timestep}),
                                                      .layout = layout,
                                                      .text = condition.text,
                                                      .cross = condition.cross,
                                                      .watch = watch ? &watch : nullptr});
    return LatentsFromTokens(
               velocity.narrow(0, 0, layout.targets[0].count), latents.sizes().slice(1), config)
        .unsqueeze(0);
  };
}

SamplerInput DiffusersFolderModel::Sampling(const VideoRequest& request,
                                            const at::Tensor& clean,
                                            const at::Tensor& known) const {
  const std::vector<int64_t> shape = LatentShape(request);
  SamplerInput input = {.noise = DrawNoise(request, shape, "initial noise"),
                        .clean = clean,
                        .known = KnownCells(known, networks_.config.transformer),
                        .sampler = options_.sampler,
                        .steps = *options_.steps,
                        .shift = Shift(),
                        .guidance = *options_.guidance,
                        .guidance_from = options_.guidance_from,
                        .guidance_until = options_.guidance_until,
                        .step_noise = [=](int step) {
                          return DrawNoise(request, shape, fmt::format("noise of step {}", step));
                        }};
  input.objective = networks_.config.scheduler;
  input.start = request.strength;
  return input;
}

std::vector<Image> DiffusersFolderModel::Decode(const at::Tensor& latents) {
  const at::Tensor to_decode = networks_.vae->Denormalized(latents);
  std::vector<Image> images;
  StreamCache cache;
  // A latent frame at a time: the whole clip lies in memory as bytes only.
  for (int64_t i = 0; i < to_decode.size(2); ++i) {
    const at::Tensor pixels = networks_.vae->decoder->forward(to_decode.narrow(2, i, 1), &cache);
    if (!pixels.isfinite().all().item<bool>()) {
      throw InputError(checkpoint_.string(), "sampling gave values that are not finite");
    }
    for (Image& image : ImagesFromPixels(pixels)) images.push_back(std::move(image));
  }
  return images;
}

DiffusersFolderModel::Task DiffusersFolderModel::TaskOf(const VideoRequest& request,
                                                        const Progress& progress) {
  CheckClip(request, Limits());
  const GivenPixels given = GivenPixelsOf(request);
  const at::Tensor known = KnownTokens(given.given, networks_.config);
  progress.Report("encoding", 0, 0);
  const at::Tensor clean = GivenLatents(given, known);
  SamplerInput sampling = Sampling(request, clean, known);
  if (!request.edited.empty()) sampling.edited = Encode(request.edited);
  progress.Report("reading the prompt", 0, 0);
  return {std::move(sampling), MakeDenoiser(request, Groups(request, clean, known))};
}

Video DiffusersFolderModel::VideoOf(const at::Tensor& latents, const VideoRequest& request) {
  return {WithGivenPixels(Decode(latents), request), request.fps};
}

Video DiffusersFolderModel::Make(const VideoRequest& request, const Progress& progress) {
  const c10::InferenceMode inference;
  at::set_num_threads(1);
  const Task task = TaskOf(request, progress);
  const at::Tensor latents = Sample(task.input, task.denoiser, progress);
  progress.Report("decoding", 0, 0);
  return VideoOf(latents, request);
}

Video DiffusersFolderModel::Generate(const Prompt& prompt, const Progress& progress) {
  const ClipShape shape = PlanClip(prompt);
  Video video = Make(RequestFor(prompt, shape), progress);
  return FirstFrames(video, shape.kept_frames);
}

Json DiffusersFolderModel::Manifest() const {
  Json configs = Json::object();
  for (const auto& [name, json] : CheckpointConfigFiles(networks_.config)) configs[name] = json;
  return {{"family", "native"},
          {"sampler", options_.sampler},
          {"steps", *options_.steps},
          {"guidance", *options_.guidance},
          {"guidance_interval", {options_.guidance_from, options_.guidance_until}},
          {"negative_prompt", options_.negative_prompt},
          {"shift", Shift()},
          {"precision", PrecisionName(options_)},
          {"libtorch", TORCH_VERSION},
          {"weights", digests_},
          {"config", configs}};
}

std::string PrecisionName(const NativeOptions& options) {
  return options.bf16 ? "bfloat16" : "float32";
}

void NativeOptions::Validate() const {
  if (steps && (*steps < 1 || *steps > 1000)) throw UsageError("steps must be 1 to 1000");
  if (guidance && (!std::isfinite(*guidance) || *guidance < 0)) {
    throw UsageError("guidance must be 0 or more");
  }
  if (!std::isfinite(shift) || shift < 0) {
    throw UsageError("shift must be positive, or 0 for the checkpoint's own");
  }
  if (!(guidance_from >= 0 && guidance_from <= guidance_until && guidance_until <= 1)) {
    throw UsageError("the guidance interval must be two rising numbers of 0 to 1");
  }
  const std::vector<std::string>& samplers = SamplerNames();
  const bool known = std::find(samplers.begin(), samplers.end(), sampler) != samplers.end();
  if (!sampler.empty() && !known) {
    throw UsageError(
        fmt::format("sampler '{}' is unknown; there are: {}", sampler, fmt::join(samplers, ", ")));
  }
}

std::unique_ptr<InspectableModel> LoadInspectableModel(const std::filesystem::path& checkpoint,
                                                       const NativeOptions& options) {
  options.Validate();
  at::set_num_threads(1);
  return std::make_unique<DiffusersFolderModel>(checkpoint, options);
}

}  // namespace plumb
