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
  const auto part = [&](const char* file) { return PartFile(checkpoint, file); };
  Tokenizer tokenizer = ReadTokenizer(part(kTokenizerModel));
  if (tokenizer.vocab_size() != config.text_encoder.vocab_size) {
    throw InputError(part(kTokenizerModel).string(),
                     fmt::format("has {} pieces, text_encoder/config.json says {}",
                                 tokenizer.vocab_size(),
                                 config.text_encoder.vocab_size));
  }
  Networks networks = MakeUnfilledNetworks(config, std::move(tokenizer));
  MapWeights(*networks.vae, OpenWeights(part(kVaeWeights)));
  MapWeights(*networks.text_encoder, OpenWeights(part(kTextEncoderWeights)));
  MapWeights(*networks.transformer, OpenWeights(checkpoint / kTransformerWeights));
  return networks;
}

void WritePart(const std::filesystem::path& checkpoint,
               const Networks& networks,
               const std::string& part) {
  MakeFolder(checkpoint / part);
  if (part == "vae") {
    WriteSafetensors(checkpoint / kVaeWeights, ModuleWeights(*networks.vae, at::kBFloat16));
  } else if (part == "text_encoder") {
    WriteSafetensors(checkpoint / kTextEncoderWeights,
                     ModuleWeights(*networks.text_encoder, at::kBFloat16));
  } else if (part == "transformer") {
    WriteSafetensors(checkpoint / kTransformerWeights,
                     ModuleWeights(*networks.transformer, at::kBFloat16));
  } else if (part == "tokenizer") {
    WriteFileAtomically(checkpoint / kTokenizerModel, networks.tokenizer.model_bytes());
  }
  for (const auto& [name, json] : CheckpointConfigFiles(networks.config)) {
    if (name.rfind(part + "/", 0) == 0) WriteFileAtomically(checkpoint / name, DumpJson(json));
  }
}

void WriteNetworks(const std::filesystem::path& checkpoint,
                   const Networks& networks,
                   const SharedParts& shared) {
  for (const char* part : {"vae", "text_encoder", "tokenizer", "transformer", "scheduler"}) {
    if (!shared.contains(part)) WritePart(checkpoint, networks, part);
  }
  // Last: a folder without it is no checkpoint yet.
  for (auto& [name, json] : CheckpointConfigFiles(networks.config)) {
    if (name != "model_index.json") continue;
    Json index = json;
    if (!shared.empty()) index["native_shared"] = shared;
    WriteFileAtomically(checkpoint / name, DumpJson(index));
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
