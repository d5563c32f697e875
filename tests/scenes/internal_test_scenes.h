// SPDX-License-Identifier: Apache-2.0
// Small scenes whose answer is known by hand.
#pragma once

#include <cstdint>

#include "core/scene.h"
#include "core/truth.h"
#include "scenes/render.h"

namespace plumb {

Body PlainBody(const std::string& name, ShapeKind kind, const Eigen::Vector3d& size_m);
// A fixed slab with its top at z = 0, friction and restitution 1.
Body PlainFloor();
// A floor and one ball of 0.3 m above it.
Scene BallAboveFloor(double height_m, double restitution);
// A floor and `count` boxes of 0.2 m let go above it, askew in layers of six, so that they tumble
// into a pile.
Scene PileOfBoxes(int count);
// One white plain sphere of 1 m radius before a static camera 5 m away, light behind the camera's
// head.
Scene LoneSphere();

constexpr ShapeKind kEveryKind[] = {ShapeKind::kSphere,
                                    ShapeKind::kBox,
                                    ShapeKind::kCylinder,
                                    ShapeKind::kCone,
                                    ShapeKind::kCapsule,
                                    ShapeKind::kTorus,
                                    ShapeKind::kHoop,
                                    ShapeKind::kConvex,
                                    ShapeKind::kCompound};
// A shape of that kind about half a metre wide. The compound is a box turned by 90 degrees about x
// and a ball above it.
Shape OneOfKind(ShapeKind kind);
// Whether a point in the body's frame belongs to the shape.
bool IsInside(const Shape& shape, const Eigen::Vector3d& x);

// A digest of everything that a truth holds per pixel, to compare runs.
uint64_t DigestOf(const Truth& truth);

// Small pictures with all passes.
RenderOptions SmallOptions(int frames);

}  // namespace plumb
