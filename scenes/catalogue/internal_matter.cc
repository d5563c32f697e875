// SPDX-License-Identifier: Apache-2.0
#include "scenes/catalogue/internal_matter.h"

#include "core/check.h"

namespace plumb {
namespace {

const std::vector<Matter>& AllMatter() {
  static const std::vector<Matter> all = {
      {"rubber", 1100, 0.8, 0.75, 0.15, {Pattern::kPlain, Pattern::kStripes, Pattern::kNoise}},
      {"wooden", 650, 0.45, 0.4, 0.2, {Pattern::kWood}},
      {"plastic", 950, 0.35, 0.6, 0.6, {Pattern::kPlain, Pattern::kChecker, Pattern::kStripes}},
      {"ceramic", 2300, 0.4, 0.6, 0.8, {Pattern::kMarble, Pattern::kPlain, Pattern::kChecker}},
      {"glass", 2500, 0.3, 0.7, 0.95, {Pattern::kFrost, Pattern::kMarble}, 0.12, 0.0},
      {"steel", 7850, 0.25, 0.65, 0.85, {Pattern::kBrushed}, 0.4, 0.8},
      {"ice", 917, 0.03, 0.3, 0.8, {Pattern::kFrost}, 0.06, 0.0},
      {"cork", 240, 0.6, 0.5, 0.0, {Pattern::kCork}}};
  return all;
}

}  // namespace

const std::vector<Matter>& HollowMatter() {
  static const std::vector<Matter> all = {
      {"rubber", 400, 0.8, 0.5, 0.15, {Pattern::kPlain, Pattern::kStripes, Pattern::kNoise}},
      {"plastic", 300, 0.5, 0.5, 0.6, {Pattern::kPlain, Pattern::kChecker, Pattern::kStripes}},
      {"painted wooden", 500, 0.5, 0.5, 0.25, {Pattern::kWood, Pattern::kPlain}},
      {"ceramic", 700, 0.4, 0.5, 0.8, {Pattern::kMarble, Pattern::kPlain, Pattern::kChecker}}};
  return all;
}

const Matter& MatterNamed(const std::string& name) {
  for (const Matter& matter : AllMatter()) {
    if (matter.name == name) return matter;
  }
  throw CheckFailure("no such matter: " + name);
}

Material MaterialOf(Random& random, const Matter& matter, const ObjectLook& look) {
  Material material;
  material.name = matter.name;
  material.colour = look.colour.srgb;
  material.pattern = matter.patterns[random.Index(static_cast<int>(matter.patterns.size()))];
  // The second colour is a darker or a paler shade, so that the thing keeps its colour.
  const bool darker = random.Uniform() < 0.5;
  const Eigen::Vector3d paler = 0.62 * look.colour.srgb + Eigen::Vector3d::Constant(0.36);
  material.second_colour = darker ? Eigen::Vector3d(0.55 * look.colour.srgb) : paler;
  material.pattern_size_m = look.size_m * random.Uniform(0.22, 0.34);
  material.gloss = matter.gloss;
  material.reflection = matter.reflection;
  material.metal = matter.metal;
  material.friction = matter.friction;
  material.restitution = matter.restitution;
  return material;
}

Material BareWood() {
  Material wood;
  wood.name = "wooden";
  wood.pattern = Pattern::kWood;
  wood.colour = {0.66, 0.52, 0.38};
  wood.second_colour = {0.44, 0.33, 0.24};
  wood.pattern_size_m = 0.22;
  wood.gloss = 0.1;
  wood.friction = 1.0;
  return wood;
}

Body MakeThing(Random& random, const ThingSpec& spec) {
  const Matter& matter = MatterNamed(spec.matter);
  Body body;
  body.role = Role::kObject;
  body.name = spec.colour.name + " " + spec.noun;
  body.shape = spec.shape;
  body.material = MaterialOf(random, matter, {spec.colour, SizeOf(body.shape)});
  body.mass_kg = VolumeOf(body.shape) * matter.density_kgpm3;
  return body;
}

}  // namespace plumb
