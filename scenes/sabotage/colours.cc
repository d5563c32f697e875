// SPDX-License-Identifier: Apache-2.0
// Colours turned round the wheel.
#include <algorithm>
#include <cmath>

#include "scenes/sabotage/internal_forms.h"
#include "scenes/sabotage/internal_restart.h"

namespace plumb {
namespace {

// What has less colour takes some on when its colours turn.
constexpr double kLeastSaturation = 0.5;

// Hue in sixths of the wheel, saturation and value in 0–1.
struct Hsv {
  double hue = 0;
  double saturation = 0;
  double value = 0;
};

Hsv HsvOf(const Eigen::Vector3d& c) {
  Hsv hsv;
  hsv.value = c.maxCoeff();
  const double chroma = hsv.value - c.minCoeff();
  if (chroma <= 0) return hsv;
  hsv.saturation = chroma / hsv.value;
  if (hsv.value == c.x()) {
    hsv.hue = (c.y() - c.z()) / chroma;
  } else if (hsv.value == c.y()) {
    hsv.hue = 2 + (c.z() - c.x()) / chroma;
  } else {
    hsv.hue = 4 + (c.x() - c.y()) / chroma;
  }
  return hsv;
}

Eigen::Vector3d ColourOf(const Hsv& hsv) {
  Eigen::Vector3d colour;
  for (int k = 0; k < 3; ++k) {
    const double at = std::fmod(hsv.hue + 12 + 5 - 2 * k, 6.0);
    colour[k] = hsv.value * (1 - hsv.saturation * std::clamp(std::min(at, 4 - at), 0.0, 1.0));
  }
  return colour;
}

}  // namespace

void TurnColours(Material& material, double share) {
  for (Eigen::Vector3d* colour : {&material.colour, &material.second_colour}) {
    Hsv hsv = HsvOf(*colour);
    hsv.hue += 3 * share;
    hsv.saturation += share * std::max(0.0, kLeastSaturation - hsv.saturation);
    *colour = ColourOf(hsv);
  }
}

void TurnHues(Material& material, double share) {
  for (Eigen::Vector3d* colour : {&material.colour, &material.second_colour}) {
    Hsv hsv = HsvOf(*colour);
    hsv.hue += 3 * share;
    *colour = ColourOf(hsv);
  }
}

void TurnColours(Body& body, double share) {
  TurnColours(body.material, share);
  for (Material& material : body.part_materials) TurnColours(material, share);
}

BrokenVideo BreakColour(const SabotageJob& asked) {
  const int body = ChosenBody(asked.truth.scene, asked.sabotage.body);
  const SabotageJob job = AtNaturalFrame(asked, body);
  Scene scene = job.truth.scene;
  TurnColours(scene.bodies[body], job.sabotage.amount);
  return RenderedScene(job, scene, job.truth.motion, body);
}

}  // namespace plumb
