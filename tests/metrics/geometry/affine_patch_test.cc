// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include <Eigen/LU>
#include <gtest/gtest.h>

#include "metrics/geometry/internal_affine_patch.h"

namespace plumb {
namespace {

// Brightness of a smooth texture at a place, in levels.
using Texture = std::function<double(double x, double y)>;

double Waves(double x, double y) {
  return 128.0 + 40.0 * std::sin(0.7 * x + 0.2 * y) + 35.0 * std::sin(0.6 * y - 0.25 * x + 1.0) +
         20.0 * std::sin(0.31 * x + 0.43 * y + 2.0);
}

class Picture {
 public:
  static constexpr int kSide = 64;

  explicit Picture(const Texture& texture) {
    for (int y = 0; y < kSide; ++y) {
      for (int x = 0; x < kSide; ++x) {
        pixels_.push_back(static_cast<uint8_t>(std::clamp(texture(x, y) + 0.5, 0.0, 255.0)));
      }
    }
  }
  GreyView view() const { return {pixels_.data(), kSide, kSide, kSide}; }

 private:
  std::vector<uint8_t> pixels_;
};

const Eigen::Vector2i kCentre(32, 31);
const Eigen::Vector2f kThere = kCentre.cast<float>();

// What the camera sees after the texture around the centre was stretched and shifted.
Picture Warped(const Texture& texture, const Eigen::Matrix2f& stretch, const Eigen::Vector2f& to) {
  const Eigen::Matrix2f back = stretch.inverse();
  return Picture([&](double x, double y) {
    const Eigen::Vector2f from =
        kThere + back * (Eigen::Vector2f(static_cast<float>(x), static_cast<float>(y)) - to);
    return texture(from.x(), from.y());
  });
}

Eigen::Matrix2f Stretch(float xx, float xy, float yx, float yy) {
  Eigen::Matrix2f stretch;
  stretch << xx, xy, yx, yy;
  return stretch;
}

// Eight bits and bilinear interpolation cost a few hundredths.
constexpr double kTolerancePx = 0.05;

TEST(AffinePatchTest, FindsAStretchedPatch) {
  const Eigen::Vector2f to(33.4f, 30.2f);
  const Eigen::Matrix2f stretch = Stretch(1.2f, 0.1f, -0.08f, 0.95f);
  const Picture before(Waves), after = Warped(Waves, stretch, to);
  const AffineFit fit =
      AffinePatch(before.view(), kCentre).Align(after.view(), {Eigen::Vector2f(33.0f, 30.5f)});
  EXPECT_TRUE(fit.settled);
  EXPECT_LT((fit.place.centre_px - to).norm(), kTolerancePx);
  EXPECT_LT((fit.place.stretch - stretch).norm(), 0.1);  // the prior holds a little back
}

TEST(AffinePatchTest, AShiftAloneLeavesThePatchUnstretched) {
  const Eigen::Vector2f to(31.3f, 31.9f);
  const Picture before(Waves), after = Warped(Waves, Eigen::Matrix2f::Identity(), to);
  const AffineFit fit = AffinePatch(before.view(), kCentre).Align(after.view(), {kThere});
  EXPECT_TRUE(fit.settled);
  EXPECT_LT((fit.place.centre_px - to).norm(), kTolerancePx);
  EXPECT_LT((fit.place.stretch - Eigen::Matrix2f::Identity()).norm(), 0.01);
  EXPECT_LT(fit.position_px, 0.03);
}

TEST(AffinePatchTest, AChangeOfExposureIsNoDoubt) {
  const Eigen::Vector2f to(32.6f, 30.7f);
  const Picture before(Waves);
  const Picture after([&](double x, double y) {
    return Waves(x - to.x() + kCentre.x(), y - to.y() + kCentre.y()) - 25.0;
  });
  const AffineFit fit = AffinePatch(before.view(), kCentre).Align(after.view(), {kThere});
  EXPECT_TRUE(fit.settled);
  EXPECT_LT((fit.place.centre_px - to).norm(), kTolerancePx);
  EXPECT_LT(fit.position_px, 0.03);
}

TEST(AffinePatchTest, HalfOfAPatchThatSlidesOnItsOwnLeavesDoubt) {
  // Right of the centre another surface moves by three pixels.
  const Picture before(Waves);
  const Picture after([](double x, double y) { return Waves(x > kCentre.x() ? x - 3.0 : x, y); });
  const AffinePatch patch(before.view(), kCentre);
  const double intact = patch.Align(before.view(), {kThere}).position_px;
  EXPECT_LT(intact, 0.005);
  EXPECT_GT(patch.Align(after.view(), {kThere}).position_px, 0.03);
}

TEST(AffinePatchTest, ALoneEdgeIsHeldAcrossIt) {
  const Texture edge = [](double x, double) { return 128.0 + 100.0 * std::tanh(0.4 * (x - 32)); };
  const Eigen::Vector2f to = kThere + Eigen::Vector2f(1.0f, 0.0f);
  const Picture before(edge), after = Warped(edge, Eigen::Matrix2f::Identity(), to);
  const AffineFit fit = AffinePatch(before.view(), kCentre).Align(after.view(), {kThere});
  EXPECT_NEAR(fit.place.centre_px.x(), to.x(), kTolerancePx);
  EXPECT_NEAR(fit.place.centre_px.y(), to.y(), kTolerancePx);  // nothing pulls it along the edge
}

TEST(AffinePatchTest, OutsideOfThePictureNothingCounts) {
  const Eigen::Vector2i corner(4, 5);
  const Eigen::Vector2f there = corner.cast<float>();
  const Picture before(Waves);
  const Picture after([](double x, double y) { return Waves(x + 0.7, y - 0.5); });
  const AffinePatch patch(before.view(), corner);
  const AffineFit fit = patch.Align(after.view(), {there});
  EXPECT_TRUE(fit.settled);
  EXPECT_NEAR(fit.place.centre_px.x(), there.x() - 0.7f, kTolerancePx);
  EXPECT_NEAR(fit.place.centre_px.y(), there.y() + 0.5f, kTolerancePx);
  EXPECT_FALSE(patch.Align(after.view(), {Eigen::Vector2f(-30.0f, 5.0f)}).settled);
}

TEST(AffinePatchTest, WithoutTextureItStaysAndSaysThatItCannotKnow) {
  const Picture grey([](double, double) { return 90.0; });
  const Picture noisy([](double x, double y) { return 90.0 + std::fmod(7 * x + 3 * y, 2); });
  const AffineFit fit = AffinePatch(grey.view(), kCentre).Align(noisy.view(), {kThere});
  EXPECT_EQ(fit.place.centre_px, kThere);
  EXPECT_GT(fit.position_px, 100.0);
}

}  // namespace
}  // namespace plumb
