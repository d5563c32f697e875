// SPDX-License-Identifier: Apache-2.0
#include "scenes/rendering/internal_passes.h"

#include <algorithm>
#include <cmath>

#include "core/check.h"

namespace plumb {
namespace {

// A point counts as seen in the next frame when a pixel beside it shows the same body within this
// share of its depth.
constexpr double kDepthTolerance = 0.02;
// Below this visible share a body in view counts as occluded.
constexpr double kOccludedShare = 0.1;

struct MaskSums {
  double area = 0;
  Eigen::Vector2d sum = Eigen::Vector2d::Zero();
  int left = 1 << 30, top = 1 << 30, right = -1, bottom = -1;

  void Add(int x, int y) {
    area += 1;
    sum += Eigen::Vector2d(x + 0.5, y + 0.5);
    left = std::min(left, x);
    right = std::max(right, x);
    top = std::min(top, y);
    bottom = std::max(bottom, y);
  }
};

MaskSums SumsOf(const std::vector<uint8_t>& mask, int width) {
  MaskSums sums;
  for (size_t i = 0; i < mask.size(); ++i) {
    if (mask[i]) sums.Add(static_cast<int>(i) % width, static_cast<int>(i) / width);
  }
  return sums;
}

BodyView ViewFrom(const MaskSums& amodal, double modal_area) {
  BodyView view;
  view.modal_area_px = modal_area;
  view.visible_share = modal_area / amodal.area;
  view.presence = view.visible_share < kOccludedShare ? Presence::kOccluded : Presence::kVisible;
  view.centroid_px = amodal.sum / amodal.area;
  view.amodal_box_px << amodal.left, amodal.top, amodal.right - amodal.left + 1,
      amodal.bottom - amodal.top + 1;
  return view;
}

// Whether the next frame shows that body at that depth beside the point.
bool IsSeen(const FrameOutput& next, const Projection& place, int body, const Intrinsics& size) {
  const int left = static_cast<int>(std::floor(place.point_px.x() - 0.5));
  const int top = static_cast<int>(std::floor(place.point_px.y() - 0.5));
  for (int y = std::max(0, top); y <= std::min(size.height - 1, top + 1); ++y) {
    for (int x = std::max(0, left); x <= std::min(size.width - 1, left + 1); ++x) {
      const SurfaceSample& sample = next.samples[static_cast<size_t>(y) * size.width + x];
      if (sample.body != body) continue;
      if (std::abs(sample.depth_m - place.depth_m) <= kDepthTolerance * place.depth_m) return true;
    }
  }
  return false;
}

bool IsInside(const Eigen::Vector2d& point, const Intrinsics& size) {
  return point.x() >= 0 && point.y() >= 0 && point.x() <= size.width && point.y() <= size.height;
}

}  // namespace

PassStore::PassStore(const RenderOptions& options, int num_bodies) {
  const int64_t f = options.frames, h = options.height, w = options.width;
  if (options.depth) passes_.depth_m = Tensor(DType::kF32, {f, h, w});
  if (options.normals) passes_.normals = Tensor(DType::kF32, {f, h, w, 3});
  if (options.instances) passes_.instances = Tensor(DType::kU8, {f, h, w});
  if (options.amodal) passes_.amodal = Tensor(DType::kU8, {f, num_bodies, h, w});
  if (options.flow) {
    passes_.flow_px = Tensor(DType::kF32, {std::max<int64_t>(0, f - 1), h, w, 2});
    passes_.flow_valid = Tensor(DType::kU8, {std::max<int64_t>(0, f - 1), h, w});
  }
}

void PassStore::Add(const FrameInput& input, const FrameOutput& output) {
  const size_t count = output.samples.size();
  const size_t first = count * input.frame;
  if (passes_.depth_m.num_elements() > 0) {
    float* depth = passes_.depth_m.As<float>().data() + first;
    for (const SurfaceSample& sample : output.samples)
      *depth++ = static_cast<float>(sample.depth_m);
  }
  if (passes_.normals.num_elements() > 0) {
    float* normal = passes_.normals.As<float>().data() + 3 * first;
    for (const SurfaceSample& sample : output.samples) {
      for (int c = 0; c < 3; ++c) *normal++ = sample.normal[c];
    }
  }
  if (passes_.instances.num_elements() > 0) {
    uint8_t* instance = passes_.instances.As<uint8_t>().data() + first;
    for (const SurfaceSample& sample : output.samples) {
      *instance++ = static_cast<uint8_t>(sample.body + 1);
    }
  }
  if (passes_.amodal.num_elements() > 0) {
    uint8_t* amodal = passes_.amodal.As<uint8_t>().data() + first * output.amodal.size();
    for (const std::vector<uint8_t>& mask : output.amodal) {
      std::copy(mask.begin(), mask.end(), amodal);
      amodal += count;
    }
  }
}

std::vector<BodyView> ViewsOf(const Scene& scene,
                              const FrameInput& input,
                              const FrameOutput& output) {
  const int width = input.camera.intrinsics.width;
  const int height = input.camera.intrinsics.height;
  std::vector<MaskSums> modal(scene.bodies.size());
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const int body = output.samples[y * width + x].body;
      if (body >= 0) modal[body].Add(x, y);
    }
  }
  std::vector<BodyView> views(scene.bodies.size());
  for (size_t b = 0; b < views.size(); ++b) {
    if (!output.present[b]) continue;
    // Structure has no amodal mask: what is seen of it stands for the whole.
    const MaskSums amodal = output.amodal[b].empty() ? modal[b] : SumsOf(output.amodal[b], width);
    if (amodal.area > 0) {
      views[b] = ViewFrom(amodal, modal[b].area);
      continue;
    }
    views[b].presence = Presence::kOutOfView;
    const Projection origin = Project(input.camera, input.world_from_body[b].translation);
    if (origin.depth_m > 1e-6) views[b].centroid_px = origin.point_px;
  }
  return views;
}

namespace {

// How a body's points move from the world of one frame into the camera of the next.
struct Move {
  Eigen::Matrix3d rotation;
  Eigen::Vector3d translation;
};

std::vector<Move> MovesOf(const FrameAndNext& pair) {
  std::vector<Move> moves;
  for (size_t b = 0; b < pair.input.world_from_body.size(); ++b) {
    const Rigid3 move = pair.next_input.camera.camera_from_world *
                        pair.next_input.world_from_body[b] * Inverse(pair.input.world_from_body[b]);
    moves.push_back({move.rotation.toRotationMatrix(), move.translation});
  }
  return moves;
}

}  // namespace

void PassStore::AddFlow(const FrameAndNext& pair) {
  if (passes_.flow_px.num_elements() == 0) return;
  const Intrinsics& size = pair.input.camera.intrinsics;
  const size_t count = pair.output.samples.size();
  float* flow = passes_.flow_px.As<float>().data() + 2 * count * pair.input.frame;
  uint8_t* valid = passes_.flow_valid.As<uint8_t>().data() + count * pair.input.frame;
  const RayCamera camera(pair.input.camera);
  const std::vector<Move> moves = MovesOf(pair);
  for (size_t i = 0; i < count; ++i) {
    const SurfaceSample& sample = pair.output.samples[i];
    if (sample.body < 0) continue;
    const int y = static_cast<int>(i) / size.width;
    const Eigen::Vector2d point(static_cast<int>(i) - y * size.width + 0.5, y + 0.5);
    const Eigen::Vector3d x_in_world =
        camera.eye() + sample.depth_m * camera.DirectionThrough(point);
    const Move& move = moves[sample.body];
    const Eigen::Vector3d x_in_next = move.rotation * x_in_world + move.translation;
    if (x_in_next.z() <= 1e-6) continue;
    const Projection place{{size.fx_px * x_in_next.x() / x_in_next.z() + size.cx_px,
                            size.fy_px * x_in_next.y() / x_in_next.z() + size.cy_px},
                           x_in_next.z()};
    flow[2 * i] = static_cast<float>(place.point_px.x() - point.x());
    flow[2 * i + 1] = static_cast<float>(place.point_px.y() - point.y());
    valid[i] = pair.next_output.present[sample.body] && IsInside(place.point_px, size) &&
               IsSeen(pair.next_output, place, sample.body, size);
  }
}

}  // namespace plumb
