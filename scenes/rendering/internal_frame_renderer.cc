// SPDX-License-Identifier: Apache-2.0
#include "scenes/rendering/internal_frame_renderer.h"

#include <algorithm>

#include "core/check.h"
#include "scenes/rendering/internal_footprint.h"

namespace plumb {
namespace {

std::vector<uint8_t> StillBodies(const Scene& scene, const RenderVariation& variation) {
  std::vector<uint8_t> still;
  for (const Body& body : scene.bodies) still.push_back(IsStill(body));
  // What is taken away or let loose on the way is none.
  for (const SceneEvent& event : scene.events) {
    const int body = FindBody(scene, event.body);
    const bool acts =
        event.kind == SceneEventKind::kRemove || event.kind == SceneEventKind::kRelease;
    if (acts && body >= 0) still[body] = 0;
  }
  for (const int body : variation.changing_bodies) still.at(body) = 0;
  return still;
}

bool IsStill(const CameraPath& path) {
  return path.motion == CameraMotion::kStatic && path.sway_m == 0 && path.sway_rad == 0;
}

// Bodies that no event has taken away yet.
std::vector<uint8_t> PresentAt(const Scene& scene, double time_s) {
  std::vector<uint8_t> present(scene.bodies.size(), 1);
  for (const SceneEvent& event : scene.events) {
    if (event.kind != SceneEventKind::kRemove || event.time_s > time_s + 1e-9) continue;
    present.at(FindBody(scene, event.body)) = 0;
  }
  return present;
}

void Write(const Eigen::Vector3f& radiance, uint8_t* pixel) {
  const std::array<uint8_t, 3> encoded = SrgbFromLinear(radiance);
  std::copy(encoded.begin(), encoded.end(), pixel);
}

}  // namespace

FrameRenderer::FrameRenderer(const Scene& scene,
                             const RenderOptions& options,
                             RenderVariation variation)
    : scene_(scene),
      options_(options),
      variation_(std::move(variation)),
      is_still_(StillBodies(scene, variation_)),
      camera_is_still_(IsStill(scene.camera) && !variation_.look_shift_px &&
                       !variation_.texture_shift_m && !variation_.texture_lean),
      rays_(scene, is_still_),
      surfaces_(scene),
      light_(scene.lighting, scene.camera.target_m),
      still_amodal_(scene.bodies.size()) {}

Eigen::Vector2d FrameRenderer::LookPoint(const Eigen::Vector2d& point_px, int frame) const {
  if (!variation_.look_shift_px) return point_px;
  return point_px + variation_.look_shift_px(point_px, frame);
}

std::vector<uint8_t> FrameRenderer::PresentIn(int frame) const {
  std::vector<uint8_t> present = PresentAt(scene_, frame / options_.fps);
  for (const int body : variation_.changing_bodies) {
    if (variation_.is_gone && variation_.is_gone(body, frame)) present[body] = 0;
  }
  return present;
}

void FrameRenderer::PlaceBodies(const FrameInput& input, const std::vector<uint8_t>& present) {
  rays_.Place(input.world_from_body, present);
  surfaces_.Place(input.world_from_body);
  for (const int body : variation_.changing_bodies) {
    if (variation_.material) surfaces_.SetMaterial(body, variation_.material(body, input.frame));
  }
  for (int body = 0; body < static_cast<int>(scene_.bodies.size()); ++body) {
    if (variation_.texture_shift_m)
      surfaces_.ShiftTexture(body, variation_.texture_shift_m(body, input.frame).cast<float>());
    if (variation_.texture_lean)
      surfaces_.LeanTexture(body, variation_.texture_lean(body, input.frame));
  }
}

FrameRenderer::StillLayer FrameRenderer::MakeStillLayer(const FrameInput& input) const {
  const int width = options_.width;
  const int count = width * options_.height;
  const RayCamera camera = CameraFor(input);
  StillLayer layer;
  layer.samples.resize(count);
  std::vector<Eigen::Vector3d> directions(width);
  std::vector<Ray> rays(width);
  std::vector<RayHit> hits(width);
  // One row at a time.
  for (int y = 0; y < options_.height; ++y) {
    std::fill(hits.begin(), hits.end(), RayHit{});
    for (int x = 0; x < width; ++x) {
      directions[x] = camera.DirectionThrough(LookPoint({x + 0.5, y + 0.5}, input.frame));
      rays[x] = camera.RayAlong(directions[x]);
    }
    rays_.Nearest(BodySet::kStill, rays, hits);
    for (int x = 0; x < width; ++x) {
      layer.samples[y * width + x] = surfaces_.Resolve(camera, directions[x], hits[x]);
    }
  }
  PixelList hit_pixels;
  for (int i = 0; i < count; ++i) {
    if (layer.samples[i].body >= 0) hit_pixels.push_back(i);
  }
  layer.blocked.assign(count, 0);
  const auto bits = light_.Blocked(rays_, BodySet::kStill, layer.samples, hit_pixels, width);
  for (size_t k = 0; k < bits.size(); ++k) layer.blocked[hit_pixels[k]] = bits[k];
  return layer;
}

void FrameRenderer::KeepStillLayer(const FrameInput& input) {
  StillLayer layer = MakeStillLayer(input);
  layer.open = FilterOpenness(layer.blocked, layer.samples, options_.width);
  layer.picture = Shade(input, layer.samples, layer.open);
  still_layer_ = std::move(layer);
}

FrameRenderer::PixelList FrameRenderer::PixelsNear(const FrameInput& input, int body) const {
  const PixelBox box =
      variation_.look_shift_px
          ? WholePicture(input.camera.intrinsics)
          : FootprintOf(input.camera, scene_.bodies[body].shape, input.world_from_body[body]);
  return box.Pixels(options_.width);
}

FrameRenderer::PixelList FrameRenderer::AddMoving(const FrameInput& input,
                                                  const std::vector<uint8_t>& present,
                                                  std::vector<SurfaceSample>& samples) const {
  std::vector<uint8_t> wanted(samples.size(), 0);
  for (size_t b = 0; b < scene_.bodies.size(); ++b) {
    if (is_still_[b] || !present[b]) continue;
    for (const int i : PixelsNear(input, static_cast<int>(b))) wanted[i] = 1;
  }
  const RayCamera camera = CameraFor(input);
  PixelList candidates;
  std::vector<Eigen::Vector3d> directions;
  std::vector<Ray> rays;
  std::vector<RayHit> hits;
  for (size_t i = 0; i < samples.size(); ++i) {
    if (!wanted[i]) continue;
    candidates.push_back(static_cast<int>(i));
    directions.push_back(camera.DirectionThrough(
        LookPoint(PixelCentre(static_cast<int>(i), options_.width), input.frame)));
    rays.push_back(camera.RayAlong(directions.back()));
    hits.push_back({-1, 0, static_cast<float>(samples[i].depth_m)});
  }
  rays_.Nearest(BodySet::kMoving, rays, hits);
  PixelList taken;
  for (size_t k = 0; k < candidates.size(); ++k) {
    if (hits[k].body < 0) continue;
    samples[candidates[k]] = surfaces_.Resolve(camera, directions[k], hits[k]);
    taken.push_back(candidates[k]);
  }
  return taken;
}

void FrameRenderer::AddMovingShadows(const FrameInput& input,
                                     const std::vector<uint8_t>& present,
                                     const std::vector<SurfaceSample>& samples,
                                     std::vector<BlockedBits>& blocked) const {
  struct Ball {
    Eigen::Vector3f centre;
    float radius;
  };
  std::vector<Ball> balls;
  for (size_t b = 0; b < scene_.bodies.size(); ++b) {
    if (is_still_[b] || !present[b]) continue;
    balls.push_back({input.world_from_body[b].translation.cast<float>(),
                     static_cast<float>(BoundingRadius(scene_.bodies[b].shape))});
  }
  if (balls.empty()) return;
  PixelList reached;
  for (size_t i = 0; i < samples.size(); ++i) {
    if (samples[i].body < 0) continue;
    const bool near = std::any_of(balls.begin(), balls.end(), [&](const Ball& ball) {
      return light_.CanBlock(ball.centre, ball.radius, samples[i]);
    });
    if (near) reached.push_back(static_cast<int>(i));
  }
  const auto bits = light_.Blocked(rays_, BodySet::kMoving, samples, reached, options_.width);
  for (size_t k = 0; k < bits.size(); ++k) blocked[reached[k]] |= bits[k];
}

// A still body that is seen now is seen in the still layer too. What is no edge among the moving
// bodies is none without them.
bool FrameRenderer::IsAsKept(size_t pixel,
                             const SurfaceSample& sample,
                             const Openness& open) const {
  if (!still_layer_ || (sample.body >= 0 && !is_still_[sample.body])) return false;
  const Openness& kept = still_layer_->open[pixel];
  return open.light == kept.light && open.sky == kept.sky;
}

Finish FrameRenderer::FinishAt(const SurfaceSample& sample) const {
  return sample.body < 0 ? Finish{} : surfaces_.finish(sample.body, sample.part);
}

Image FrameRenderer::Shade(const FrameInput& input,
                           const std::vector<SurfaceSample>& samples,
                           const std::vector<Openness>& open) const {
  Image picture(options_.width, options_.height);
  const Eigen::Vector3f eye = Inverse(input.camera.camera_from_world).translation.cast<float>();
  const PixelList edges = EdgePixels(samples, options_.width);
  auto edge = edges.begin();
  for (size_t i = 0; i < samples.size(); ++i) {
    if (edge != edges.end() && *edge == static_cast<int>(i)) {
      ++edge;
      continue;
    }
    if (IsAsKept(i, samples[i], open[i])) {
      std::copy_n(&still_layer_->picture.rgb[3 * i], 3, &picture.rgb[3 * i]);
      continue;
    }
    Write(light_.Exposed(light_.Shade(samples[i], open[i], FinishAt(samples[i]), eye)),
          &picture.rgb[3 * i]);
  }
  ShadeEdges(input, edges, {samples, open, options_.width}, picture);
  return picture;
}

void FrameRenderer::ShadeEdges(const FrameInput& input,
                               const PixelList& pixels,
                               const OpenPicture& centres,
                               Image& picture) const {
  const int width = options_.width;
  const RayCamera camera = CameraFor(input);
  std::vector<Ray> rays;
  std::vector<Eigen::Vector3d> directions;
  rays.reserve(pixels.size() * kEdgePoints.size());
  directions.reserve(pixels.size() * kEdgePoints.size());
  for (const int i : pixels) {
    for (const auto& [dx, dy] : kEdgePoints) {
      const Eigen::Vector2d point = PixelCentre(i, width) + Eigen::Vector2d(dx, dy) / 8.0;
      directions.push_back(camera.DirectionThrough(LookPoint(point, input.frame)));
      rays.push_back(camera.RayAlong(directions.back()));
    }
  }
  std::vector<RayHit> hits(rays.size());
  rays_.Nearest(BodySet::kStill, rays, hits);
  rays_.Nearest(BodySet::kMoving, rays, hits);
  const Eigen::Vector3f eye = camera.eye().cast<float>();
  for (size_t k = 0; k < pixels.size(); ++k) {
    Eigen::Vector3f sum = Eigen::Vector3f::Zero();
    for (size_t r = k * kEdgePoints.size(); r < (k + 1) * kEdgePoints.size(); ++r) {
      const SurfaceSample sample = surfaces_.Resolve(camera, directions[r], hits[r]);
      const Openness near = OpennessNear(sample, centres, pixels[k] % width, pixels[k] / width);
      sum += light_.Exposed(light_.Shade(sample, near, FinishAt(sample), eye)).cwiseMin(1.0f);
    }
    Write(sum / static_cast<float>(kEdgePoints.size()), &picture.rgb[3 * pixels[k]]);
  }
}

FrameOutput FrameRenderer::RenderPicture(const FrameInput& input) {
  FrameOutput output;
  output.present = PresentIn(input.frame);
  PlaceBodies(input, output.present);
  // What stands still, from memory when the camera stands still too.
  if (camera_is_still_ && !still_layer_) KeepStillLayer(input);
  StillLayer layer;
  if (still_layer_) {
    layer.samples = still_layer_->samples;
    layer.blocked = still_layer_->blocked;
  } else {
    layer = MakeStillLayer(input);
  }
  // What moves in front of it, shadowed by both.
  const PixelList taken = AddMoving(input, output.present, layer.samples);
  const auto bits = light_.Blocked(rays_, BodySet::kStill, layer.samples, taken, options_.width);
  for (size_t k = 0; k < bits.size(); ++k) layer.blocked[taken[k]] = bits[k];
  AddMovingShadows(input, output.present, layer.samples, layer.blocked);
  const std::vector<Openness> open = FilterOpenness(layer.blocked, layer.samples, options_.width);
  output.picture = Shade(input, layer.samples, open);
  output.samples = std::move(layer.samples);
  return output;
}

}  // namespace plumb
