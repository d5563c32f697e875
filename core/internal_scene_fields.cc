// SPDX-License-Identifier: Apache-2.0
#include "core/internal_scene_fields.h"

#include <cmath>

namespace plumb {
namespace {

Eigen::Quaterniond ReadRotation(ObjectReader& reader, const std::string& key) {
  const std::vector<double> q = reader.Numbers(key, {0, 0, 0, 1});
  if (q.size() != 4) reader.Fail(key, "expected four numbers x, y, z, w");
  Eigen::Quaterniond rotation(q[3], q[0], q[1], q[2]);
  if (!(std::abs(rotation.norm() - 1.0) < 1e-6)) reader.Fail(key, "expected a length of 1");
  return rotation;
}

}  // namespace

Json VectorJson(const Eigen::Vector3d& v) { return {v.x(), v.y(), v.z()}; }

Eigen::Vector3d ReadVector(ObjectReader& reader,
                           const std::string& key,
                           const Eigen::Vector3d& fallback) {
  const std::vector<double> v = reader.Numbers(key, {fallback.x(), fallback.y(), fallback.z()});
  if (v.size() != 3) reader.Fail(key, "expected three numbers");
  return {v[0], v[1], v[2]};
}

Json RotationJson(const Eigen::Quaterniond& q) { return {q.x(), q.y(), q.z(), q.w()}; }

// Assigned rather than constructed: the constructor would round a stored unit quaternion once
// more.
Rigid3 ReadPose(ObjectReader& reader) {
  Rigid3 pose;
  pose.rotation = ReadRotation(reader, "rotation_xyzw");
  pose.translation = ReadVector(reader, "position_m", Eigen::Vector3d::Zero());
  return pose;
}

}  // namespace plumb
