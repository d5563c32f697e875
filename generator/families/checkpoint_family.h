// SPDX-License-Identifier: Apache-2.0
// Whose checkpoint a folder holds: model_index.json says it by the name of its pipeline class.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace plumb {

enum class CheckpointFamily {
  kSpacetime,  // Plumb's own
  kDit         // Diffusers' DiTPipeline
};

// The pipeline classes that can be loaded.
std::vector<std::string> SupportedPipelines();

// Throws InputError when the path is no folder, a pickle's, holds no readable model_index.json, or
// one of another family; the supported ones are then listed.
CheckpointFamily FamilyOf(const std::filesystem::path& checkpoint);

}  // namespace plumb
