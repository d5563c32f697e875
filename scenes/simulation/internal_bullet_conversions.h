// SPDX-License-Identifier: Apache-2.0
// Bullet's vectors and transforms from and to Eigen's. Internal to the scenes room.
#pragma once

#include <LinearMath/btTransform.h>

#include "core/rigid3.h"

namespace plumb {

static_assert(sizeof(btScalar) == sizeof(double), "Bullet must be the double-precision build");

inline btVector3 ToBullet(const Eigen::Vector3d& v) { return {v.x(), v.y(), v.z()}; }
inline Eigen::Vector3d ToEigen(const btVector3& v) { return {v.x(), v.y(), v.z()}; }

inline btTransform ToBullet(const Rigid3& pose) {
  const Eigen::Quaterniond& q = pose.rotation;
  return btTransform(btQuaternion(q.x(), q.y(), q.z(), q.w()), ToBullet(pose.translation));
}

inline Rigid3 ToRigid3(const btTransform& transform) {
  const btQuaternion q = transform.getRotation();
  Rigid3 pose;
  pose.rotation = Eigen::Quaterniond(q.w(), q.x(), q.y(), q.z()).normalized();
  pose.translation = ToEigen(transform.getOrigin());
  return pose;
}

}  // namespace plumb
