// SPDX-License-Identifier: Apache-2.0
// First contacts of followed objects: when they happen, and with which share of the closing speed
// bodies part.
#pragma once

#include <optional>
#include <vector>

#include "metrics/dynamics/recovery.h"

namespace plumb {

// A contact of the truth that a clip can be asked about.
struct AskedContact {
  int event = 0;    // index into Motion::contacts
  size_t path = 0;  // index into the paths
  int other = -1;   // path of the other body; -1 when that one stands still
  double time_s = 0.0;
  Eigen::Vector3d normal = Eigen::Vector3d::Zero();  // on the path's body, away from the other
};

// For every path its first contact at 0.3 m/s or more, at least three frames after `start_s` and
// before `end_s`. A contact of two followed bodies comes once. Contacts with a moving body that is
// not followed are left out.
std::vector<AskedContact> FirstContacts(const Truth& truth,
                                        const std::vector<ObjectPaths>& paths,
                                        double start_s,
                                        double end_s);

// Which of the three paths of an object is read.
using PathChoice = std::vector<PathPoint> ObjectPaths::*;

// When the contact shows in a path; empty when there is no break of at least a quarter of the
// truth's.
std::optional<Break> FindContact(const AskedContact& contact,
                                 const std::vector<ObjectPaths>& paths,
                                 PathChoice choice);

// Parting speed / closing speed of the centres along the contact's normal (for spheres the
// coefficient of restitution), with a 95 % interval from the fits. Needs three frames on either
// side; empty otherwise, when the closing speed is under 0.3 m/s and when half the interval exceeds
// 0.5.
std::optional<Interval> ReboundRatio(const AskedContact& contact,
                                     const std::vector<ObjectPaths>& paths,
                                     PathChoice choice);

}  // namespace plumb
