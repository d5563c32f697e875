// SPDX-License-Identifier: Apache-2.0
// Where reconstructions are kept:
//   <folder>/0/ 1/ …   a model per world: cameras.bin images.bin points3D.bin points.ply
//   cameras.ply <folder>/images/   where asked for, the pictures of the posed frames under the
//   models' names
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/results.h"
#include "metrics/geometry/reconstruction.h"

namespace plumb {

// Throws UsageError unless the path is free or an empty folder: models of an earlier call would
// look like worlds of this one.
void RequireEmptyFolder(const std::filesystem::path& folder);

// A folder for each cell: the root itself when there is one cell, else one below it, named by the
// clip, and by model and clip when there are several models. No two are equal.
std::vector<std::filesystem::path> ReconstructionFolders(const std::filesystem::path& root,
                                                         const std::vector<CellKey>& cells);

// Writes the worlds, none when there are none; the posed frames' pictures when `pictures`, the
// video they were found in, is given. Throws EnvironmentError when it can't write.
void WriteReconstruction(const std::filesystem::path& folder,
                         const Reconstruction& reconstruction,
                         const Video* pictures = nullptr);

// "reconstruction: 1 world, 118 of 120 frames posed, 1534 points", or why there is none.
std::string ReconstructionNote(const Reconstruction& reconstruction);

}  // namespace plumb
