// SPDX-License-Identifier: Apache-2.0
#include "scenes/catalogue/joints/internal_on_rod.h"

#include "core/mass_properties.h"
#include "scenes/catalogue/internal_matter.h"

namespace plumb {
namespace {

constexpr double kWood_kgpm3 = 600;

}  // namespace

Body OnRod(Body head, const Rigid3& body_from_head, const Rod& rod) {
  ShapePart top;
  top.shape = head.shape;
  top.body_from_part = body_from_head;
  top.density = head.mass_kg / VolumeOf(head.shape);
  ShapePart stick;
  stick.shape = {ShapeKind::kCylinder, {rod.width_m, rod.width_m, rod.length_m}};
  stick.body_from_part.translation = {0, 0, rod.length_m / 2};
  stick.density = kWood_kgpm3;
  stick.look = 1;
  head.shape.kind = ShapeKind::kCompound;
  head.shape.parts = {top, stick};
  head.shape = WithExtents(head.shape);
  head.part_materials = {BareWood()};
  head.mass_kg = top.density * VolumeOf(top.shape) + stick.density * VolumeOf(stick.shape);
  return head;
}

}  // namespace plumb
