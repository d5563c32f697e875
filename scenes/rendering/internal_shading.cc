// SPDX-License-Identifier: Apache-2.0
// What light leaves a surface towards the eye, and what the film makes of it.
#include <algorithm>
#include <cmath>

#include "scenes/rendering/internal_light.h"

namespace plumb {
namespace {

// From 0 to 1 where x runs from -width to width.
float Step(float x, float width) { return std::clamp(0.5f + 0.5f * x / width, 0.0f, 1.0f); }

Eigen::Vector3f SkyIn(const Eigen::Vector3f& d, float blur) {
  const Eigen::Vector3f zenith(0.42f, 0.62f, 1.0f);
  const Eigen::Vector3f horizon(0.95f, 0.96f, 0.98f);
  const Eigen::Vector3f ground(0.50f, 0.46f, 0.42f);
  const float up = std::clamp(d.z(), 0.0f, 1.0f);
  const Eigen::Vector3f above = horizon + (zenith - horizon) * std::sqrt(up);
  return ground + (above - ground) * Step(d.z(), 0.02f + 0.6f * blur);
}

// Two soft boxes to the sides, one above, a dark room between.
Eigen::Vector3f StudioIn(const Eigen::Vector3f& d, float blur) {
  const float width = 0.04f + 0.5f * blur;
  const float above = Step(d.z() - 0.72f, width);
  const float sides =
      Step(std::abs(d.x()) - 0.62f, width) * Step(0.5f - std::abs(d.z() - 0.25f), width);
  const float light = 0.22f + 0.12f * d.z() + 1.5f * above + 1.1f * sides;
  return light * Eigen::Vector3f(1.0f, 0.985f, 0.96f);
}

}  // namespace

Eigen::Vector3f Light::Around(const Eigen::Vector3f& direction, float gloss) const {
  const float blur = 1 - gloss;
  switch (surroundings_) {
    case Surroundings::kSky:
      return SkyIn(direction, blur);
    case Surroundings::kStudio:
      return StudioIn(direction, blur);
    case Surroundings::kEven:
      break;
  }
  // An even room, a little brighter above.
  return background_ * (0.7f + 0.3f * direction.z());
}

Eigen::Vector3f Light::Mirrored(const SurfaceSample& sample,
                                const Openness& open,
                                const Finish& finish,
                                const Eigen::Vector3f& eye) const {
  const Eigen::Vector3f way = (sample.x_in_world - eye).normalized();
  const float facing = std::max(0.0f, -way.dot(sample.normal));
  const Eigen::Vector3f away = way + 2 * facing * sample.normal;
  const float grazing = 1 - facing;
  const float square = grazing * grazing;
  const float share =
      finish.reflection +
      (std::max(finish.gloss, finish.reflection) - finish.reflection) * square * square * grazing;
  // Where near things hide the sky they would be mirrored too, darker than it.
  const Eigen::Vector3f around = Around(away, finish.gloss) * (0.35f + 0.65f * open.sky);
  const Eigen::Vector3f tint =
      Eigen::Vector3f::Ones() + finish.metal * (sample.albedo - Eigen::Vector3f::Ones());
  return share * around.cwiseProduct(tint);
}

Eigen::Vector3f Light::Shade(const SurfaceSample& sample,
                             const Openness& open,
                             const Finish& finish,
                             const Eigen::Vector3f& eye) const {
  if (sample.body < 0) return background_;
  const float direct = area_share_ * open.light * Irradiance(sample);
  // The sky is a little brighter than the ground.
  const float ambient = (1 - area_share_) * open.sky * (0.85f + 0.15f * sample.normal.z());
  Eigen::Vector3f radiance = sample.albedo * (direct + ambient);
  if (surroundings_ != Surroundings::kEven) {
    // Ambient light in the colours of the surroundings that the surface faces.
    const Eigen::Vector3f colour = Around(sample.normal, 0);
    radiance = sample.albedo.cwiseProduct(Eigen::Vector3f::Constant(direct) + ambient * colour);
  }
  if (finish.reflection > 0) {
    radiance = radiance * (1 - finish.reflection) * (1 - 0.7f * finish.metal) +
               Mirrored(sample, open, finish, eye);
  }
  if (finish.gloss > 0 && direct > 0) {
    // Blinn's highlight, sharper and brighter with gloss.
    const Eigen::Vector3f to_light = (centre_m_ - sample.x_in_world).normalized();
    const Eigen::Vector3f half = (to_light + (eye - sample.x_in_world).normalized()).normalized();
    const float base = std::max(0.0f, half.dot(sample.normal));
    if (base > 0.6f) {
      const float gloss = finish.gloss;
      const float highlight = 0.6f * gloss * std::pow(base, 10 + 150 * gloss * gloss);
      radiance += Eigen::Vector3f::Constant(area_share_ * open.light * highlight);
    }
  }
  return radiance;
}

Eigen::Vector3f Light::Exposed(const Eigen::Vector3f& radiance) const {
  if (film_ <= 0) return radiance;
  // Straight up to the knee, then a shoulder that meets it with the same slope and nears white.
  const float knee = 1 - 0.5f * film_;
  const float room = 1 - knee;
  Eigen::Vector3f exposed = radiance;
  for (int c = 0; c < 3; ++c) {
    const float over = (radiance[c] - knee) / room;
    if (over > 0) exposed[c] = knee + room * over / (1 + over);
  }
  return exposed;
}

}  // namespace plumb
