// SPDX-License-Identifier: Apache-2.0
#include "core/camera_json.h"

#include <cmath>

#include <fmt/format.h>

namespace plumb {
namespace {

constexpr int kMostPixels = 65536;  // of a side

std::vector<double> ReadNumbers(ObjectReader& reader, const std::string& key, size_t count) {
  std::vector<double> numbers = reader.Numbers(key, {});
  if (numbers.size() != count) reader.Fail(key, fmt::format("expected {} numbers", count));
  return numbers;
}

}  // namespace

Camera ReadCamera(ObjectReader& reader) {
  const std::vector<double> size = ReadNumbers(reader, "size", 2);
  const std::vector<double> focal = ReadNumbers(reader, "focal_px", 2);
  const std::vector<double> centre = ReadNumbers(reader, "centre_px", 2);
  const std::vector<double> q = ReadNumbers(reader, "camera_from_world_xyzw", 4);
  const std::vector<double> t = ReadNumbers(reader, "camera_from_world_m", 3);
  reader.Finish();
  Camera camera;
  if (size[0] < 1 || size[1] < 1 || size[0] > kMostPixels || size[1] > kMostPixels) {
    reader.Fail("size", fmt::format("expected 1 to {}", kMostPixels));
  }
  camera.intrinsics = {static_cast<int>(size[0]),
                       static_cast<int>(size[1]),
                       focal[0],
                       focal[1],
                       centre[0],
                       centre[1]};
  const Eigen::Quaterniond rotation(q[3], q[0], q[1], q[2]);
  if (std::abs(rotation.norm() - 1.0) > 1e-6) {
    reader.Fail("camera_from_world_xyzw", "expected a quaternion of length 1");
  }
  camera.camera_from_world = Rigid3(rotation, {t[0], t[1], t[2]});
  return camera;
}

std::vector<Camera> CameraPathFromDocument(const Document& document) {
  ObjectReader reader(document, "");
  reader.Require("schema");
  if (reader.Integer("schema", 1) != 1)
    reader.Fail("schema", "this version of Plumb reads schema 1");
  std::vector<Camera> cameras;
  for (ObjectReader& camera : reader.Objects("cameras")) cameras.push_back(ReadCamera(camera));
  if (cameras.empty()) reader.Fail("cameras", "expected a camera for every frame");
  reader.Finish();
  return cameras;
}

}  // namespace plumb
