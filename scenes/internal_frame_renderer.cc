// SPDX-License-Identifier: Apache-2.0
#include "scenes/internal_frame_renderer.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "core/check.h"

namespace plumb {
namespace {

// Where an edge pixel is looked at again, in eighths of a pixel from its centre (four rooks).
constexpr std::array<std::array<int, 2>, 4> kEdgePoints = {{{1, -3}, {3, 1}, {-1, 3}, {-3, -1}}};

std::vector<uint8_t> StillBodies(const Scene& scene, const RenderVariation& variation) {
  std::vector<uint8_t> still;
  for (const Body& body : scene.bodies) still.push_back(body.fixed);
  for (const int body : variation.changing_bodies) still.at(body) = 0;
  return still;
}

double BoundingRadius(const Shape& shape) {
  return shape.kind == ShapeKind::kSphere ? shape.size_m.x() / 2 : shape.size_m.norm() / 2;
}

Eigen::Vector2d PixelCentre(int index, int width) {
  return {index % width + 0.5, index / width + 0.5};
}

// Whether the pictures of two neighbours meet in an edge that one sample cannot show.
bool IsEdge(const SurfaceSample& a, const SurfaceSample& b) {
  if (a.body != b.body) return true;
  return a.body >= 0 && a.normal.dot(b.normal) < 0.95f;
}

std::vector<int> EdgePixels(const std::vector<SurfaceSample>& samples, int width) {
  const int height = static_cast<int>(samples.size()) / width;
  std::vector<uint8_t> is_edge(samples.size(), 0);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const int i = y * width + x;
      if (x + 1 < width && IsEdge(samples[i], samples[i + 1])) is_edge[i] = is_edge[i + 1] = 1;
      if (y + 1 < height && IsEdge(samples[i], samples[i + width])) {
        is_edge[i] = is_edge[i + width] = 1;
      }
    }
  }
  std::vector<int> pixels;
  for (size_t i = 0; i < is_edge.size(); ++i) {
    if (is_edge[i]) pixels.push_back(static_cast<int>(i));
  }
  return pixels;
}

// The openness of the nearest pixel centre that shows the same body, within one pixel.
Openness OpennessNear(const SurfaceSample& sample,
                      const std::vector<SurfaceSample>& samples,
                      const std::vector<Openness>& open,
                      std::array<int, 3> x_y_width) {
  const auto [x, y, width] = x_y_width;
  const int height = static_cast<int>(samples.size()) / width;
  float best = -2;
  int found = y * width + x;
  for (int v = std::max(0, y - 1); v <= std::min(height - 1, y + 1); ++v) {
    for (int u = std::max(0, x - 1); u <= std::min(width - 1, x + 1); ++u) {
      const SurfaceSample& other = samples[v * width + u];
      if (other.body != sample.body) continue;
      // Prefer the pixel itself among equals.
      const float match = other.normal.dot(sample.normal) + (u == x && v == y ? 0.01f : 0.0f);
      if (match <= best) continue;
      best = match;
      found = v * width + u;
    }
  }
  return open[found];
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
      camera_is_still_(scene.camera.motion == CameraMotion::kStatic && !variation_.look_shift_px &&
                       !variation_.texture_shift_m),
      rays_(scene, is_still_),
      surfaces_(scene),
      light_(scene.lighting, scene.camera.target_m),
      still_amodal_(scene.bodies.size()) {}

Eigen::Vector2d FrameRenderer::LookPoint(const Eigen::Vector2d& point_px, int frame) const {
  if (!variation_.look_shift_px) return point_px;
  return point_px + variation_.look_shift_px(point_px, frame);
}

void FrameRenderer::PlaceBodies(const FrameInput& input, const std::vector<uint8_t>& present) {
  rays_.Place(input.world_from_body, present);
  surfaces_.Place(input.world_from_body);
  for (const int body : variation_.changing_bodies) {
    if (variation_.material) surfaces_.SetMaterial(body, variation_.material(body, input.frame));
  }
  for (size_t b = 0; b < scene_.bodies.size() && variation_.texture_shift_m; ++b) {
    const int body = static_cast<int>(b);
    surfaces_.ShiftTexture(body, variation_.texture_shift_m(body, input.frame).cast<float>());
  }
}

FrameRenderer::StillLayer FrameRenderer::MakeStillLayer(const FrameInput& input) const {
  const int width = options_.width;
  const int count = width * options_.height;
  const RayCamera camera = CameraFor(input);
  StillLayer layer;
  layer.samples.resize(count);
  std::vector<Ray> rays(width);
  std::vector<RayHit> hits(width);
  // One row at a time.
  for (int row = 0; row < count; row += width) {
    std::fill(hits.begin(), hits.end(), RayHit{});
    for (int x = 0; x < width; ++x) {
      rays[x] = camera.RayThrough(LookPoint(PixelCentre(row + x, width), input.frame));
    }
    rays_.Nearest(BodySet::kStill, rays, hits);
    for (int x = 0; x < width; ++x) {
      const Eigen::Vector2d point = LookPoint(PixelCentre(row + x, width), input.frame);
      layer.samples[row + x] = surfaces_.Resolve(camera, camera.DirectionThrough(point), hits[x]);
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

FrameRenderer::PixelList FrameRenderer::PixelsNear(const FrameInput& input, int body) const {
  PixelList pixels;
  const int width = options_.width;
  const int height = options_.height;
  const double radius = BoundingRadius(scene_.bodies[body].shape);
  const Projection centre = Project(input.camera, input.world_from_body[body].translation);
  if (centre.depth_m + radius <= 0) return pixels;
  int left = 0, top = 0, right = width - 1, bottom = height - 1;
  const double nearest = centre.depth_m - radius;
  if (nearest > 0.01 && !variation_.look_shift_px) {
    // Any point of the sphere projects no farther from its centre's projection than this.
    const double off_axis = (centre.point_px - Eigen::Vector2d(input.camera.intrinsics.cx_px,
                                                               input.camera.intrinsics.cy_px))
                                .norm();
    const double reach = (input.camera.intrinsics.fx_px + off_axis) * radius / nearest + 1;
    left = static_cast<int>(std::clamp(std::floor(centre.point_px.x() - reach), 0.0, 1.0 * width));
    top = static_cast<int>(std::clamp(std::floor(centre.point_px.y() - reach), 0.0, 1.0 * height));
    right = static_cast<int>(std::clamp(centre.point_px.x() + reach, -1.0, width - 1.0));
    bottom = static_cast<int>(std::clamp(centre.point_px.y() + reach, -1.0, height - 1.0));
  }
  for (int y = top; y <= bottom; ++y) {
    for (int x = left; x <= right; ++x) pixels.push_back(y * width + x);
  }
  return pixels;
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
  std::vector<Ray> rays;
  std::vector<RayHit> hits;
  for (size_t i = 0; i < samples.size(); ++i) {
    if (!wanted[i]) continue;
    candidates.push_back(static_cast<int>(i));
    rays.push_back(camera.RayThrough(
        LookPoint(PixelCentre(static_cast<int>(i), options_.width), input.frame)));
    hits.push_back({-1, 0, static_cast<float>(samples[i].depth_m)});
  }
  rays_.Nearest(BodySet::kMoving, rays, hits);
  PixelList taken;
  for (size_t k = 0; k < candidates.size(); ++k) {
    if (hits[k].body < 0) continue;
    const Eigen::Vector2d point =
        LookPoint(PixelCentre(candidates[k], options_.width), input.frame);
    samples[candidates[k]] = surfaces_.Resolve(camera, camera.DirectionThrough(point), hits[k]);
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

Image FrameRenderer::Shade(const FrameInput& input,
                           const std::vector<SurfaceSample>& samples,
                           const std::vector<Openness>& open) const {
  Image picture(options_.width, options_.height);
  const Eigen::Vector3f eye = Inverse(input.camera.camera_from_world).translation.cast<float>();
  for (size_t i = 0; i < samples.size(); ++i) {
    const float gloss = samples[i].body < 0 ? 0.0f : surfaces_.gloss(samples[i].body);
    Write(light_.Shade(samples[i], open[i], gloss, eye), &picture.rgb[3 * i]);
  }
  return picture;
}

void FrameRenderer::SmoothEdges(const FrameInput& input,
                                const std::vector<SurfaceSample>& samples,
                                const std::vector<Openness>& open,
                                Image& picture) const {
  const int width = options_.width;
  const PixelList pixels = EdgePixels(samples, width);
  const RayCamera camera = CameraFor(input);
  std::vector<Ray> rays;
  std::vector<Eigen::Vector2d> points;
  rays.reserve(pixels.size() * kEdgePoints.size());
  points.reserve(pixels.size() * kEdgePoints.size());
  for (const int i : pixels) {
    for (const auto& [dx, dy] : kEdgePoints) {
      const Eigen::Vector2d point = PixelCentre(i, width) + Eigen::Vector2d(dx, dy) / 8.0;
      points.push_back(LookPoint(point, input.frame));
      rays.push_back(camera.RayThrough(points.back()));
    }
  }
  std::vector<RayHit> hits(rays.size());
  rays_.Nearest(BodySet::kStill, rays, hits);
  rays_.Nearest(BodySet::kMoving, rays, hits);
  const Eigen::Vector3f eye = camera.eye().cast<float>();
  for (size_t k = 0; k < pixels.size(); ++k) {
    Eigen::Vector3f sum = Eigen::Vector3f::Zero();
    for (size_t r = k * kEdgePoints.size(); r < (k + 1) * kEdgePoints.size(); ++r) {
      const SurfaceSample sample =
          surfaces_.Resolve(camera, camera.DirectionThrough(points[r]), hits[r]);
      const Openness near =
          OpennessNear(sample, samples, open, {pixels[k] % width, pixels[k] / width, width});
      const float gloss = sample.body < 0 ? 0.0f : surfaces_.gloss(sample.body);
      sum += light_.Shade(sample, near, gloss, eye).cwiseMin(1.0f);
    }
    Write(sum / static_cast<float>(kEdgePoints.size()), &picture.rgb[3 * pixels[k]]);
  }
}

std::vector<std::vector<uint8_t>> FrameRenderer::TraceAmodal(const FrameInput& input,
                                                             const FrameOutput& output) {
  std::vector<std::vector<uint8_t>> masks(scene_.bodies.size());
  const RayCamera camera = CameraFor(input);
  for (size_t b = 0; b < scene_.bodies.size(); ++b) {
    if (scene_.bodies[b].role == Role::kStructure || !output.present[b]) continue;
    const bool keep = is_still_[b] && camera_is_still_;
    if (keep && still_amodal_[b]) {
      masks[b] = *still_amodal_[b];
      continue;
    }
    std::vector<uint8_t>& mask = masks[b];
    mask.assign(output.samples.size(), 0);
    const Rigid3 body_from_world = Inverse(input.world_from_body[b]);
    PixelList hidden;
    std::vector<Ray> rays;
    for (const int i : PixelsNear(input, static_cast<int>(b))) {
      // What is seen needs no ray of its own; elsewhere the body is asked alone.
      if (output.samples[i].body == static_cast<int>(b)) {
        mask[i] = 1;
        continue;
      }
      const Eigen::Vector2d point = LookPoint(PixelCentre(i, options_.width), input.frame);
      Ray ray;
      ray.origin = (body_from_world * camera.eye()).cast<float>();
      ray.direction = (body_from_world.rotation * camera.DirectionThrough(point)).cast<float>();
      rays.push_back(ray);
      hidden.push_back(i);
    }
    const std::vector<uint8_t> met = rays_.MeetsBody(static_cast<int>(b), rays);
    for (size_t k = 0; k < met.size(); ++k) mask[hidden[k]] = met[k];
    if (keep) still_amodal_[b] = mask;
  }
  return masks;
}

FrameOutput FrameRenderer::RenderPicture(const FrameInput& input) {
  FrameOutput output;
  output.present.assign(scene_.bodies.size(), 1);
  for (const int body : variation_.changing_bodies) {
    if (variation_.is_gone) output.present[body] = !variation_.is_gone(body, input.frame);
  }
  PlaceBodies(input, output.present);
  // What stands still, from memory when the camera stands still too.
  StillLayer layer = still_layer_ ? *still_layer_ : MakeStillLayer(input);
  if (camera_is_still_ && !still_layer_) still_layer_ = layer;
  // What moves in front of it, shadowed by both.
  const PixelList taken = AddMoving(input, output.present, layer.samples);
  const auto bits = light_.Blocked(rays_, BodySet::kStill, layer.samples, taken, options_.width);
  for (size_t k = 0; k < bits.size(); ++k) layer.blocked[taken[k]] = bits[k];
  AddMovingShadows(input, output.present, layer.samples, layer.blocked);
  const std::vector<Openness> open = FilterOpenness(layer.blocked, layer.samples, options_.width);
  output.picture = Shade(input, layer.samples, open);
  SmoothEdges(input, layer.samples, open, output.picture);
  output.samples = std::move(layer.samples);
  return output;
}

FrameOutput FrameRenderer::Render(const FrameInput& input) {
  FrameOutput output = RenderPicture(input);
  output.amodal = TraceAmodal(input, output);
  return output;
}

}  // namespace plumb
