// SPDX-License-Identifier: Apache-2.0
// What light leaves a surface towards the eye, and what the film makes of it.
#include <algorithm>
#include <cmath>

#include "scenes/rendering/internal_light.h"
#include "scenes/rendering/internal_surroundings.h"

namespace plumb {
Eigen::Vector3f Light::Around(const Eigen::Vector3f& direction, float gloss) const {
  if (surroundings_ != Surroundings::kEven) {
    return RadianceFrom(surroundings_, direction, 1 - gloss);
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
  if (sample.body < 0) {
    return surroundings_ == Surroundings::kSky
               ? OpenSky(eye, (sample.x_in_world - eye).normalized())
               : background_;
  }
  const float direct = area_share_ * open.light * Irradiance(sample);
  // The sky is a little brighter than the ground.
  const float ambient = (1 - area_share_) * open.sky * (0.85f + 0.15f * sample.normal.z());
  Eigen::Vector3f radiance = sample.albedo * (direct + ambient);
  if (surroundings_ != Surroundings::kEven) {
    // Light in the colours of the lamp and of the surroundings that the surface faces.
    const Eigen::Vector3f around =
        (1 - area_share_) * open.sky * AmbientOn(surroundings_, sample.normal);
    radiance = sample.albedo.cwiseProduct(direct * LampColour(surroundings_) + around);
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
