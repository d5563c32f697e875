// SPDX-License-Identifier: Apache-2.0
// How a body looks and what it is made of.
#pragma once

#include <string>

#include <Eigen/Core>

namespace plumb {

enum class Pattern {
  kPlain,
  kChecker,
  kStripes,
  kNoise,
  kWood,
  kBrick,
  kMarble,
  kTiles,
  kCork,     // granules and dark pores
  kFabric,   // a plain weave
  kSpeckle,  // chips of three tones
  kBrushed,  // fine lines one way, as on worked metal
  kLetters,  // printed labels
  kFrost,    // pale clouds and cracks, as in ice
};

// Friction and restitution of a pair are the products of both (Bullet).
struct Material {
  std::string name = "plastic";                     // as the caption says it: "rubber", "wood" …
  Eigen::Vector3d colour = {0.6, 0.6, 0.6};         // sRGB in 0–1
  Eigen::Vector3d second_colour = {0.4, 0.4, 0.4};  // of the pattern
  Pattern pattern = Pattern::kPlain;
  double pattern_size_m = 0.2;
  double gloss = 0.2;  // 0 matte … 1 mirror-like highlight
  // Share of the surroundings that is mirrored straight on, more at grazing angles (Schlick 1994):
  // 0.04 varnish or glass, 0.6 steel. As sharp as the gloss.
  double reflection = 0.0;
  double metal = 0.0;  // 1: what is mirrored takes the body's colour and little else is seen
  double friction = 0.5;
  double rolling_friction_m = 0.0;
  double restitution = 0.5;
};

// Where the ambient light comes from and what is mirrored: the same from all sides, a blue sky over
// pale ground, or the soft boxes of a studio.
enum class Surroundings { kEven, kSky, kStudio };

// A rectangle that shines downwards from `centre_m`, wide enough for soft shadows, plus an even
// ambient part.
struct Lighting {
  Eigen::Vector3d centre_m = {1.5, -2.0, 5.0};
  double side_m = 1.5;
  double area_share = 0.75;                        // of the white level; the rest is ambient
  Eigen::Vector3d background = {0.78, 0.83, 0.9};  // sRGB where no body is hit
  Surroundings surroundings = Surroundings::kEven;
  double film = 0.0;  // 0: white clips; 1: a film's soft shoulder that holds bright parts
};

}  // namespace plumb
