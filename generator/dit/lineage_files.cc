// SPDX-License-Identifier: Apache-2.0
#include "generator/dit/internal_lineage_files.h"
#include "generator/weights/internal_unfilled.h"
#include "generator/weights/internal_weights.h"

namespace plumb {
namespace {

constexpr const char* kFile = "diffusion_pytorch_model.safetensors";

}  // namespace

DitTransformer ReadDitTransformer(const std::filesystem::path& checkpoint, at::ScalarType type) {
  const std::filesystem::path folder = checkpoint / "transformer";
  const DitConfig config = ReadDitConfig(folder / "config.json");
  DitTransformer transformer{nullptr};
  {
    const UnfilledParameters unfilled;
    transformer = DitTransformer(config);
  }
  MapWeights(*transformer, OpenWeights(folder / kFile));
  transformer->TakeWeights(type);
  return transformer;
}

AutoencoderKl ReadAutoencoderKl(const std::filesystem::path& checkpoint, at::ScalarType type) {
  const std::filesystem::path folder = checkpoint / "vae";
  const KlConfig config = ReadKlConfig(folder / "config.json");
  AutoencoderKl vae{nullptr};
  {
    const UnfilledParameters unfilled;
    vae = AutoencoderKl(config);
  }
  WeightFiles weights = OpenWeights(folder / kFile);
  std::map<std::string, WeightTensor> renamed;
  for (const auto& [name, tensor] : weights.tensors) renamed.emplace(CurrentKlName(name), tensor);
  weights.tensors = std::move(renamed);
  MapWeights(*vae, weights);
  vae->RunIn(type);
  return vae;
}

Json WeightDigests(const std::filesystem::path& checkpoint, const std::string& part) {
  Json digests = Json::object();
  for (const std::filesystem::path& file : OpenWeights(checkpoint / part / kFile).files) {
    digests[part + "/" + file.filename().string()] = FileDigest(file);
  }
  return digests;
}

}  // namespace plumb
