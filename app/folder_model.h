// SPDX-License-Identifier: Apache-2.0
// folder:<dir> — videos that another model made, taken as this model's answers.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/model.h"

namespace plumb {

// The video of one cell. With a manifest.json in the folder, it is the `output` of the cell's
// entry; without one, the cell "drop-3/0" is looked for as drop-3_0.*, drop-3/0.* and, for seed 0,
// drop-3.*, with any extension of VideoExtensions(). Throws InputError when the folder is missing
// or its manifest is broken, when the cell has no video or more than one, and when its entry says
// "failed" or "refused" (with its reason).
std::filesystem::path FindCellVideo(const std::filesystem::path& folder,
                                    const std::string& cell_id);

// A model that answers with FindCellVideo's file, read whole. Throws InputError when the folder is
// missing or its manifest is broken; Generate throws what FindCellVideo and ReadVideo throw.
std::unique_ptr<Model> OpenFolderModel(const std::filesystem::path& folder);

}  // namespace plumb
