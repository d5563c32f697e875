// SPDX-License-Identifier: Apache-2.0
#include "scenes/rendering/internal_passes.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <sys/mman.h>

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

// The kernel takes back whole pages of a new tensor, which read as zeros until they are written: of
// the masks of structure, most of all masks, none ever is.
void ForgetZeros(Tensor& zeros) {
  constexpr size_t kPage = 4096;
  const auto begin = reinterpret_cast<uintptr_t>(zeros.bytes().data());
  const uintptr_t first = (begin + kPage - 1) / kPage * kPage;
  const uintptr_t end = (begin + zeros.bytes().size()) / kPage * kPage;
  if (end > first) madvise(reinterpret_cast<void*>(first), end - first, MADV_DONTNEED);
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
  if (options.amodal) {
    passes_.amodal = Tensor(DType::kU8, {f, num_bodies, h, w});
    ForgetZeros(passes_.amodal);
  }
  if (options.flow) {
    passes_.flow_px = Tensor(DType::kF32, {std::max<int64_t>(0, f - 1), h, w, 2});
    passes_.flow_valid = Tensor(DType::kU8, {std::max<int64_t>(0, f - 1), h, w});
  }
  if (options.backward_flow) {
    passes_.backward_flow_px = Tensor(DType::kF32, {std::max<int64_t>(0, f - 1), h, w, 2});
    passes_.backward_flow_valid = Tensor(DType::kU8, {std::max<int64_t>(0, f - 1), h, w});
  }
  if (options.parts) passes_.parts = Tensor(DType::kU8, {f, h, w});
  if (options.albedo) passes_.albedo = Tensor(DType::kF32, {f, h, w, 3});
  if (const auto n = static_cast<int64_t>(options.tracks.size()); n > 0) {
    passes_.tracks_px = Tensor(DType::kF32, {f, n, 2});
    passes_.track_states = Tensor(DType::kU8, {f, n});
  }
}

namespace {

// The first element of a frame's slice of a pass; null when the pass is not asked for.
template <typename T>
T* SliceOf(Tensor& pass, int frame, size_t elements) {
  return pass.num_elements() == 0 ? nullptr : pass.As<T>().data() + elements * frame;
}

}  // namespace

void PassStore::Add(const FrameInput& input, const FrameOutput& output) {
  const size_t count = output.samples.size();
  const Eigen::Matrix3f camera_from_world =
      input.camera.camera_from_world.rotation.toRotationMatrix().cast<float>();
  float* depth = SliceOf<float>(passes_.depth_m, input.frame, count);
  float* normals = SliceOf<float>(passes_.normals, input.frame, 3 * count);
  float* albedo = SliceOf<float>(passes_.albedo, input.frame, 3 * count);
  uint8_t* instances = SliceOf<uint8_t>(passes_.instances, input.frame, count);
  uint8_t* parts = SliceOf<uint8_t>(passes_.parts, input.frame, count);
  for (size_t i = 0; i < count; ++i) {
    const SurfaceSample& sample = output.samples[i];
    if (depth) depth[i] = static_cast<float>(sample.depth_m);
    if (instances) instances[i] = static_cast<uint8_t>(sample.body + 1);
    if (parts) parts[i] = sample.part;
    if (normals) Eigen::Map<Eigen::Vector3f>(normals + 3 * i) = camera_from_world * sample.normal;
    if (albedo) Eigen::Map<Eigen::Vector3f>(albedo + 3 * i) = sample.albedo;
  }
  uint8_t* amodal = SliceOf<uint8_t>(passes_.amodal, input.frame, count * output.amodal.size());
  for (const std::vector<uint8_t>& mask : output.amodal) {
    if (!amodal) break;
    std::copy(mask.begin(), mask.end(), amodal);
    amodal += count;
  }
}

void PassStore::AddTracks(int frame, const std::vector<TrackPlace>& places) {
  float* points = SliceOf<float>(passes_.tracks_px, frame, 2 * places.size());
  uint8_t* states = SliceOf<uint8_t>(passes_.track_states, frame, places.size());
  for (size_t k = 0; k < places.size(); ++k) {
    Eigen::Map<Eigen::Vector2f>(points + 2 * k) = places[k].point_px.cast<float>();
    states[k] = static_cast<uint8_t>(places[k].state);
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

// From one frame to another, before or after it.
struct FramePair {
  const FrameInput& from;
  const FrameOutput& seen;
  const FrameInput& to;
  const FrameOutput& seen_there;
};

std::vector<Move> MovesOf(const FramePair& pair) {
  std::vector<Move> moves;
  for (size_t b = 0; b < pair.from.world_from_body.size(); ++b) {
    const Rigid3 move = pair.to.camera.camera_from_world * pair.to.world_from_body[b] *
                        Inverse(pair.from.world_from_body[b]);
    moves.push_back({move.rotation.toRotationMatrix(), move.translation});
  }
  return moves;
}

// Writes one frame's flow and where it is valid; the rest stays zero.
void WriteFlow(const FramePair& pair, float* flow, uint8_t* valid) {
  const Intrinsics& size = pair.from.camera.intrinsics;
  const RayCamera camera(pair.from.camera);
  const std::vector<Move> moves = MovesOf(pair);
  for (size_t i = 0; i < pair.seen.samples.size(); ++i) {
    const SurfaceSample& sample = pair.seen.samples[i];
    if (sample.body < 0) continue;
    const int y = static_cast<int>(i) / size.width;
    const Eigen::Vector2d point(static_cast<int>(i) - y * size.width + 0.5, y + 0.5);
    const Eigen::Vector3d x_in_world =
        camera.eye() + sample.depth_m * camera.DirectionThrough(point);
    const Move& move = moves[sample.body];
    const Eigen::Vector3d x_there = move.rotation * x_in_world + move.translation;
    if (x_there.z() <= 1e-6) continue;
    const Projection place{{size.fx_px * x_there.x() / x_there.z() + size.cx_px,
                            size.fy_px * x_there.y() / x_there.z() + size.cy_px},
                           x_there.z()};
    flow[2 * i] = static_cast<float>(place.point_px.x() - point.x());
    flow[2 * i + 1] = static_cast<float>(place.point_px.y() - point.y());
    valid[i] = pair.seen_there.present[sample.body] && IsInside(place.point_px, size) &&
               IsSeen(pair.seen_there, place, sample.body, size);
  }
}

}  // namespace

void PassStore::AddFlow(const FrameAndNext& pair) {
  const size_t count = pair.frame.output.samples.size();
  const int frame = pair.frame.input.frame;
  if (float* flow = SliceOf<float>(passes_.flow_px, frame, 2 * count)) {
    WriteFlow({pair.frame.input, pair.frame.output, pair.next.input, pair.next.output},
              flow,
              SliceOf<uint8_t>(passes_.flow_valid, frame, count));
  }
  if (float* flow = SliceOf<float>(passes_.backward_flow_px, frame, 2 * count)) {
    WriteFlow({pair.next.input, pair.next.output, pair.frame.input, pair.frame.output},
              flow,
              SliceOf<uint8_t>(passes_.backward_flow_valid, frame, count));
  }
}

}  // namespace plumb
