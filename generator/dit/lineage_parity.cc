// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "core/errors.h"
#include "generator/dit/internal_dit_model.h"
#include "generator/dit/internal_dit_pipeline.h"
#include "generator/dit/internal_lineage_files.h"
#include "generator/dit/internal_lineage_parity.h"
#include "generator/weights/config_file.h"
#include "generator/weights/internal_weights.h"

namespace plumb {
namespace {

// The input as numbers of the type, [shape.size()] axes of which those above 0 are given.
at::Tensor Input(const ParityCase& parity_case,
                 const std::string& name,
                 at::ScalarType type,
                 const std::vector<int64_t>& shape) {
  const at::Tensor tensor = ToTorch(ParityInput(parity_case, name)).to(type);
  bool fits = tensor.dim() == static_cast<int64_t>(shape.size());
  for (size_t i = 0; fits && i < shape.size(); ++i) {
    fits = shape[i] <= 0 ? tensor.size(i) > 0 : tensor.size(i) == shape[i];
  }
  if (!fits) {
    throw InputError((parity_case.folder / "inputs.safetensors").string(),
                     fmt::format("tensor '{}' has shape [{}], expected [{}] (0: any)",
                                 name,
                                 fmt::join(tensor.sizes().vec(), ", "),
                                 fmt::join(shape, ", ")));
  }
  return tensor;
}

void RequireMultiples(const ParityCase& parity_case, const at::Tensor& picture, int64_t side) {
  if (picture.size(2) % side == 0 && picture.size(3) % side == 0) return;
  throw InputError(
      (parity_case.folder / "inputs.safetensors").string(),
      fmt::format("{}x{} is no multiple of {}", picture.size(3), picture.size(2), side));
}

NamedTensors ReplayDit(const ParityCase& parity_case) {
  DitTransformer dit = ReadDitTransformer(parity_case.Checkpoint(), at::kFloat);
  const DitConfig& config = dit->config();
  const at::Tensor latents =
      Input(parity_case, "hidden_states", at::kFloat, {0, config.in_channels, 0, 0});
  RequireMultiples(parity_case, latents, config.patch_size);
  const at::Tensor timesteps = Input(parity_case, "timestep", at::kDouble, {latents.size(0)});
  const at::Tensor labels = Input(parity_case, "class_labels", at::kLong, {latents.size(0)});
  if (labels.min().item<int64_t>() < 0 || labels.max().item<int64_t>() > config.num_classes) {
    throw InputError((parity_case.folder / "inputs.safetensors").string(),
                     fmt::format("class_labels must be 0 to {}", config.num_classes));
  }
  return {{"sample", FromTorch(dit->forward(latents, timesteps, labels))}};
}

NamedTensors ReplayEncode(const ParityCase& parity_case) {
  AutoencoderKl vae = ReadAutoencoderKl(parity_case.Checkpoint(), at::kFloat);
  const at::Tensor images =
      Input(parity_case, "x", at::kFloat, {0, vae->config().in_channels, 0, 0});
  RequireMultiples(parity_case, images, vae->config().SpatialStride());
  const KlPosterior posterior = vae->Encode(images);
  return {{"mean", FromTorch(posterior.mean)}, {"logvar", FromTorch(posterior.logvar)}};
}

NamedTensors ReplayDecode(const ParityCase& parity_case) {
  AutoencoderKl vae = ReadAutoencoderKl(parity_case.Checkpoint(), at::kFloat);
  const at::Tensor latents =
      Input(parity_case, "z", at::kFloat, {0, vae->config().latent_channels, 0, 0});
  return {{"sample", FromTorch(vae->Decode(latents))}};
}

std::vector<int64_t> LabelsOf(const ParityCase& parity_case, const DitConfig& config) {
  const std::string place = (parity_case.folder / "case.json").string();
  const auto found = parity_case.args.find("class_labels");
  std::vector<int64_t> labels;
  if (found != parity_case.args.end() && found->is_array()) {
    for (const Json& label : *found) {
      const bool fits = label.is_number_integer() && label >= 0 && label <= config.num_classes;
      if (!fits) {
        throw InputError(place,
                         fmt::format("args: class_labels: expected whole numbers of 0 to {}",
                                     config.num_classes));
      }
      labels.push_back(label.get<int64_t>());
    }
  }
  if (labels.empty()) throw InputError(place, "args: class_labels: expected one label or more");
  return labels;
}

// What a case's args ask of the loop.
struct LoopArguments {
  DitSampling sampling;
  std::string sampler;  // "": the checkpoint's own, as Diffusers' class does it
};

LoopArguments ReadLoopArguments(const ParityCase& parity_case, const DitConfig& config) {
  constexpr int64_t kMostSteps = 1 << 20;
  const Document document = {
      .file = (parity_case.folder / "case.json").string(), .root = parity_case.args, .lines = {}};
  ObjectReader reader(document, "");
  LoopArguments arguments;
  reader.Has("class_labels");  // read by LabelsOf
  arguments.sampling.labels = LabelsOf(parity_case, config);
  const int64_t steps = reader.Integer("num_inference_steps", 50);
  if (steps < 1 || steps > kMostSteps) {
    reader.Fail("num_inference_steps", fmt::format("expected 1 to {}", kMostSteps));
  }
  arguments.sampling.steps = static_cast<int>(steps);
  reader.Has("guidance_scale");
  arguments.sampling.guidance = ParityNumber(parity_case, "guidance_scale", 4.0);
  arguments.sampling.kind = DitGuidanceFromName(reader.Text("guidance_channels", "diffusers"));
  arguments.sampler = reader.Text("sampler", "");
  reader.Finish();
  return arguments;
}

at::Tensor SampleCase(const ParityCase& parity_case, DitTransformer& dit) {
  auto [sampling, sampler] = ReadLoopArguments(parity_case, dit->config());
  const SchedulerOptions own =
      ReadSchedulerOptions(parity_case.Checkpoint() / "scheduler/scheduler_config.json");
  const at::Tensor latents =
      Input(parity_case,
            "latents",
            at::kFloat,
            {static_cast<int64_t>(sampling.labels.size()), dit->config().in_channels, 0, 0});
  RequireMultiples(parity_case, latents, dit->config().patch_size);
  sampling.step_noise = [&parity_case, shape = latents.sizes().vec()](int sample, int step) {
    return Input(parity_case, fmt::format("noise.{}", step), at::kFloat, shape)
        .narrow(0, sample, 1);
  };
  return SampleDit(dit, DitScheduler(own, dit->config(), sampler), sampling, latents, {});
}

NamedTensors ReplayLoop(const ParityCase& parity_case) {
  DitTransformer dit = ReadDitTransformer(parity_case.Checkpoint(), at::kFloat);
  AutoencoderKl vae = ReadAutoencoderKl(parity_case.Checkpoint(), at::kFloat);
  at::Tensor latents;
  try {
    latents = SampleCase(parity_case, dit);
  } catch (const UsageError& error) {
    ThrowAsInputError(parity_case.folder / "case.json", error);
  }
  const at::Tensor images = vae->Decode(latents / vae->config().scaling_factor);
  return {{"latents", FromTorch(latents)},
          {"frames", FromTorch((images / 2 + 0.5).clamp(0.0, 1.0))}};
}

}  // namespace

std::vector<ParityEntry> LineageParity() {
  return {{"DiTTransformer2DModel", "forward", ReplayDit},
          {"AutoencoderKL", "encode", ReplayEncode},
          {"AutoencoderKL", "decode", ReplayDecode},
          {"DiTPipeline", "sample", ReplayLoop}};
}

}  // namespace plumb
