// SPDX-License-Identifier: Apache-2.0
#include "scenes/internal_light.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include "core/check.h"

namespace plumb {
namespace {

// Near surfaces within this distance darken the ambient light.
constexpr float kSkyReach_m = 0.7f;
// Rays start this far off the surface, so that rounding does not make it shadow itself.
constexpr float kLift_m = 2e-4f;
constexpr BlockedBits kLightMask = (1 << kLightRays) - 1;
constexpr BlockedBits kSkyMask = ((1 << kSkyRays) - 1) << kLightRays;

// Which of the 16 parts a pixel takes: neighbours take parts that lie far apart.
int PartOf(int x, int y) {
  static constexpr int kOrder[16] = {0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5};
  return kOrder[(x & 3) + 4 * (y & 3)];
}

float RadicalInverse(unsigned int i) {
  float value = 0;
  for (float digit = 0.5f; i != 0; i >>= 1, digit *= 0.5f)
    value += digit * static_cast<float>(i & 1u);
  return value;
}

// Any two directions that make a frame with the normal (Duff et al. 2017).
Eigen::Matrix3f FrameAround(const Eigen::Vector3f& n) {
  const float sign = std::copysign(1.0f, n.z());
  const float a = -1.0f / (sign + n.z());
  const float b = n.x() * n.y() * a;
  Eigen::Matrix3f frame;
  frame.col(0) << 1 + sign * n.x() * n.x() * a, sign * b, -sign * n.x();
  frame.col(1) << b, sign + n.y() * n.y() * a, -n.y();
  frame.col(2) = n;
  return frame;
}

}  // namespace

Light::Light(const Lighting& lighting, const Eigen::Vector3d& reference_m)
    : centre_m_(lighting.centre_m.cast<float>()),
      side_m_(static_cast<float>(lighting.side_m)),
      area_share_(static_cast<float>(lighting.area_share)),
      background_(LinearFromSrgb(lighting.background)) {
  const Eigen::Vector3d to_light = lighting.centre_m - reference_m;
  PLUMB_CHECK(to_light.z() > 0, "the light hangs {} m above the camera's target", to_light.z());
  reference_ = static_cast<float>(to_light.normalized().z() / to_light.squaredNorm());
  for (int part = 0; part < 16; ++part) {
    // Hammersley points spread the light's area evenly over all parts.
    for (int k = 0; k < kLightRays; ++k) {
      const int i = part + 16 * k;
      const float u = (i + 0.5f) / (16 * kLightRays) - 0.5f;
      const float v = RadicalInverse(static_cast<unsigned int>(i)) - 0.5f;
      light_points_m_[part][k] = centre_m_ + side_m_ * Eigen::Vector3f(u, v, 0);
    }
    // Directions by the cosine rule (Malley): even on the disc, lifted to the half sphere.
    for (int k = 0; k < kSkyRays; ++k) {
      const int i = part * kSkyRays + k;
      const float radius = std::sqrt((i + 0.5f) / (16 * kSkyRays));
      const float angle = 2 * std::numbers::pi_v<float> *
                          (RadicalInverse(static_cast<unsigned int>(part)) + 0.5f * k);
      sky_directions_[part][k] = {
          radius * std::cos(angle), radius * std::sin(angle), std::sqrt(1 - radius * radius)};
    }
  }
}

namespace {

// The pixels in an order in which neighbours take the same part, so that rays shot together are
// alike.
std::vector<int> OrderByPart(const std::vector<int>& pixels, int width) {
  std::array<std::vector<int>, 16> by_part;
  for (auto& part : by_part) part.reserve(pixels.size() / 16 + 64);
  for (size_t k = 0; k < pixels.size(); ++k) {
    by_part[PartOf(pixels[k] % width, pixels[k] / width)].push_back(static_cast<int>(k));
  }
  std::vector<int> order;
  order.reserve(pixels.size());
  for (const auto& part : by_part) order.insert(order.end(), part.begin(), part.end());
  return order;
}

}  // namespace

Ray Light::RayOf(const SurfaceSample& sample, int part, int k) const {
  Ray ray;
  ray.origin = sample.x_in_world + kLift_m * sample.normal;
  if (k < kLightRays) {
    ray.direction = light_points_m_[part][k] - ray.origin;
    // Surfaces that face away are dark anyway: a ray of no length is never blocked.
    ray.far = sample.normal.dot(ray.direction) > 0 ? 1.0f : 0.0f;
  } else {
    ray.direction = FrameAround(sample.normal) * sky_directions_[part][k - kLightRays];
    ray.far = kSkyReach_m;
  }
  return ray;
}

std::vector<BlockedBits> Light::Blocked(const RayScene& scene,
                                        BodySet set,
                                        const std::vector<SurfaceSample>& samples,
                                        const std::vector<int>& pixels,
                                        int width) const {
  constexpr size_t kBatch = 1024;
  std::vector<BlockedBits> bits(pixels.size(), 0);
  const std::vector<int> order = OrderByPart(pixels, width);
  std::vector<Ray> rays;
  rays.reserve(kBatch);
  for (size_t first = 0; first < order.size(); first += kBatch) {
    const size_t count = std::min(kBatch, order.size() - first);
    for (int k = 0; k < kLightRays + kSkyRays; ++k) {
      rays.clear();
      for (size_t i = first; i < first + count; ++i) {
        const int pixel = pixels[order[i]];
        rays.push_back(RayOf(samples[pixel], PartOf(pixel % width, pixel / width), k));
      }
      const std::vector<uint8_t> blocked = scene.Blocked(set, rays);
      for (size_t i = 0; i < count; ++i) {
        bits[order[first + i]] |= static_cast<BlockedBits>(blocked[i] << k);
      }
    }
  }
  return bits;
}

bool Light::CanBlock(const Eigen::Vector3f& centre,
                     float radius,
                     const SurfaceSample& sample) const {
  const Eigen::Vector3f to_body = centre - sample.x_in_world;
  const float reach = radius + kSkyReach_m;
  if (to_body.squaredNorm() < reach * reach) return true;
  // Distance of the sphere from the cone between the point and the light.
  const Eigen::Vector3f to_light = centre_m_ - sample.x_in_world;
  const float share = std::clamp(to_body.dot(to_light) / to_light.squaredNorm(), 0.0f, 1.0f);
  const float limit = radius + 0.75f * side_m_ * std::min(1.0f, share + 0.1f);
  return (to_body - share * to_light).squaredNorm() < limit * limit;
}

float Light::Irradiance(const SurfaceSample& sample) const {
  const Eigen::Vector3f to_light = centre_m_ - sample.x_in_world;
  const float square = to_light.squaredNorm();
  const float facing = sample.normal.dot(to_light);
  if (facing <= 0 || to_light.z() <= 0) return 0;
  return facing * to_light.z() / (square * square * reference_);
}

Eigen::Vector3f Light::Shade(const SurfaceSample& sample,
                             const Openness& open,
                             float gloss,
                             const Eigen::Vector3f& eye) const {
  if (sample.body < 0) return background_;
  const float direct = area_share_ * open.light * Irradiance(sample);
  // The sky is a little brighter than the ground.
  const float ambient = (1 - area_share_) * open.sky * (0.85f + 0.15f * sample.normal.z());
  Eigen::Vector3f radiance = sample.albedo * (direct + ambient);
  if (gloss > 0 && direct > 0) {
    // Blinn's highlight, sharper and brighter with gloss.
    const Eigen::Vector3f to_light = (centre_m_ - sample.x_in_world).normalized();
    const Eigen::Vector3f half = (to_light + (eye - sample.x_in_world).normalized()).normalized();
    const float base = std::max(0.0f, half.dot(sample.normal));
    if (base > 0.6f) {
      const float highlight = 0.6f * gloss * std::pow(base, 10 + 150 * gloss * gloss);
      radiance += Eigen::Vector3f::Constant(area_share_ * open.light * highlight);
    }
  }
  return radiance;
}

namespace {

bool SameSurface(const SurfaceSample& a, const SurfaceSample& b) {
  return a.body == b.body && a.normal.dot(b.normal) > 0.9f;
}

// The mean over the 4x4 block around a pixel, of the pixels on its surface.
Openness FilteredAt(const std::vector<BlockedBits>& blocked,
                    const std::vector<SurfaceSample>& samples,
                    int width,
                    int index) {
  const int height = static_cast<int>(samples.size()) / width;
  const int x = index % width;
  const int y = index / width;
  int pixels = 0;
  int light = 0;
  int sky = 0;
  for (int v = std::max(0, y - 1); v <= std::min(height - 1, y + 2); ++v) {
    for (int u = std::max(0, x - 1); u <= std::min(width - 1, x + 2); ++u) {
      const int other = v * width + u;
      if (!SameSurface(samples[index], samples[other])) continue;
      ++pixels;
      light += std::popcount(static_cast<unsigned int>(blocked[other] & kLightMask));
      sky += std::popcount(static_cast<unsigned int>(blocked[other] & kSkyMask));
    }
  }
  return {1 - static_cast<float>(light) / static_cast<float>(kLightRays * pixels),
          1 - static_cast<float>(sky) / static_cast<float>(kSkyRays * pixels)};
}

// 1 where any of the 4x4 pixels around holds a blocked ray.
std::vector<uint8_t> NearBlocked(const std::vector<BlockedBits>& blocked, int width) {
  const int height = static_cast<int>(blocked.size()) / width;
  std::vector<uint8_t> along(blocked.size());
  std::vector<uint8_t> near(blocked.size());
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      uint8_t any = 0;
      for (int u = std::max(0, x - 1); u <= std::min(width - 1, x + 2); ++u) {
        any |= blocked[y * width + u];
      }
      along[y * width + x] = any;
    }
  }
  for (int y = 0; y < height; ++y) {
    for (int v = std::max(0, y - 1); v <= std::min(height - 1, y + 2); ++v) {
      for (int x = 0; x < width; ++x) near[y * width + x] |= along[v * width + x];
    }
  }
  return near;
}

}  // namespace

std::vector<Openness> FilterOpenness(const std::vector<BlockedBits>& blocked,
                                     const std::vector<SurfaceSample>& samples,
                                     int width) {
  const std::vector<uint8_t> near = NearBlocked(blocked, width);
  std::vector<Openness> open(samples.size());
  for (size_t i = 0; i < samples.size(); ++i) {
    if (near[i] == 0 || samples[i].body < 0) continue;
    open[i] = FilteredAt(blocked, samples, width, static_cast<int>(i));
  }
  return open;
}

}  // namespace plumb
