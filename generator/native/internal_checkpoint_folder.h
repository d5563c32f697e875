// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

namespace plumb {

// Throws InputError saying what the path is instead when it can be no checkpoint's: no folder, or
// pickled weights.
void RequireCheckpointFolder(const std::filesystem::path& checkpoint);

}  // namespace plumb
