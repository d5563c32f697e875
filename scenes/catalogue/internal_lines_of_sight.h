// SPDX-License-Identifier: Apache-2.0
// What a camera sees by lines of sight: rays against the bodies' closed forms, with no mesh, no
// ray-tracing library and no mask in between. The renderer is checked against it. Internal to the
// scenes room.
#pragma once

#include <optional>
#include <vector>

#include "core/truth.h"
#include "scenes/checks.h"

namespace plumb {

// A ray in the world frame; `direction` need not be a unit vector.
struct SightLine {
  Eigen::Vector3d origin_m;
  Eigen::Vector3d direction;
};

// The line through the middle of a pixel, one unit of direction for each metre of depth.
SightLine LineThrough(const Camera& camera, const Eigen::Vector2d& point_px);

// Smallest distance above 0 along the line, in units of its direction, at which it enters the body;
// none where it misses. Sphere, box, cylinder, cone, hoop, and compounds of these; throws
// CheckFailure for another shape.
std::optional<double> EntryDistance(const Body& body,
                                    const Rigid3& world_from_body,
                                    const SightLine& line);

// Whether EntryDistance knows the shape.
bool HasClosedForm(const Shape& shape);

// One body in one frame, counted over the pixel centres.
struct SightView {
  double amodal_px = 0.0;  // lines that meet the body
  double modal_px = 0.0;   // of these, the ones that meet nothing before it
  double share() const { return amodal_px > 0 ? modal_px / amodal_px : 0.0; }
  Presence presence() const;
};
SightView LookAt(const Truth& truth, int frame, int body);

// Every object's presence and visible share in every frame, against lines of sight: frames by
// presence, and the largest difference of the visible share.
std::vector<LawCheck> CheckPresence(const Truth& truth);

}  // namespace plumb
