// SPDX-License-Identifier: Apache-2.0
#include "scenes/catalogue/internal_things.h"

#include <cmath>
#include <numbers>
#include <utility>

#include "core/check.h"
#include "scenes/catalogue/internal_matter.h"

namespace plumb {
namespace {

using Eigen::Vector3d;

// Made in units of about its longest extent, from the floor upwards.
struct Model {
  const char* noun;
  const char* matter;                 // of look 0
  std::vector<Material> other_looks;  // of looks 1, 2 …
  std::vector<double> densities_kgpm3;
  std::vector<ShapePart> parts;
  double height = 1.0;
};

ShapePart Piece(ShapeKind kind, const Vector3d& size, const Vector3d& centre, int look = 0) {
  ShapePart part;
  part.shape = {kind, size};
  part.body_from_part.translation = centre;
  part.look = look;
  return part;
}

// Its own axis z turned towards `direction`.
ShapePart Towards(const Vector3d& direction, ShapePart part) {
  part.body_from_part.rotation =
      Eigen::Quaterniond::FromTwoVectors(Vector3d::UnitZ(), direction).normalized();
  return part;
}

Material Paint(const char* name, const Vector3d& colour, double gloss) {
  Material paint;
  paint.name = name;
  paint.colour = paint.second_colour = colour;
  paint.gloss = gloss;
  return paint;
}

Model Table() {
  Model table{"table", "wooden", {}, {}, {}, 0.62};
  table.parts.push_back(Piece(ShapeKind::kBox, {1, 0.64, 0.06}, {0, 0, 0.59}));
  for (const double x : {-0.44, 0.44}) {
    for (const double y : {-0.26, 0.26}) {
      table.parts.push_back(Piece(ShapeKind::kBox, {0.08, 0.08, 0.56}, {x, y, 0.28}));
    }
  }
  return table;
}

Model Mug() {
  Model mug{"mug", "ceramic", {}, {}, {}, 0.86};
  ShapePart wall = Piece(ShapeKind::kHoop, {0.72, 0.72, 0.86}, {0, 0, 0.43});
  wall.shape.wall_m = 0.06;
  mug.parts = {wall,
               Piece(ShapeKind::kCylinder, {0.62, 0.62, 0.07}, {0, 0, 0.036}),
               Piece(ShapeKind::kBox, {0.2, 0.12, 0.1}, {0.43, 0, 0.66}),
               Piece(ShapeKind::kBox, {0.2, 0.12, 0.1}, {0.43, 0, 0.2}),
               Piece(ShapeKind::kBox, {0.1, 0.12, 0.56}, {0.54, 0, 0.43})};
  return mug;
}

Model ToyCar() {
  Model car{"toy car", "plastic", {}, {}, {}, 0.52};
  car.other_looks = {Paint("rubber", {0.05, 0.05, 0.06}, 0.1),
                     Paint("glass", {0.68, 0.80, 0.88}, 0.9),
                     Paint("glass", {0.98, 0.92, 0.62}, 0.8)};
  car.densities_kgpm3 = {1100, 2500, 2500};
  car.parts = {Piece(ShapeKind::kBox, {1, 0.46, 0.2}, {0, 0, 0.22}),
               Piece(ShapeKind::kBox, {0.5, 0.4, 0.16}, {-0.06, 0, 0.4}, 2),
               Piece(ShapeKind::kBox, {0.54, 0.43, 0.04}, {-0.06, 0, 0.5})};
  for (const double y : {-0.23, 0.23}) {
    for (const double x : {-0.29, 0.29}) {
      car.parts.push_back(Towards(Vector3d::UnitY(),
                                  Piece(ShapeKind::kCylinder, {0.26, 0.26, 0.1}, {x, y, 0.13}, 1)));
    }
    car.parts.push_back(
        Piece(ShapeKind::kSphere, Vector3d::Constant(0.1), {0.48, 0.7 * y, 0.24}, 3));
  }
  return car;
}

Model Lamp() {
  Model lamp{"lamp", "plastic", {}, {}, {}, 1.0};
  Material steel = Paint("steel", {0.62, 0.63, 0.65}, 0.85);
  steel.reflection = 0.4;
  steel.metal = 0.8;
  lamp.other_looks = {steel};
  lamp.densities_kgpm3 = {7850};
  lamp.parts = {Piece(ShapeKind::kCone, {0.66, 0.66, 0.46}, {0, 0, 0.77}),
                Piece(ShapeKind::kCylinder, {0.06, 0.06, 0.54}, {0, 0, 0.29}, 1),
                Piece(ShapeKind::kCylinder, {0.44, 0.44, 0.05}, {0, 0, 0.025}, 1)};
  return lamp;
}

Model Duck() {
  Model duck{"duck", "rubber", {}, {}, {}, 0.96};
  duck.other_looks = {Paint("rubber", {0.96, 0.50, 0.06}, 0.2),
                      Paint("rubber", {0.03, 0.03, 0.04}, 0.8)};
  duck.densities_kgpm3 = {1100, 1100};
  duck.parts = {
      Piece(ShapeKind::kSphere, Vector3d::Constant(0.6), {0.04, 0, 0.34}),
      Piece(ShapeKind::kSphere, Vector3d::Constant(0.5), {-0.18, 0, 0.33}),
      Towards({-0.8, 0, 0.6}, Piece(ShapeKind::kCone, {0.3, 0.3, 0.34}, {-0.42, 0, 0.48})),
      Piece(ShapeKind::kSphere, Vector3d::Constant(0.4), {0.2, 0, 0.76}),
      Towards(Vector3d::UnitX(), Piece(ShapeKind::kCone, {0.2, 0.2, 0.26}, {0.47, 0, 0.73}, 1))};
  for (const double y : {-0.13, 0.13}) {
    duck.parts.push_back(Piece(ShapeKind::kSphere, Vector3d::Constant(0.08), {0.33, y, 0.83}, 2));
    duck.parts.push_back(Piece(ShapeKind::kBox, {0.3, 0.18, 0.06}, {0.1, 1.2 * y, 0.03}, 1));
  }
  return duck;
}

Model ModelOf(Familiar kind) {
  switch (kind) {
    case Familiar::kTable:
      return Table();
    case Familiar::kMug:
      return Mug();
    case Familiar::kToyCar:
      return ToyCar();
    case Familiar::kLamp:
      return Lamp();
    case Familiar::kDuck:
      return Duck();
  }
  throw CheckFailure("unknown familiar thing");
}

}  // namespace

Body MakeFamiliar(Random& random, const FamiliarSpec& spec) {
  Model model = ModelOf(spec.kind);
  const Matter& matter = MatterNamed(model.matter);
  Body body;
  body.name = spec.colour.name + " " + model.noun;
  body.material = MaterialOf(random, matter, {spec.colour, spec.size_m});
  body.part_materials = std::move(model.other_looks);
  body.mass_kg = 0;
  for (ShapePart& part : model.parts) {
    part.shape.size_m *= spec.size_m;
    part.shape.wall_m *= spec.size_m;
    part.body_from_part.translation.z() -= model.height / 2;
    part.body_from_part.translation *= spec.size_m;
    part.density = part.look == 0 ? matter.density_kgpm3 : model.densities_kgpm3.at(part.look - 1);
    body.mass_kg += part.density * VolumeOf(part.shape);
  }
  body.shape.kind = ShapeKind::kCompound;
  body.shape.parts = std::move(model.parts);
  body.shape = WithExtents(body.shape);
  return body;
}

}  // namespace plumb
