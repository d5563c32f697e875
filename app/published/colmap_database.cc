// SPDX-License-Identifier: Apache-2.0
// Databases of COLMAP 3.x (declared in colmap_files.h). https://colmap.github.io/database.html
#include <cmath>
#include <cstring>
#include <map>
#include <type_traits>

#include <fmt/format.h>

#include "app/internal_sqlite.h"
#include "app/published/colmap_files.h"
#include "core/errors.h"

namespace plumb {
namespace {

// COLMAP's kMaxNumImages: pair_id = smaller id · this + larger id.
constexpr int64_t kPairBase = 2147483647;

// Runs `read` on the open database; what SQLite says against the file is the file's fault.
template <typename Read>
auto ReadDatabase(const std::filesystem::path& path, Read read) {
  if (!std::filesystem::is_regular_file(path)) {
    throw InputError(path.string(), "is no file; expected COLMAP's database.db");
  }
  try {
    const Database database(path, Database::Access::kForeign);
    return read(database);
  } catch (const EnvironmentError& error) {
    throw InputError(path.string(),
                     fmt::format("is no database of COLMAP that can be read ({})", error.what()));
  }
}

[[noreturn]] void Fail(const Database& database, const std::string& message) {
  throw InputError(database.path(), message);
}

// The elements of a blob that its row tells the shape of.
template <typename Value>
std::vector<Value> Elements(const Database& database,
                            const std::string& blob,
                            int64_t count,
                            const std::string& what) {
  static_assert(std::is_trivially_copyable_v<Value>);
  if (count < 0 || static_cast<uint64_t>(count) > blob.size() ||
      blob.size() != static_cast<size_t>(count) * sizeof(Value)) {
    Fail(database, fmt::format("{}: {} bytes are not {} values", what, blob.size(), count));
  }
  std::vector<Value> values(static_cast<size_t>(count));
  if (!blob.empty()) std::memcpy(values.data(), blob.data(), blob.size());
  return values;
}

std::vector<Eigen::Vector2d> KeypointsOf(const Database& database, int64_t picture) {
  Statement select(database, "SELECT rows, cols, data FROM keypoints WHERE image_id = ?");
  select.Bind(picture);
  std::vector<Eigen::Vector2d> points;
  if (!select.Step()) return points;
  const int64_t rows = select.Integer(0), columns = select.Integer(1);
  const std::string what = fmt::format("keypoints of image {}", picture);
  if (rows < 0 || rows > kPairBase || columns < 2 || columns > 6) {
    Fail(database, fmt::format("{}: {} x {} is no list of points", what, rows, columns));
  }
  const auto values = Elements<float>(database, select.Blob(2), rows * columns, what);
  for (int64_t row = 0; row < rows; ++row) {
    points.emplace_back(values[row * columns], values[row * columns + 1]);
    if (!points.back().allFinite()) Fail(database, what + ": a point is not finite");
  }
  return points;
}

struct Picture {
  int64_t id;
  std::vector<Eigen::Vector2d> keypoints_px;
};

std::vector<PointMatch> MatchesOf(const Database& database,
                                  const Picture& first,
                                  const Picture& second) {
  const bool swapped = first.id > second.id;
  const int64_t smaller = std::min(first.id, second.id), larger = std::max(first.id, second.id);
  Statement select(database, "SELECT rows, cols, data FROM matches WHERE pair_id = ?");
  select.Bind(smaller * kPairBase + larger);
  std::vector<PointMatch> matches;
  if (!select.Step()) return matches;
  const int64_t rows = select.Integer(0), columns = select.Integer(1);
  const std::string what = fmt::format("matches of images {} and {}", smaller, larger);
  if (rows == 0) return matches;
  if (rows < 0 || rows > kPairBase || columns != 2) {
    Fail(database, fmt::format("{}: {} x {} is no list of pairs", what, rows, columns));
  }
  const auto indices = Elements<uint32_t>(database, select.Blob(2), rows * columns, what);
  for (int64_t row = 0; row < rows; ++row) {
    const size_t in_first = indices[2 * row + (swapped ? 1 : 0)];
    const size_t in_second = indices[2 * row + (swapped ? 0 : 1)];
    if (in_first >= first.keypoints_px.size() || in_second >= second.keypoints_px.size()) {
      Fail(database, fmt::format("{}: pair {} names a keypoint that isn't there", what, row));
    }
    matches.push_back({first.keypoints_px[in_first], second.keypoints_px[in_second]});
  }
  return matches;
}

}  // namespace

std::vector<std::string> PicturesOfDatabase(const std::filesystem::path& path) {
  return ReadDatabase(path, [](const Database& database) {
    Statement select(database,
                     "SELECT images.name FROM images JOIN cameras ON images.camera_id = "
                     "cameras.camera_id ORDER BY images.name");
    std::vector<std::string> names;
    while (select.Step()) names.push_back(select.Text(0));
    return names;
  });
}

std::vector<std::vector<PointMatch>> MatchesOfNeighbours(const std::filesystem::path& path) {
  return ReadDatabase(path, [](const Database& database) {
    Statement select(database, "SELECT image_id FROM images ORDER BY name");
    std::vector<Picture> pictures;
    while (select.Step()) {
      const int64_t id = select.Integer(0);
      if (id < 0 || id >= kPairBase) Fail(database, fmt::format("image id {} is out of range", id));
      pictures.push_back({id, KeypointsOf(database, id)});
    }
    std::vector<std::vector<PointMatch>> matches;
    for (size_t i = 0; i + 1 < pictures.size(); ++i) {
      matches.push_back(MatchesOf(database, pictures[i], pictures[i + 1]));
    }
    return matches;
  });
}

}  // namespace plumb
