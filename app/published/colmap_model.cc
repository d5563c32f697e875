// SPDX-License-Identifier: Apache-2.0
// Sparse models of COLMAP, text and binary (declared in colmap_files.h).
// https://colmap.github.io/format.html
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <fstream>
#include <optional>

#include <fmt/format.h>

#include "app/published/colmap_files.h"
#include "app/published/internal_text_lines.h"
#include "core/errors.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;

// Empty unless both are finite and the quaternion has a direction.
std::optional<Rigid3> PoseFrom(const std::array<double, 7>& wxyz_and_xyz) {
  const auto& v = wxyz_and_xyz;
  const Eigen::Quaterniond rotation(v[0], v[1], v[2], v[3]);
  const Eigen::Vector3d translation(v[4], v[5], v[6]);
  const double length = rotation.norm();
  if (!std::isfinite(length) || length < 1e-9 || !translation.allFinite()) return std::nullopt;
  return Rigid3(rotation.normalized(), translation);
}

// --- text ---

// The tenth word and all that follows: a name may hold blanks.
std::string NameIn(const std::string& line) {
  size_t at = 0;
  for (int word = 0; word < 9; ++word) {
    at = line.find_first_not_of(" \t", at);
    at = line.find_first_of(" \t", at);
  }
  return line.substr(line.find_first_not_of(" \t", at));
}

SparseModel::Picture PictureOf(const TextLine& line) {
  if (line.words.size() < 10) {
    line.Fail("expected 'IMAGE_ID QW QX QY QZ TX TY TZ CAMERA_ID NAME'");
  }
  std::array<double, 7> numbers;
  for (size_t i = 0; i < numbers.size(); ++i) numbers[i] = line.Number(i + 1);
  const auto pose = PoseFrom(numbers);
  if (!pose) line.Fail("the quaternion has no direction");
  return {NameIn(line.text), *pose};
}

// Every picture has two lines, the second with its 2D points, which may be empty.
std::vector<SparseModel::Picture> PicturesFromText(const fs::path& path) {
  std::vector<SparseModel::Picture> pictures;
  bool is_points = false;
  for (const TextLine& line : ReadTextLines(path, ' ')) {
    if (line.text.starts_with('#')) continue;
    if (is_points) {
      is_points = false;
    } else if (!line.words.empty()) {
      pictures.push_back(PictureOf(line));
      is_points = true;
    }
  }
  return pictures;
}

std::vector<Eigen::Vector3d> PointsFromText(const fs::path& path) {
  std::vector<Eigen::Vector3d> points;
  for (const TextLine& line : ReadTextLines(path, ' ')) {
    if (line.words.empty() || line.text.starts_with('#')) continue;
    if (line.words.size() < 8) line.Fail("expected 'POINT3D_ID X Y Z R G B ERROR TRACK…'");
    points.emplace_back(line.Number(1), line.Number(2), line.Number(3));
  }
  return points;
}

// --- binary, little endian ---

class ByteReader {
 public:
  explicit ByteReader(const fs::path& path) : path_(path), stream_(path, std::ios::binary) {
    if (!stream_) throw InputError(path.string(), "can't be opened");
    left_ = fs::file_size(path);
  }

  template <typename Value>
  Value Read() {
    Value value;
    Take(sizeof(value));
    stream_.read(reinterpret_cast<char*>(&value), sizeof(value));
    return value;
  }
  std::string ReadName() {
    std::string name;
    for (char letter = Read<char>(); letter != '\0'; letter = Read<char>()) name.push_back(letter);
    return name;
  }
  void Skip(uint64_t count, uint64_t size) {
    if (count > left_ / size) Fail("ends too early");
    left_ -= count * size;
    stream_.seekg(static_cast<std::streamoff>(count * size), std::ios::cur);
  }
  // A count of entries that take `size` bytes or more each.
  uint64_t ReadCount(uint64_t size) {
    const auto count = Read<uint64_t>();
    if (count > left_ / size) Fail(fmt::format("tells of {} entries, which it can't hold", count));
    return count;
  }
  [[noreturn]] void Fail(const std::string& message) const {
    throw InputError(path_.string(), message);
  }

 private:
  void Take(uint64_t size) {
    if (size > left_) Fail("ends too early");
    left_ -= size;
  }

  fs::path path_;
  std::ifstream stream_;
  uint64_t left_ = 0;
};

std::vector<SparseModel::Picture> PicturesFromBinary(const fs::path& path) {
  ByteReader reader(path);
  const uint64_t count = reader.ReadCount(73);
  std::vector<SparseModel::Picture> pictures;
  for (uint64_t i = 0; i < count; ++i) {
    reader.Read<uint32_t>();  // its id
    std::array<double, 7> numbers;
    for (double& number : numbers) number = reader.Read<double>();
    reader.Read<uint32_t>();  // its camera
    const std::string name = reader.ReadName();
    const auto pose = PoseFrom(numbers);
    if (!pose) reader.Fail(fmt::format("image '{}' has no finite pose", name));
    pictures.push_back({name, *pose});
    reader.Skip(reader.Read<uint64_t>(), 24);  // 2D points
  }
  return pictures;
}

std::vector<Eigen::Vector3d> PointsFromBinary(const fs::path& path) {
  ByteReader reader(path);
  const uint64_t count = reader.ReadCount(51);
  std::vector<Eigen::Vector3d> points;
  for (uint64_t i = 0; i < count; ++i) {
    reader.Read<uint64_t>();  // its id
    Eigen::Vector3d point;
    for (double& x : point) x = reader.Read<double>();
    if (!point.allFinite()) reader.Fail(fmt::format("point {} is not finite", i));
    points.push_back(point);
    reader.Skip(1, 11);                       // colour and error
    reader.Skip(reader.Read<uint64_t>(), 8);  // track
  }
  return points;
}

// --- folders ---

bool HasModel(const fs::path& folder) {
  const auto has = [&](const char* stem) {
    return fs::exists(folder / (std::string(stem) + ".bin")) ||
           fs::exists(folder / (std::string(stem) + ".txt"));
  };
  return has("images") && has("points3D");
}

SparseModel ReadOne(const fs::path& folder) {
  const auto is_binary = [&](const char* name) { return fs::exists(folder / name); };
  SparseModel model;
  model.pictures = is_binary("images.bin") ? PicturesFromBinary(folder / "images.bin")
                                           : PicturesFromText(folder / "images.txt");
  model.points = is_binary("points3D.bin") ? PointsFromBinary(folder / "points3D.bin")
                                           : PointsFromText(folder / "points3D.txt");
  return model;
}

}  // namespace

SparseModel ReadSparseModel(const fs::path& folder) {
  if (!fs::is_directory(folder)) {
    throw InputError(folder.string(), "is no folder; expected a sparse model of COLMAP");
  }
  if (HasModel(folder)) return ReadOne(folder);
  std::vector<fs::path> models;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_directory() && HasModel(entry.path())) models.push_back(entry.path());
  }
  std::sort(models.begin(), models.end());
  if (models.empty()) {
    throw InputError(folder.string(), "holds no images and points3D, neither .bin nor .txt");
  }
  for (const fs::path& path : models) {
    if (path.filename() == "0") return ReadOne(path);
  }
  for (const fs::path& path : models) {
    SparseModel model = ReadOne(path);
    if (!model.pictures.empty()) return model;
  }
  return {};
}

}  // namespace plumb
