// SPDX-License-Identifier: Apache-2.0
// The networks of a DiT checkpoint folder.
#pragma once

#include <filesystem>
#include <string>

#include "core/json.h"
#include "generator/autoencoder_kl/internal_autoencoder_kl.h"
#include "generator/dit/internal_dit_transformer.h"

namespace plumb {

// Reads transformer/ of a folder, with the layers in `type`. Throws InputError naming file and key
// or tensor when something is missing, unexpected, of another shape or not finite.
DitTransformer ReadDitTransformer(const std::filesystem::path& checkpoint, at::ScalarType type);

// Reads vae/ likewise.
AutoencoderKl ReadAutoencoderKl(const std::filesystem::path& checkpoint, at::ScalarType type);

// The weight files of a part ("transformer", "vae") by their path in the folder, with SHA-256.
Json WeightDigests(const std::filesystem::path& checkpoint, const std::string& part);

}  // namespace plumb
