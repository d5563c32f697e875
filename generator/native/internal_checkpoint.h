// SPDX-License-Identifier: Apache-2.0
// A checkpoint folder as networks in memory.
#pragma once

#include <filesystem>

#include "generator/native/configs.h"
#include "generator/native/internal_shared_parts.h"
#include "generator/native/internal_text_encoder.h"
#include "generator/native/internal_transformer.h"
#include "generator/native/internal_vae.h"
#include "generator/native/tokenizer.h"

namespace plumb {

struct Networks {
  CheckpointConfig config;
  Tokenizer tokenizer;
  CausalVae vae{nullptr};
  TextEncoder text_encoder{nullptr};
  SpacetimeTransformer transformer{nullptr};
};

// The files of a checkpoint that hold weights, relative to its folder.
inline constexpr const char* kVaeWeights = "vae/diffusion_pytorch_model.safetensors";
inline constexpr const char* kTransformerWeights =
    "transformer/diffusion_pytorch_model.safetensors";
inline constexpr const char* kTextEncoderWeights = "text_encoder/model.safetensors";
inline constexpr const char* kTokenizerModel = "tokenizer/spiece.model";

// Networks of that shape with fresh weights, which depend on `seed` alone.
Networks MakeNetworks(const CheckpointConfig& config, Tokenizer tokenizer, uint64_t seed);

// Throws InputError as LoadNativeModel says.
Networks ReadNetworks(const std::filesystem::path& checkpoint);

// Weights in bfloat16; shared parts are left out. Every file is written aside and renamed,
// model_index.json last; throws EnvironmentError when one can't be written.
void WriteNetworks(const std::filesystem::path& checkpoint,
                   const Networks& networks,
                   const SharedParts& shared = {});

// One part alone: "vae", "text_encoder", "tokenizer", "transformer" or "scheduler".
void WritePart(const std::filesystem::path& checkpoint,
               const Networks& networks,
               const std::string& part);

// A small file written aside and renamed. Throws EnvironmentError when it can't be written.
void WriteFileAtomically(const std::filesystem::path& path, const std::string& bytes);

// Creates the folder and its parents. Throws EnvironmentError when it can't.
void MakeFolder(const std::filesystem::path& path);

}  // namespace plumb
