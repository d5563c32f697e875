// SPDX-License-Identifier: Apache-2.0
#include <fstream>

#include "core/errors.h"
#include "core/seed.h"
#include "generator/native/internal_checkpoint.h"
#include "generator/weights/internal_unfilled.h"
#include "generator/weights/internal_weights.h"

namespace plumb {
namespace {

Networks MakeUnfilledNetworks(const CheckpointConfig& config, Tokenizer tokenizer) {
  const UnfilledParameters unfilled;
  return MakeNetworks(config, std::move(tokenizer), 0);
}

// The layers' constructors draw their weights from LibTorch's global generator.
void SeedGlobalGenerator(uint64_t seed, const char* purpose) {
  torch::manual_seed(DeriveSeed(seed, "training", purpose) >> 1);
}

}  // namespace

Networks MakeNetworks(const CheckpointConfig& config, Tokenizer tokenizer, uint64_t seed) {
  Networks networks{.config = config, .tokenizer = std::move(tokenizer)};
  networks.config.text_encoder.vocab_size = networks.tokenizer.vocab_size();
  SeedGlobalGenerator(seed, "vae weights");
  networks.vae = CausalVae(config.vae);
  SeedGlobalGenerator(seed, "text encoder weights");
  networks.text_encoder = TextEncoder(networks.config.text_encoder);
  SeedGlobalGenerator(seed, "transformer weights");
  networks.transformer = SpacetimeTransformer(config.transformer);
  return networks;
}

Networks ReadNetworks(const std::filesystem::path& checkpoint) {
  const CheckpointConfig config = ReadCheckpointConfig(checkpoint);
  Tokenizer tokenizer = ReadTokenizer(checkpoint / kTokenizerModel);
  if (tokenizer.vocab_size() != config.text_encoder.vocab_size) {
    throw InputError((checkpoint / kTokenizerModel).string(),
                     fmt::format("has {} pieces, text_encoder/config.json says {}",
                                 tokenizer.vocab_size(),
                                 config.text_encoder.vocab_size));
  }
  Networks networks = MakeUnfilledNetworks(config, std::move(tokenizer));
  MapWeights(*networks.vae, OpenWeights(checkpoint / kVaeWeights));
  MapWeights(*networks.text_encoder, OpenWeights(checkpoint / kTextEncoderWeights));
  MapWeights(*networks.transformer, OpenWeights(checkpoint / kTransformerWeights));
  return networks;
}

void WriteNetworks(const std::filesystem::path& checkpoint, const Networks& networks) {
  for (const char* part : {"vae", "text_encoder", "tokenizer", "transformer", "scheduler"}) {
    MakeFolder(checkpoint / part);
  }
  WriteSafetensors(checkpoint / kVaeWeights, ModuleWeights(*networks.vae, at::kBFloat16));
  WriteSafetensors(checkpoint / kTextEncoderWeights,
                   ModuleWeights(*networks.text_encoder, at::kBFloat16));
  WriteSafetensors(checkpoint / kTransformerWeights,
                   ModuleWeights(*networks.transformer, at::kBFloat16));
  WriteFileAtomically(checkpoint / kTokenizerModel, networks.tokenizer.model_bytes());
  for (const auto& [name, json] : CheckpointConfigFiles(networks.config)) {
    WriteFileAtomically(checkpoint / name, DumpJson(json));
  }
}

void WriteFileAtomically(const std::filesystem::path& path, const std::string& bytes) {
  const std::filesystem::path aside = path.string() + ".part";
  {
    std::ofstream stream(aside, std::ios::binary);
    stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    stream.flush();
    if (!stream) throw EnvironmentError(fmt::format("{} can't be written", path.string()));
  }
  std::error_code error;
  std::filesystem::rename(aside, path, error);
  if (error) throw EnvironmentError(fmt::format("{}: {}", path.string(), error.message()));
}

void MakeFolder(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) throw EnvironmentError(fmt::format("{}: {}", path.string(), error.message()));
}

}  // namespace plumb
