// SPDX-License-Identifier: Apache-2.0
#include "scenes/rendering/internal_light.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

#include "core/check.h"

namespace plumb {
namespace {

// Near surfaces within this distance, at most, darken the ambient light.
constexpr float kSkyReach_m = 1.1f;
// Rays start this far off the surface, so that rounding does not make it shadow itself.
constexpr float kLift_m = 2e-4f;

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
      background_(LinearFromSrgb(lighting.background)),
      surroundings_(lighting.surroundings),
      film_(static_cast<float>(lighting.film)) {
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
      constexpr int kAll = 16 * kSkyRays;
      const int i = part + 16 * k;
      const float radius = std::sqrt((i + 0.5f) / kAll);
      const float angle =
          2 * std::numbers::pi_v<float> * RadicalInverse(static_cast<unsigned int>(i));
      sky_directions_[part][k] = {
          radius * std::cos(angle), radius * std::sin(angle), std::sqrt(1 - radius * radius)};
      // Rays of different lengths let the shade fade out with distance.
      const int rank = (37 * i + 11) % kAll;
      sky_reaches_m_[part][k] = kSkyReach_m * (0.25f + 0.75f * (rank + 1) / kAll);
    }
  }
}

namespace {

// One pixel that asks: its place in the list, the part it takes and where its rays start.
struct Asking {
  int index;
  int part;
  Eigen::Vector3f origin;
  Eigen::Vector3f normal;
};

// In an order in which neighbours take the same part, so that rays shot together are alike.
std::vector<Asking> OrderByPart(const std::vector<SurfaceSample>& samples,
                                const std::vector<int>& pixels,
                                int width) {
  std::array<std::vector<Asking>, 16> by_part;
  for (auto& part : by_part) part.reserve(pixels.size() / 16 + 64);
  for (size_t k = 0; k < pixels.size(); ++k) {
    const SurfaceSample& sample = samples[pixels[k]];
    const int y = pixels[k] / width;
    const int part = PartOf(pixels[k] - y * width, y);
    by_part[part].push_back(
        {static_cast<int>(k), part, sample.x_in_world + kLift_m * sample.normal, sample.normal});
  }
  std::vector<Asking> order;
  order.reserve(pixels.size());
  for (const auto& part : by_part) order.insert(order.end(), part.begin(), part.end());
  return order;
}

// Directions turned into the frames of normals; a flat surface asks for the same one many times.
class TurnedDirection {
 public:
  const Eigen::Vector3f& About(const Eigen::Vector3f& normal, const Eigen::Vector3f& direction) {
    if (normal != normal_ || direction != direction_) {
      normal_ = normal;
      direction_ = direction;
      turned_ = FrameAround(normal) * direction;
    }
    return turned_;
  }

 private:
  Eigen::Vector3f normal_ = Eigen::Vector3f::Zero();
  Eigen::Vector3f direction_ = Eigen::Vector3f::Zero();
  Eigen::Vector3f turned_ = Eigen::Vector3f::Zero();
};

Ray RayToLight(const Asking& from, const Eigen::Vector3f& light_point_m) {
  Ray ray;
  ray.origin = from.origin;
  ray.direction = light_point_m - ray.origin;
  // Surfaces that face away are dark anyway: a ray of no length is never blocked.
  ray.far = from.normal.dot(ray.direction) > 0 ? 1.0f : 0.0f;
  return ray;
}

}  // namespace

std::vector<BlockedBits> Light::Blocked(const RayScene& scene,
                                        BodySet set,
                                        const std::vector<SurfaceSample>& samples,
                                        const std::vector<int>& pixels,
                                        int width) const {
  constexpr size_t kBatch = 1024;
  std::vector<BlockedBits> bits(pixels.size(), 0);
  const std::vector<Asking> order = OrderByPart(samples, pixels, width);
  TurnedDirection turned;
  std::vector<Ray> rays;
  rays.reserve(kBatch);
  for (size_t first = 0; first < order.size(); first += kBatch) {
    const std::span<const Asking> batch(&order[first], std::min(kBatch, order.size() - first));
    for (int k = 0; k < kLightRays + kSkyRays; ++k) {
      rays.clear();
      for (const Asking& from : batch) {
        if (k < kLightRays) {
          rays.push_back(RayToLight(from, light_points_m_[from.part][k]));
        } else {
          const int sky = k - kLightRays;
          rays.push_back({from.origin,
                          turned.About(from.normal, sky_directions_[from.part][sky]),
                          0.0f,
                          sky_reaches_m_[from.part][sky]});
        }
      }
      const std::vector<uint8_t> blocked = scene.Blocked(set, rays);
      for (size_t i = 0; i < batch.size(); ++i) {
        bits[batch[i].index] |= static_cast<BlockedBits>(blocked[i] << k);
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

}  // namespace plumb
