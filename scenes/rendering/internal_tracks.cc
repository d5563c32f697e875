// SPDX-License-Identifier: Apache-2.0
// The part of the frame renderer that follows surface points.
#include "scenes/rendering/internal_footprint.h"
#include "scenes/rendering/internal_frame_renderer.h"

namespace plumb {
namespace {

// What lies nearer to the eye than this share of the point's distance stands before it; the rest is
// the point's own surface, of which the mesh may stand out a little.
constexpr float kBefore = 1 - 5e-4f;

bool IsInPicture(const Projection& place, const Intrinsics& size) {
  const Eigen::Vector2d& point = place.point_px;
  return place.depth_m > 1e-6 && point.x() >= 0 && point.y() >= 0 && point.x() <= size.width &&
         point.y() <= size.height;
}

}  // namespace

std::vector<TrackAnchor> FrameRenderer::AnchorsAt(const FrameInput& input,
                                                  const std::vector<Eigen::Vector2d>& points_px) {
  PlaceBodies(input, PresentIn(input.frame));
  const RayCamera camera = CameraFor(input);
  std::vector<Eigen::Vector3d> directions;
  std::vector<Ray> rays;
  for (const Eigen::Vector2d& point : points_px) {
    directions.push_back(camera.DirectionThrough(LookPoint(point, input.frame)));
    rays.push_back(camera.RayAlong(directions.back()));
  }
  std::vector<RayHit> hits(rays.size());
  rays_.Nearest(BodySet::kStill, rays, hits);
  rays_.Nearest(BodySet::kMoving, rays, hits);
  std::vector<TrackAnchor> anchors(rays.size());
  for (size_t k = 0; k < rays.size(); ++k) {
    const SurfaceSample sample = surfaces_.Resolve(camera, directions[k], hits[k]);
    if (sample.body < 0) continue;
    const Rigid3 body_from_world = Inverse(input.world_from_body[sample.body]);
    anchors[k] = {sample.body,
                  body_from_world * (camera.eye() + sample.depth_m * directions[k]),
                  body_from_world.rotation * sample.normal.cast<double>()};
  }
  return anchors;
}

std::vector<TrackPlace> FrameRenderer::PlacesOf(const FrameInput& input,
                                                const std::vector<TrackAnchor>& anchors) {
  const std::vector<uint8_t> present = PresentIn(input.frame);
  PlaceBodies(input, present);
  const RayCamera camera = CameraFor(input);
  std::vector<TrackPlace> places(anchors.size());
  std::vector<size_t> asked;
  std::vector<Ray> rays;
  for (size_t k = 0; k < anchors.size(); ++k) {
    const TrackAnchor& anchor = anchors[k];
    if (anchor.body < 0 || !present[anchor.body]) continue;
    const Rigid3& pose = input.world_from_body[anchor.body];
    const Eigen::Vector3d x_in_world = pose * anchor.x_in_body;
    const Projection place = Project(input.camera, x_in_world);
    if (place.depth_m > 1e-6) places[k].point_px = place.point_px;
    places[k].state = Presence::kOutOfView;
    if (!IsInPicture(place, input.camera.intrinsics)) continue;
    const Eigen::Vector3d way = x_in_world - camera.eye();
    places[k].state = Presence::kOccluded;
    // Surfaces that face away hide their own points.
    if ((pose.rotation * anchor.normal_in_body).dot(way) >= 0) continue;
    asked.push_back(k);
    rays.push_back({camera.eye().cast<float>(), way.cast<float>(), 0.0f, kBefore});
  }
  const std::vector<uint8_t> still = rays_.Blocked(BodySet::kStill, rays);
  const std::vector<uint8_t> moving = rays_.Blocked(BodySet::kMoving, rays);
  for (size_t i = 0; i < asked.size(); ++i) {
    if (!still[i] && !moving[i]) places[asked[i]].state = Presence::kVisible;
  }
  return places;
}

}  // namespace plumb
