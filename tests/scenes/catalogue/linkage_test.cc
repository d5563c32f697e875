// SPDX-License-Identifier: Apache-2.0
// The equations of a row of links against closed forms of their own.
#include <cmath>
#include <numbers>

#include <gmock/gmock.h>

#include "scenes/catalogue.h"
#include "scenes/catalogue/internal_swing.h"
#include "scenes/catalogue/joints/internal_linkage.h"
#include "scenes/simulate.h"

namespace plumb {
namespace {

constexpr double kGravity_mps2 = 9.81;

LinkageState AtRest(const Eigen::VectorXd& angles_rad) {
  return {angles_rad, Eigen::VectorXd::Zero(angles_rad.size())};
}

LinkageState After(const Linkage& linkage, LinkageState state, double time_s) {
  constexpr int kSteps = 2000;
  for (int k = 0; k < kSteps; ++k) state = linkage.Advance(state, time_s / kSteps);
  return state;
}

TEST(LinkageTest, OneLinkIsAPendulum) {
  // A thin rod: I = m l² / 12 about its middle.
  const Linkage rod({{2.0, 2.0 / 12, 1.0, 0.5}}, kGravity_mps2);
  const double rate = std::sqrt(1.5 * kGravity_mps2);
  const double period_s = PendulumPeriod_s(rate, 1.2);
  const Eigen::VectorXd start = Eigen::VectorXd::Constant(1, 1.2);
  EXPECT_NEAR(After(rod, AtRest(start), period_s).angles_rad[0], 1.2, 1e-9);
  EXPECT_NEAR(After(rod, AtRest(start), period_s / 4).angles_rad[0], 0, 1e-9);
}

TEST(LinkageTest, TwoEqualWeightsHaveTheKnownModes) {
  // Two points of equal mass on equal strings: ω² = (2 ∓ √2) g / l, amplitudes 1 : ±√2.
  const Linkage linkage({{1, 0, 0.5, 0.5}, {1, 0, 0.5, 0.5}}, kGravity_mps2);
  for (const double sign : {1.0, -1.0}) {
    const double rate = std::sqrt((2 - sign * std::sqrt(2.0)) * kGravity_mps2 / 0.5);
    const Eigen::Vector2d start(1e-4, sign * std::sqrt(2.0) * 1e-4);
    const LinkageState half = After(linkage, AtRest(start), std::numbers::pi / rate);
    EXPECT_LT((half.angles_rad + start).norm(), 1e-9) << sign;
    EXPECT_LT(half.rates_radps.norm(), 1e-8) << sign;
  }
}

TEST(LinkageTest, AFoldedRowKeepsItsEnergy) {
  const Linkage linkage({{1, 0.02, 0.4, 0.2}, {0.5, 0.01, 0.3, 0.2}, {2, 0.05, 0.5, 0.6}},
                        kGravity_mps2);
  const Eigen::Vector3d start(1.0, -0.4, 2.0);
  const double high_j = linkage.Swing_j(start);
  EXPECT_GT(high_j, 1);
  // Back through rest, time reversed: the same height as before.
  LinkageState turned = After(linkage, AtRest(start), 1.0);
  EXPECT_LT(linkage.Swing_j(turned.angles_rad), high_j);
  turned.rates_radps *= -1;
  EXPECT_NEAR(linkage.Swing_j(After(linkage, turned, 1.0).angles_rad), high_j, 1e-6);
}

TEST(LinkageTest, CentresFollowTheAngles) {
  const Linkage linkage({{1, 0, 0.5, 0.25}, {1, 0, 1, 0.5}}, kGravity_mps2);
  const auto centres = linkage.Centres_m(Eigen::Vector2d(std::numbers::pi / 2, 0));
  EXPECT_LT((centres.col(0) - Eigen::Vector2d(0.25, 0)).norm(), 1e-12);
  EXPECT_LT((centres.col(1) - Eigen::Vector2d(0.5, -0.5)).norm(), 1e-12);
}

TEST(LinkageTest, ReadsTheLinksOfAScene) {
  const Scene scene = MakeScene("linked_chain", 3, 2);
  const std::vector<Link> links = LinksOf(scene);
  ASSERT_EQ(links.size(), scene.joints.size());
  for (size_t i = 0; i + 1 < links.size(); ++i) {
    EXPECT_NEAR(links[i].centre_m, links[i].length_m / 2, 1e-12);
    // A ring about its diameter or about its axis.
    const double radius_m =
        scene.bodies[FindBody(scene, scene.joints[i].body_a)].shape.size_m.x() / 2;
    const double share = links[i].inertia_kgm2 / (links[i].mass_kg * radius_m * radius_m);
    EXPECT_GT(share, 0.3) << i;
    EXPECT_LT(share, 1.0) << i;
  }
  const LinkageState start = LinkageAt(scene, Simulate(scene, {.duration_s = 0.1}), 0);
  EXPECT_LT((start.angles_rad.array() - start.angles_rad[0]).abs().maxCoeff(), 1e-12);
  EXPECT_EQ(start.rates_radps.norm(), 0);
}

}  // namespace
}  // namespace plumb
