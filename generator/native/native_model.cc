// SPDX-License-Identifier: Apache-2.0
#include "generator/native/native_model.h"

#include <algorithm>
#include <cmath>

#include <torch/version.h>

#include "core/errors.h"
#include "core/seed.h"
#include "generator/native/internal_checkpoint.h"
#include "generator/native/internal_frames.h"
#include "generator/native/internal_shared_parts.h"
#include "generator/schedulers/internal_sampler.h"
#include "generator/weights/internal_weights.h"

namespace plumb {
namespace {

// Width and height in multiples of `stride`, within the asked picture and the trained area, nearest
// in aspect and area.
std::pair<int, int> NearestSize(const Prompt& prompt, const IndexConfig& native, int stride) {
  const double area = std::min(static_cast<double>(native.width) * native.height,
                               static_cast<double>(prompt.width) * prompt.height);
  const double aspect = std::log(static_cast<double>(prompt.width) / prompt.height);
  std::pair<int, int> best = {0, 0};
  double best_cost = 0.0;
  for (int width = stride; width <= prompt.width; width += stride) {
    for (int height = stride; height <= prompt.height; height += stride) {
      const double size = static_cast<double>(width) * height;
      if (size > area) break;
      const double cost = std::abs(std::log(static_cast<double>(width) / height) - aspect) +
                          0.5 * std::log(area / size);
      if (best.first == 0 || cost < best_cost) {
        best = {width, height};
        best_cost = cost;
      }
    }
  }
  if (best.first == 0) {
    throw UsageError(
        fmt::format("{}x{} is too small for this checkpoint; its smallest picture is {}x{}",
                    prompt.width,
                    prompt.height,
                    stride,
                    stride));
  }
  return best;
}

int DownToClip(int frames, int stride) {
  return frames < 1 ? 0 : (frames - 1) / stride * stride + 1;
}
int UpToClip(int frames, int stride) { return (frames - 1 + stride - 1) / stride * stride + 1; }

// How many leading frames the conditioning frames settle at the checkpoint's rate. Slower
// conditioning than that would have to be repeated, so only its first frame counts.
int KnownFrames(const Prompt& prompt, const ClipShape& shape, int stride) {
  const int given = static_cast<int>(prompt.conditioning_frames.size());
  if (given == 0) return 0;
  if (prompt.fps < 0.9 * shape.fps) return 1;
  const double last_s = (given - 1) / prompt.fps;
  const int covered = static_cast<int>(std::floor(last_s * shape.fps + 1e-6)) + 1;
  return DownToClip(std::min(covered, shape.kept_frames), stride);
}

// A picture of any larger or equal size brought to the clip's size.
std::vector<Image> KnownImages(const Prompt& prompt, const ClipShape& shape) {
  std::vector<Image> images;
  for (int i = 0; i < shape.known_frames; ++i) {
    const double nearest = std::round(i / shape.fps * prompt.fps);
    const size_t index =
        std::min(static_cast<size_t>(nearest), prompt.conditioning_frames.size() - 1);
    const Image& image = prompt.conditioning_frames[index];
    if (image.width < shape.width || image.height < shape.height) {
      throw UsageError(fmt::format("conditioning frame {} is {}x{}, smaller than the clip's {}x{}",
                                   index,
                                   image.width,
                                   image.height,
                                   shape.width,
                                   shape.height));
    }
    images.push_back(AreaResized(image, shape.width, shape.height));
  }
  return images;
}

at::Tensor DrawNoise(const Prompt& prompt, at::IntArrayRef shape, const std::string& purpose) {
  Random random(DeriveSeed(prompt.seed, prompt.cell_id, purpose));
  at::Tensor noise = at::empty(shape, torch::kFloat32);
  float* values = noise.data_ptr<float>();
  for (int64_t i = 0; i < noise.numel(); ++i) values[i] = static_cast<float>(random.Normal());
  return noise;
}

class DiffusersFolderModel : public NativeModel {
 public:
  DiffusersFolderModel(const std::filesystem::path& checkpoint, const NativeOptions& options)
      : checkpoint_(checkpoint), options_(options), networks_(ReadNetworks(checkpoint)) {
    for (const char* file :
         {kVaeWeights, kTransformerWeights, kTextEncoderWeights, kTokenizerModel}) {
      digests_[file] = FileDigest(PartFile(checkpoint, file));
    }
  }

  ClipShape PlanClip(const Prompt& prompt) const override;
  Video Generate(const Prompt& prompt, const Progress& progress) override;
  Json Manifest() const override;

 private:
  int TemporalStride() const { return static_cast<int>(networks_.config.vae.TemporalStride()); }
  double Shift() const {
    return options_.shift > 0 ? options_.shift : networks_.config.scheduler.shift;
  }
  // Latents of the whole clip that carry the known frames in front; zeros elsewhere.
  at::Tensor CleanLatents(const std::vector<Image>& known, at::IntArrayRef shape);
  Denoiser MakeDenoiser(const Prompt& prompt, const at::Tensor& known, double fps);

  std::filesystem::path checkpoint_;
  NativeOptions options_;
  Networks networks_;
  Json digests_ = Json::object();
};

ClipShape DiffusersFolderModel::PlanClip(const Prompt& prompt) const {
  PLUMB_CHECK(prompt.width > 0 && prompt.height > 0 && prompt.frames > 0 && prompt.fps > 0,
              "{}x{}, {} frames, {} fps",
              prompt.width,
              prompt.height,
              prompt.frames,
              prompt.fps);
  const IndexConfig& native = networks_.config.index;
  const int stride = static_cast<int>(networks_.config.vae.SpatialStride() *
                                      networks_.config.transformer.patch_size[1]);
  ClipShape shape;
  std::tie(shape.width, shape.height) = NearestSize(prompt, native, stride);
  shape.fps = native.fps;
  const double duration_s = (prompt.frames - 1) / prompt.fps;
  const double wanted = std::round(duration_s * native.fps) + 1;
  shape.kept_frames = static_cast<int>(std::min(wanted, static_cast<double>(native.frames)));
  shape.frames = UpToClip(shape.kept_frames, TemporalStride());
  shape.known_frames = KnownFrames(prompt, shape, TemporalStride());
  return shape;
}

at::Tensor DiffusersFolderModel::CleanLatents(const std::vector<Image>& known,
                                              at::IntArrayRef shape) {
  at::Tensor latents = at::zeros(shape, torch::kFloat32);
  if (known.empty()) return latents;
  const at::Tensor encoded =
      networks_.vae->Normalized(networks_.vae->Encode(PixelsFromImages(known)).mean);
  latents.narrow(2, 0, encoded.size(2)).copy_(encoded);
  return latents;
}

Denoiser DiffusersFolderModel::MakeDenoiser(const Prompt& prompt,
                                            const at::Tensor& known,
                                            double fps) {
  const int64_t max_tokens = networks_.config.text_encoder.max_tokens;
  const auto encode = [&](const std::string& caption) {
    const TokenBatch tokens = EncodeCaptions(networks_.tokenizer, {caption}, max_tokens);
    return std::make_pair(networks_.text_encoder->forward(tokens), tokens.mask);
  };
  const int64_t ph = networks_.config.transformer.patch_size[1];
  const int64_t pw = networks_.config.transformer.patch_size[2];
  TransformerInput input;
  input.times_s = at::arange(known.size(2), torch::kFloat64) * (TemporalStride() / fps);
  // A token is at level 0 (clean) where its latents are known, at level 1 elsewhere.
  input.levels = known.slice(3, 0, std::nullopt, ph)
                     .slice(4, 0, std::nullopt, pw)
                     .flatten(1)
                     .logical_not()
                     .to(torch::kInt64);
  auto conditional = encode(prompt.caption);
  auto null = encode(options_.negative_prompt);
  return [this, input, conditional, null](
             const at::Tensor& latents, float timestep, bool with_caption) mutable {
    input.latents = latents;
    input.timesteps = torch::tensor({0.0F, timestep}).unsqueeze(0);
    std::tie(input.text, input.text_mask) = with_caption ? conditional : null;
    return networks_.transformer->forward(input);
  };
}

Video DiffusersFolderModel::Generate(const Prompt& prompt, const Progress& progress) {
  const c10::InferenceMode inference;
  at::set_num_threads(1);
  const ClipShape shape = PlanClip(prompt);
  const VaeConfig& vae = networks_.config.vae;
  const std::vector<int64_t> latent_shape = {1,
                                             vae.latent_channels,
                                             (shape.frames - 1) / TemporalStride() + 1,
                                             shape.height / vae.SpatialStride(),
                                             shape.width / vae.SpatialStride()};
  const std::vector<Image> known_images = KnownImages(prompt, shape);
  at::Tensor known =
      at::zeros({1, 1, latent_shape[2], latent_shape[3], latent_shape[4]}, torch::kBool);
  if (shape.known_frames > 0) {
    known.narrow(2, 0, (shape.known_frames - 1) / TemporalStride() + 1).fill_(true);
  }
  SamplerInput input = {.noise = DrawNoise(prompt, latent_shape, "initial noise"),
                        .clean = CleanLatents(known_images, latent_shape),
                        .known = known,
                        .sampler = options_.sampler,
                        .steps = options_.steps,
                        .shift = Shift(),
                        .guidance = options_.guidance,
                        .guidance_from = options_.guidance_from,
                        .guidance_until = options_.guidance_until,
                        .step_noise = [&](int step) {
                          return DrawNoise(
                              prompt, latent_shape, fmt::format("noise of step {}", step));
                        }};
  input.objective.num_train_timesteps = networks_.config.scheduler.num_train_timesteps;
  const at::Tensor latents = Sample(input, MakeDenoiser(prompt, known, shape.fps), progress);
  const at::Tensor pixels = networks_.vae->DecodeStreaming(networks_.vae->Denormalized(latents));
  if (!pixels.isfinite().all().item<bool>()) {
    throw InputError(checkpoint_.string(), "sampling gave values that are not finite");
  }
  std::vector<Image> images = ImagesFromPixels(pixels);
  std::copy(known_images.begin(), known_images.end(), images.begin());
  images.resize(shape.kept_frames);
  return {std::move(images), shape.fps};
}

Json DiffusersFolderModel::Manifest() const {
  Json configs = Json::object();
  for (const auto& [name, json] : CheckpointConfigFiles(networks_.config)) configs[name] = json;
  return {{"family", "native"},
          {"sampler", options_.sampler},
          {"steps", options_.steps},
          {"guidance", options_.guidance},
          {"guidance_interval", {options_.guidance_from, options_.guidance_until}},
          {"negative_prompt", options_.negative_prompt},
          {"shift", Shift()},
          {"libtorch", TORCH_VERSION},
          {"weights", digests_},
          {"config", configs}};
}

}  // namespace

void NativeOptions::Validate() const {
  if (steps < 1 || steps > 1000) throw UsageError("steps must be 1 to 1000");
  if (!std::isfinite(guidance) || guidance < 0) throw UsageError("guidance must be 0 or more");
  if (!std::isfinite(shift) || shift < 0) {
    throw UsageError("shift must be positive, or 0 for the checkpoint's own");
  }
  if (!(guidance_from >= 0 && guidance_from <= guidance_until && guidance_until <= 1)) {
    throw UsageError("the guidance interval must be two rising numbers of 0 to 1");
  }
  const std::vector<std::string>& samplers = SamplerNames();
  if (std::find(samplers.begin(), samplers.end(), sampler) == samplers.end()) {
    throw UsageError(
        fmt::format("sampler '{}' is unknown; there are: {}", sampler, fmt::join(samplers, ", ")));
  }
}

std::unique_ptr<NativeModel> LoadNativeModel(const std::filesystem::path& checkpoint,
                                             const NativeOptions& options) {
  options.Validate();
  at::set_num_threads(1);
  return std::make_unique<DiffusersFolderModel>(checkpoint, options);
}

}  // namespace plumb
