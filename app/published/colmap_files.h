// SPDX-License-Identifier: Apache-2.0
// COLMAP's models and databases, as far as the metrics of the literature read them. All throw
// InputError naming the file and, in text, the line.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "metrics/published/point_matches.h"
#include "metrics/published/sparse_model.h"

namespace plumb {

// A folder with images and points3D, as .bin or .txt, or one with such folders in it: of those "0",
// else the first by name that is not empty.
SparseModel ReadSparseModel(const std::filesystem::path& folder);

// The pictures of a database that have a camera, by name.
std::vector<std::string> PicturesOfDatabase(const std::filesystem::path& database);

// The raw matches (not the verified ones) of each picture and the next by name; empty where there
// are none.
std::vector<std::vector<PointMatch>> MatchesOfNeighbours(const std::filesystem::path& database);

}  // namespace plumb
