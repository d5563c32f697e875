// SPDX-License-Identifier: Apache-2.0
// Depth, masks and normals of every shape against rays marched through the shape's own formula.
#include <algorithm>
#include <cmath>
#include <limits>

#include <gmock/gmock.h>

#include "core/seed.h"
#include "scenes/render.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

constexpr int kSize = 32;

Scene Lone(const Shape& shape, uint64_t seed) {
  Random random(seed);
  Scene scene;
  scene.id = "lone-shape";
  Body body = PlainBody("thing", shape.kind, shape.size_m);
  body.shape = shape;
  const Eigen::Vector3d axis(random.Normal(), random.Normal(), random.Normal());
  body.world_from_body =
      Rigid3(Eigen::Quaterniond(Eigen::AngleAxisd(random.Uniform(0, 3), axis.normalized())),
             {random.Uniform(-0.1, 0.1), 0, random.Uniform(-0.1, 0.1)});
  scene.gravity_mps2.setZero();
  scene.bodies = {body};
  scene.camera.eye_m = {0.2, -3, 0.5};
  scene.camera.target_m = {0, 0, 0};
  scene.camera.fov_rad = 0.5;
  return scene;
}

// Depth of the first point of the ray inside of the shape, by steps and halving; infinite when
// none.
double MarchedDepth(const Truth& truth, const Eigen::Vector2d& point) {
  constexpr double kStep_m = 2e-3;
  const Body& body = truth.scene.bodies[0];
  const Rigid3 body_from_world = Inverse(body.world_from_body);
  const auto inside = [&](double depth_m) {
    return IsInside(body.shape, body_from_world * Unproject(truth.cameras[0], point, depth_m));
  };
  for (double depth_m = 1.8; depth_m < 4.2; depth_m += kStep_m) {
    if (!inside(depth_m)) continue;
    double low = depth_m - kStep_m, high = depth_m;
    for (int i = 0; i < 40; ++i) (inside((low + high) / 2) ? high : low) = (low + high) / 2;
    return high;
  }
  return std::numeric_limits<double>::infinity();
}

class EveryShapeTest : public ::testing::TestWithParam<ShapeKind> {};

TEST_P(EveryShapeTest, DepthIsThatOfTheShapeItself) {
  RenderOptions options = SmallOptions(1);
  options.width = options.height = kSize;
  double worst = 0;
  int compared = 0, disagreeing = 0;
  for (const uint64_t seed : {1, 2}) {
    const Truth truth = MakeTruth(Lone(OneOfKind(GetParam()), seed), options);
    const auto depth = truth.passes.depth_m.As<float>();
    const auto instances = truth.passes.instances.As<uint8_t>();
    for (int i = 0; i < kSize * kSize; ++i) {
      EXPECT_EQ(instances[i] == 0, std::isinf(depth[i]));
      const double marched = MarchedDepth(truth, {i % kSize + 0.5, i / kSize + 0.5});
      if (std::isinf(marched) && std::isinf(depth[i])) continue;
      // Marching steps over slivers, and a mesh lies a little inside of its shape.
      if (std::isinf(marched) != std::isinf(depth[i]) || std::abs(marched - depth[i]) > 0.02) {
        ++disagreeing;
        continue;
      }
      ++compared;
      worst = std::max(worst, std::abs(depth[i] - marched) / marched);
    }
  }
  RecordProperty("worst_relative", std::to_string(worst));
  EXPECT_GT(compared, 120);
  EXPECT_LE(disagreeing, compared / 100);
  EXPECT_LT(worst, 1e-4);
}

TEST_P(EveryShapeTest, TheAmodalMaskAloneIsTheInstanceMask) {
  const Truth truth = MakeTruth(Lone(OneOfKind(GetParam()), 3), SmallOptions(1));
  const auto instances = truth.passes.instances.As<uint8_t>();
  const auto amodal = truth.passes.amodal.As<uint8_t>();
  for (size_t i = 0; i < instances.size(); ++i) ASSERT_EQ(instances[i], amodal[i]);
  EXPECT_DOUBLE_EQ(truth.views[0][0].visible_share, 1);
}

// How much brightness against the plain picture varies over the shape.
double SpreadAgainst(const Truth& plain, const Truth& patterned) {
  const auto instances = plain.passes.instances.As<uint8_t>();
  double count = 0, sum = 0, squares = 0;
  for (size_t i = 0; i < instances.size(); ++i) {
    const double before = plain.video.frame(0).rgb[3 * i];
    if (instances[i] == 0 || before < 40) continue;
    const double ratio = patterned.video.frame(0).rgb[3 * i] / before;
    count += 1;
    sum += ratio;
    squares += ratio * ratio;
  }
  EXPECT_GT(count, 100);
  return std::sqrt(squares / count - sum * sum / (count * count));
}

TEST_P(EveryShapeTest, PatternsGiveItDifferentTones) {
  Scene scene = Lone(OneOfKind(GetParam()), 4);
  Material& material = scene.bodies[0].material;
  material.pattern_size_m = 0.12;
  material.second_colour = {0, 0, 0};
  const Truth plain = MakeTruth(scene, SmallOptions(1));
  for (const Pattern pattern :
       {Pattern::kChecker, Pattern::kStripes, Pattern::kWood, Pattern::kBrick}) {
    material.pattern = pattern;
    EXPECT_GT(SpreadAgainst(plain, MakeTruth(scene, SmallOptions(1))), 0.06)
        << static_cast<int>(pattern);
  }
}

INSTANTIATE_TEST_SUITE_P(Kinds, EveryShapeTest, ::testing::ValuesIn(kEveryKind));

// A table of four legs and a top, each part in its own colour.
TEST(EveryShapeTestOfCompounds, PartsHaveTheirOwnLooksAndMarks) {
  Scene scene = Lone(OneOfKind(ShapeKind::kCompound), 1);
  Body& body = scene.bodies[0];
  body.world_from_body = Rigid3();
  body.material.colour = {1, 0, 0};
  Material green;
  green.colour = {0, 1, 0};
  green.gloss = 0;
  body.part_materials = {green};
  body.shape.parts[1].look = 1;
  const Truth truth = MakeTruth(scene, SmallOptions(1));
  int red = 0, green_seen = 0;
  for (size_t i = 0; i < truth.video.frame(0).rgb.size(); i += 3) {
    const uint8_t* pixel = &truth.video.frame(0).rgb[i];
    red += pixel[0] > 30 && pixel[1] < 10;
    green_seen += pixel[1] > 30 && pixel[0] < 10;
  }
  EXPECT_GT(red, 100);
  EXPECT_GT(green_seen, 100);
}

}  // namespace
}  // namespace plumb
