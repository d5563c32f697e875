// SPDX-License-Identifier: Apache-2.0
#include "metrics/permanence/known_scene.h"

#include <algorithm>
#include <cmath>

#include "core/check.h"

namespace plumb {
namespace {

constexpr int kLookFrames = 8;
constexpr int kPlateMargin_px = 2;
constexpr double kSeenShare = 0.1;
constexpr double kClearShare = 0.5;

// Body index + 1 of every paired pixel, read at the pixel's centre.
std::vector<uint8_t> InstancesAt(const Truth& truth, const PairedVideo& paired, int truth_frame) {
  const Tensor& instances = truth.passes.instances;
  const int rows = static_cast<int>(instances.extent(1));
  const int columns = static_cast<int>(instances.extent(2));
  const uint8_t* source =
      instances.As<uint8_t>().data() + static_cast<size_t>(truth_frame) * rows * columns;
  std::vector<uint8_t> result(static_cast<size_t>(paired.width) * paired.height);
  for (int y = 0; y < paired.height; ++y) {
    const int row = std::min(rows - 1, static_cast<int>((y + 0.5) * rows / paired.height));
    for (int x = 0; x < paired.width; ++x) {
      const int column =
          std::min(columns - 1, static_cast<int>((x + 0.5) * columns / paired.width));
      result[y * paired.width + x] = source[row * columns + column];
    }
  }
  return result;
}

// 1 where a body of the role is seen.
std::vector<uint8_t> RoleMask(const std::vector<uint8_t>& instances,
                              const Scene& scene,
                              Role role) {
  std::vector<uint8_t> mask(instances.size(), 0);
  for (size_t p = 0; p < instances.size(); ++p) {
    mask[p] = instances[p] > 0 && scene.bodies[instances[p] - 1].role == role;
  }
  return mask;
}

// The colours of a body where it and its four neighbours are seen.
void AppendColours(const Image& frame,
                   const std::vector<uint8_t>& instances,
                   uint8_t id,
                   std::vector<Rgb>& colours) {
  const int width = frame.width;
  for (int y = 1; y + 1 < frame.height; ++y) {
    for (int x = 1; x + 1 < width; ++x) {
      const size_t p = static_cast<size_t>(y) * width + x;
      const bool inside = instances[p] == id && instances[p - 1] == id && instances[p + 1] == id &&
                          instances[p - width] == id && instances[p + width] == id;
      if (!inside) continue;
      const uint8_t* rgb = frame.Pixel(x, y);
      colours.push_back({rgb[0], rgb[1], rgb[2]});
    }
  }
}

std::vector<Rgb> ColoursOf(const PairedVideo& paired,
                           const std::vector<std::vector<uint8_t>>& instances,
                           int body) {
  std::vector<Rgb> colours;
  for (const int k : EvenlyChosen(static_cast<int>(paired.pairs.size()), kLookFrames)) {
    AppendColours(paired.truth_frames[k], instances[k], static_cast<uint8_t>(body + 1), colours);
  }
  return colours;
}

ExpectedView ExpectedAt(const Truth& truth, const PairedVideo& paired, int frame, int body) {
  const BodyView& view = truth.views[frame][body];
  const double scale_x = static_cast<double>(paired.width) / truth.video.width();
  const double scale_y = static_cast<double>(paired.height) / truth.video.height();
  ExpectedView expected;
  expected.share = view.visible_share;
  expected.visible = view.presence == Presence::kVisible && view.visible_share >= kSeenShare;
  expected.occluded = view.presence == Presence::kOccluded;
  expected.centroid_px = view.centroid_px.cwiseProduct(Eigen::Vector2d(scale_x, scale_y));
  if (view.visible_share >= kSeenShare) {
    expected.full_area_px = view.modal_area_px / view.visible_share * scale_x * scale_y;
  }
  const Camera& camera = truth.cameras[frame];
  const Eigen::Vector3d& place = truth.StateAtFrame(frame, body).world_from_body.translation;
  const double depth_m = Project(camera, place).depth_m;
  expected.size_px = depth_m > 0.0 ? SizeOf(truth.scene.bodies[body].shape) *
                                         camera.intrinsics.fy_px * scale_y / depth_m
                                   : 0.0;
  return expected;
}

// Hidden frames take area and size from the nearest frame that has them.
void FillHidden(std::vector<ExpectedView>& expected) {
  const int n = static_cast<int>(expected.size());
  const std::vector<ExpectedView> known = expected;
  const auto nearest = [&](int k, auto field) {
    for (int reach = 0; reach < n; ++reach) {
      if (k - reach >= 0 && known[k - reach].*field > 0.0) return known[k - reach].*field;
      if (k + reach < n && known[k + reach].*field > 0.0) return known[k + reach].*field;
    }
    return 1.0;
  };
  for (int k = 0; k < n; ++k) {
    expected[k].full_area_px = std::max(1.0, nearest(k, &ExpectedView::full_area_px));
    expected[k].size_px = std::max(1.0, nearest(k, &ExpectedView::size_px));
  }
}

std::vector<Plate> PlatesOf(const Truth& truth,
                            const PairedVideo& paired,
                            const std::vector<std::vector<uint8_t>>& instances) {
  std::vector<std::vector<uint8_t>> masks;
  for (const std::vector<uint8_t>& ids : instances) {
    masks.push_back(
        Dilated(RoleMask(ids, truth.scene, Role::kObject), paired.width, kPlateMargin_px));
  }
  if (truth.scene.camera.motion == CameraMotion::kStatic) {
    return {MedianPlate(paired.truth_frames, masks)};
  }
  std::vector<Plate> plates;
  for (size_t k = 0; k < masks.size(); ++k) {
    plates.push_back(FramePlate(paired.truth_frames[k], masks[k]));
  }
  return plates;
}

}  // namespace

bool HasMasks(const Truth& truth) {
  const Tensor& instances = truth.passes.instances;
  const size_t frames = truth.num_frames();
  return instances.shape().size() == 3 && static_cast<size_t>(instances.extent(0)) == frames &&
         truth.views.size() == frames && truth.cameras.size() == frames;
}

KnownScene KnownSceneFromTruth(const Truth& truth, const PairedVideo& paired) {
  PLUMB_CHECK(HasMasks(truth), "the truth of scene '{}' has no masks", truth.scene.id);
  std::vector<std::vector<uint8_t>> instances;
  for (const FramePair& pair : paired.pairs) {
    instances.push_back(InstancesAt(truth, paired, pair.truth));
  }
  KnownScene scene;
  scene.plates = PlatesOf(truth, paired, instances);
  for (size_t b = 0; b < truth.scene.bodies.size(); ++b) {
    if (truth.scene.bodies[b].role != Role::kObject) continue;
    std::vector<ExpectedView> expected;
    bool clear = false;
    for (const FramePair& pair : paired.pairs) {
      expected.push_back(ExpectedAt(truth, paired, pair.truth, static_cast<int>(b)));
      clear |= expected.back().visible && expected.back().share >= kClearShare;
    }
    const std::vector<Rgb> colours = ColoursOf(paired, instances, static_cast<int>(b));
    if (!clear || colours.empty()) continue;
    FillHidden(expected);
    scene.objects.push_back(
        {truth.scene.bodies[b].name, static_cast<int>(b), Look(colours), std::move(expected)});
  }
  return scene;
}

std::vector<std::vector<uint8_t>> OccluderMasks(const Truth& truth, const PairedVideo& paired) {
  std::vector<std::vector<uint8_t>> masks;
  for (const FramePair& pair : paired.pairs) {
    masks.push_back(RoleMask(InstancesAt(truth, paired, pair.truth), truth.scene, Role::kOccluder));
  }
  return masks;
}

}  // namespace plumb
