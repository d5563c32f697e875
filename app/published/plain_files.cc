// SPDX-License-Identifier: Apache-2.0
#include "app/published/plain_files.h"

#include <cmath>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "app/published/internal_text_lines.h"
#include "core/document.h"
#include "core/errors.h"

namespace plumb {
namespace {

StampedPose TumPose(const TextLine& line) {
  if (line.words.size() != 8) {
    line.Fail(fmt::format("{} words; a pose is 'time x y z qx qy qz qw'", line.words.size()));
  }
  const Eigen::Quaterniond rotation(line.Number(7), line.Number(4), line.Number(5), line.Number(6));
  const double length = rotation.norm();
  if (!std::isfinite(length) || length < 1e-9) line.Fail("the quaternion has no direction");
  return {line.Number(0),
          Rigid3(rotation.normalized(), {line.Number(1), line.Number(2), line.Number(3)})};
}

PointMatch MatchOf(const TextLine& line, bool has_inlier) {
  const size_t columns = has_inlier ? 5 : 4;
  if (line.words.size() != columns) {
    line.Fail(fmt::format("{} columns, the header has {}", line.words.size(), columns));
  }
  PointMatch match{{line.Number(0), line.Number(1)}, {line.Number(2), line.Number(3)}};
  if (has_inlier) {
    const uint64_t inlier = line.Index(4);
    if (inlier > 1) line.Fail(fmt::format("inlier is {}, it is 0 or 1", inlier));
    match.inlier = inlier == 1;
  }
  return match;
}

Document ReadJsonDocument(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream || !std::filesystem::is_regular_file(path)) {
    throw InputError(path.string(), "is no file that can be read");
  }
  return ParseJsonDocument(
      std::string(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()),
      path.string());
}

[[noreturn]] void FailAt(const Document& document,
                         const std::string& pointer,
                         const std::string& message) {
  throw InputError(document.Place(pointer), message);
}

// A square matrix as a list of rows.
template <int kSize>
Eigen::Matrix<double, kSize, kSize> MatrixAt(const Document& document, const std::string& pointer) {
  const Json& rows = document.root.at(Json::json_pointer(pointer));
  const std::string expected = fmt::format("expected {} rows of {} numbers", kSize, kSize);
  if (!rows.is_array() || rows.size() != kSize) FailAt(document, pointer, expected);
  Eigen::Matrix<double, kSize, kSize> matrix;
  for (int row = 0; row < kSize; ++row) {
    if (!rows[row].is_array() || rows[row].size() != kSize) FailAt(document, pointer, expected);
    for (int column = 0; column < kSize; ++column) {
      if (!rows[row][column].is_number()) FailAt(document, pointer, expected);
      matrix(row, column) = rows[row][column].get<double>();
    }
  }
  return matrix;
}

}  // namespace

Trajectory ReadTumTrajectory(const std::filesystem::path& path) {
  Trajectory trajectory;
  for (const TextLine& line : ReadTextLines(path, ' ')) {
    if (line.words.empty() || line.text.starts_with('#')) continue;
    trajectory.push_back(TumPose(line));
  }
  if (trajectory.empty()) throw InputError(path.string(), "holds no pose");
  return trajectory;
}

std::vector<PointMatch> ReadPointMatches(const std::filesystem::path& path) {
  const std::vector<TextLine> lines = ReadTextLines(path, ',');
  constexpr const char* kHeader = "x1,y1,x2,y2";
  const std::string header = lines.empty() ? "" : lines.front().text;
  const bool has_inlier = header == std::string(kHeader) + ",inlier";
  if (!has_inlier && header != kHeader) {
    throw InputError(path.string() + ":1",
                     fmt::format("expected the header '{0}' or '{0},inlier'", kHeader));
  }
  std::vector<PointMatch> matches;
  for (size_t i = 1; i < lines.size(); ++i) {
    if (!lines[i].text.empty()) matches.push_back(MatchOf(lines[i], has_inlier));
  }
  return matches;
}

std::optional<Eigen::Matrix3d> ReadFundamentalMatrix(const std::filesystem::path& path) {
  const Document document = ReadJsonDocument(path);
  if (!document.root.is_object() || !document.root.contains("F")) {
    FailAt(document, "", "expected an object with the key 'F'");
  }
  if (document.root["F"].is_null()) return std::nullopt;
  return MatrixAt<3>(document, "/F");
}

CameraPathFile ReadCameraPathFile(const std::filesystem::path& path) {
  const Document document = ReadJsonDocument(path);
  const Json& root = document.root;
  if (!root.is_object() || !root.contains("poses") || !root["poses"].is_array()) {
    FailAt(document, "", "expected an object with the list 'poses'");
  }
  if (!root.contains("focal_y") || !root["focal_y"].is_number() ||
      !(root["focal_y"].get<double>() > 0)) {
    FailAt(document, "/focal_y", "expected 'focal_y', a number above 0 (in picture heights)");
  }
  CameraPathFile file;
  file.focal_y = root["focal_y"].get<double>();
  for (size_t i = 0; i < root["poses"].size(); ++i) {
    const std::string pointer = fmt::format("/poses/{}", i);
    file.world_from_camera.push_back(MatrixAt<4>(document, pointer));
    const double volume = file.world_from_camera.back().determinant();
    if (!std::isfinite(volume) || volume == 0) FailAt(document, pointer, "has no inverse");
  }
  return file;
}

}  // namespace plumb
