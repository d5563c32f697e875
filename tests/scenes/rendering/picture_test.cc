// SPDX-License-Identifier: Apache-2.0
// Sizes, edges, shadows and light of the pictures.
#include <cmath>

#include <gmock/gmock.h>

#include "core/errors.h"
#include "scenes/catalogue.h"
#include "scenes/render.h"
#include "scenes/rendering/internal_texture.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

using ::testing::HasSubstr;

RenderOptions SizedOptions(int width, int height) {
  RenderOptions options;
  options.width = width;
  options.height = height;
  options.frames = 1;
  return options;
}

double LinearAt(const Truth& truth, const Eigen::Vector2d& point) {
  const uint8_t* pixel =
      truth.video.frame(0).Pixel(static_cast<int>(point.x()), static_cast<int>(point.y()));
  return LinearFromSrgb(Eigen::Vector3d::Constant(pixel[0] / 255.0)).x();
}

TEST(PictureTest, EverySizeAndAspectShowsTheBallRound) {
  for (const auto& [width, height] : {std::pair(64, 64),
                                      std::pair(40, 72),
                                      std::pair(72, 40),
                                      std::pair(97, 61),
                                      std::pair(33, 129),
                                      std::pair(8, 8)}) {
    const Truth truth = MakeTruth(LoneSphere(), SizedOptions(width, height));
    EXPECT_EQ(truth.video.width(), width);
    EXPECT_EQ(truth.video.height(), height);
    EXPECT_EQ(truth.passes.depth_m.shape(), (std::vector<int64_t>{1, height, width}));
    EXPECT_EQ(truth.passes.amodal.shape(), (std::vector<int64_t>{1, 1, height, width}));
    EXPECT_EQ(truth.passes.flow_px.shape(), (std::vector<int64_t>{0, height, width, 2}));
    const BodyView& view = truth.views[0][0];
    EXPECT_NEAR(view.centroid_px.x(), width / 2.0, 0.51);
    EXPECT_NEAR(view.centroid_px.y(), height / 2.0, 0.51);
    // A ball of 1 m at 5 m: tangent at asin(1/5), with square pixels.
    const double diameter_px = 2 * truth.cameras[0].intrinsics.fy_px * std::tan(std::asin(0.2));
    EXPECT_EQ(truth.cameras[0].intrinsics.fx_px, truth.cameras[0].intrinsics.fy_px);
    EXPECT_NEAR(view.amodal_box_px[3], std::min<double>(height, diameter_px), 1.5);
    EXPECT_NEAR(view.amodal_box_px[2], std::min<double>(width, diameter_px), 1.5);
  }
}

// The field of view belongs to the shorter side: a square cut out of the middle of any picture
// shows the same.
TEST(PictureTest, PortraitAndLandscapeShowTheSquareInTheirMiddle) {
  const Scene scene = MakeScene("drop", 51, 1);
  const Truth square = MakeTruth(scene, SizedOptions(40, 40));
  for (const auto [width, height] : {std::pair(40, 64), std::pair(64, 40)}) {
    const Truth other = MakeTruth(scene, SizedOptions(width, height));
    const auto depth = other.passes.depth_m.As<float>();
    for (int y = 0; y < 40; ++y) {
      for (int x = 0; x < 40; ++x) {
        const int at = (y + (height - 40) / 2) * width + x + (width - 40) / 2;
        EXPECT_NEAR(depth[at], square.passes.depth_m.As<float>()[40 * y + x], 1e-4);
      }
    }
  }
}

TEST(PictureTest, SmallPicturesAreTheReductionOfLargeOnes) {
  // Half the size, averaged: the same scene up to the filters' differences.
  for (const char* scenario : {"drop", "orbit_room"}) {
    const Scene scene = MakeScene(scenario, 51, 2);
    const Image small = MakeTruth(scene, SizedOptions(64, 64)).video.frame(0);
    const Image large = MakeTruth(scene, SizedOptions(128, 128)).video.frame(0);
    const Image reduced = AreaResized(large, 64, 64);
    double sum = 0;
    for (size_t i = 0; i < small.rgb.size(); ++i) sum += std::abs(small.rgb[i] - reduced.rgb[i]);
    EXPECT_LT(sum / small.rgb.size(), 6) << scenario;
  }
}

TEST(PictureTest, AnEdgePixelMixesBothSides) {
  // A white box before black: columns are white, black, or at the edge a mixture of quarters.
  Scene scene = LoneSphere();
  scene.bodies[0].shape = {ShapeKind::kBox, {1.03, 0.2, 8}};
  scene.lighting.area_share = 0;
  const Truth truth = MakeTruth(scene, SizedOptions(64, 64));
  const Image& picture = truth.video.frame(0);
  const double bright = LinearAt(truth, {32, 32});
  int mixed = 0;
  for (int x = 0; x < 64; ++x) {
    const double share = LinearAt(truth, {x, 32}) / bright;
    EXPECT_NEAR(share * 4, std::round(share * 4), 0.05) << x;
    mixed += share > 0.1 && share < 0.9;
    EXPECT_EQ(picture.Pixel(x, 20)[0], picture.Pixel(x, 40)[0]);
  }
  EXPECT_THAT(mixed, ::testing::AllOf(::testing::Ge(1), ::testing::Le(2)));
}

TEST(PictureTest, ASlantedEdgeCoversPixelsByTheirShare) {
  // Along a slanted edge the mean over many edge pixels is a half.
  Scene scene = LoneSphere();
  scene.bodies[0].shape = {ShapeKind::kBox, {2, 0.1, 2}};
  scene.bodies[0].world_from_body.rotation = Eigen::AngleAxisd(0.37, Eigen::Vector3d::UnitY());
  scene.lighting.area_share = 0;
  const Truth truth = MakeTruth(scene, SizedOptions(128, 128));
  const double bright = LinearAt(truth, {64, 64});
  double sum = 0;
  for (int y = 0; y < 128; ++y) {
    for (int x = 0; x < 128; ++x) sum += LinearAt(truth, {x, y}) / bright;
  }
  // Area of the front face in square pixels.
  const double side_px = 2 * truth.cameras[0].intrinsics.fx_px / 4.95;
  EXPECT_NEAR(sum / (side_px * side_px), 1, 0.01);
}

TEST(PictureTest, ShadowsFallAwayFromTheLight) {
  for (const double side : {-1.0, 1.0}) {
    Scene scene = BallAboveFloor(0.25, 0.5);
    scene.bodies[1].fixed = true;
    scene.lighting.centre_m = {2.0 * side, 0, 4};
    scene.lighting.side_m = 0.3;
    scene.camera.eye_m = {0, -4, 2.5};
    scene.camera.target_m = {0, 0, 0.2};
    const Truth truth = MakeTruth(scene, SizedOptions(128, 128));
    const auto at = [&](const Eigen::Vector3d& x) {
      return LinearAt(truth, Project(truth.cameras[0], x).point_px);
    };
    // The line from the light through the ball's centre (0.4 m up) meets the floor here.
    const double shadow_x_m = -side * 2.0 * 0.4 / 3.6;
    EXPECT_LT(at({shadow_x_m, -0.03, 0}), 0.7 * at({-6 * shadow_x_m, -0.03, 0})) << side;
    EXPECT_LT(at({shadow_x_m, -0.03, 0}), 0.7 * at({4 * shadow_x_m, -0.03, 0})) << side;
  }
}

TEST(PictureTest, ALargerLightMakesSofterShadows) {
  const auto darkest_and_rim = [](double side_m) {
    Scene scene = BallAboveFloor(0.6, 0.5);
    scene.bodies[1].fixed = true;
    scene.lighting.centre_m = {0, 0, 4};
    scene.lighting.side_m = side_m;
    scene.camera.eye_m = {0, -4, 2.5};
    scene.camera.target_m = {0, 0, 0.2};
    const Truth truth = MakeTruth(scene, SizedOptions(128, 128));
    int between = 0;
    for (double x = -1; x <= 1; x += 0.01) {
      const double light = LinearAt(truth, Project(truth.cameras[0], {x, -0.03, 0}).point_px);
      between += light > 0.35 && light < 0.85;
    }
    return between;
  };
  EXPECT_GT(darkest_and_rim(2.0), darkest_and_rim(0.4) + 10);
}

TEST(PictureTest, BackgroundIsShownWhereNothingIs) {
  Scene scene = LoneSphere();
  scene.lighting.background = {0.2, 0.4, 0.8};
  const Truth truth = MakeTruth(scene, SizedOptions(64, 64));
  const uint8_t* corner = truth.video.frame(0).Pixel(0, 0);
  EXPECT_EQ(corner[0], 51);
  EXPECT_EQ(corner[1], 102);
  EXPECT_EQ(corner[2], 204);
  EXPECT_EQ(truth.passes.instances.As<uint8_t>()[0], 0);
}

TEST(PictureTest, NothingIsBrighterThanWhiteOrLeftBlack) {
  for (const ScenarioInfo& info : ListScenarios()) {
    const Truth truth = MakeTruth(MakeScene(info.id, 51, 3), SizedOptions(64, 64));
    double sum = 0;
    int burnt = 0;
    for (int i = 0; i < 64 * 64; ++i) {
      const uint8_t* pixel = &truth.video.frame(0).rgb[3 * i];
      sum += pixel[1];
      burnt += pixel[0] == 255 && pixel[1] == 255 && pixel[2] == 255;
    }
    EXPECT_GT(sum / (64 * 64), 40) << info.id;
    EXPECT_LT(sum / (64 * 64), 220) << info.id;
    EXPECT_LT(burnt, 64) << info.id;
  }
}

TEST(PictureTest, RefusalsNameTheFieldAndTheRange) {
  const auto message = [](auto change) {
    RenderOptions options = SmallOptions(2);
    change(options);
    try {
      options.Validate();
    } catch (const UsageError& error) {
      return std::string(error.what());
    }
    return std::string("no error");
  };
  EXPECT_EQ(message([](RenderOptions& o) { o.width = 7; }), "width is 7, expected 8 to 4096");
  EXPECT_EQ(message([](RenderOptions& o) { o.height = 5000; }),
            "height is 5000, expected 8 to 4096");
  EXPECT_EQ(message([](RenderOptions& o) { o.frames = 0; }), "frames is 0, expected 1 to 100000");
  EXPECT_THAT(message([](RenderOptions& o) { o.fps = std::nan(""); }), HasSubstr("fps is nan"));
  EXPECT_EQ(message([](RenderOptions&) {}), "no error");
}

TEST(PictureTest, ARateThatDoesNotFitIsRefusedWithBothNumbers) {
  const Scene scene = LoneSphere();
  Motion motion{100, {}, {}};
  motion.states.resize(200, {BodyState()});
  try {
    Render(scene, motion, SmallOptions(3));
    FAIL() << "no exception";
  } catch (const CheckFailure& failure) {
    EXPECT_THAT(failure.what(), HasSubstr("100"));
    EXPECT_THAT(failure.what(), HasSubstr("24"));
  }
}

}  // namespace
}  // namespace plumb
