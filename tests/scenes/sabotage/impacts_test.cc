// SPDX-License-Identifier: Apache-2.0
// Blows that act late or early: when, on whom, and that nothing else is broken by it.
#include <cmath>

#include <gtest/gtest.h>

#include "scenes/catalogue.h"
#include "scenes/render.h"
#include "scenes/sabotage/internal_impacts.h"
#include "scenes/sabotage/internal_restart.h"
#include "tests/scenes/internal_test_scenes.h"

namespace plumb {
namespace {

constexpr double kRate_hz = 960;

RenderOptions TinyPictures() {
  RenderOptions options = SmallOptions(36);
  options.width = options.height = 16;
  return RenderOptions::PicturesOnly(options);
}

// Two balls, one rolling towards the other, at a size that nobody looks at.
struct Meeting {
  Meeting() : options(TinyPictures()), truth(MakeTruth(MakeScene("collide", 41, 1), options)) {
    for (const ContactEvent& contact : truth.motion.contacts) {
      const std::vector<Body>& bodies = truth.scene.bodies;
      if (bodies[contact.body_a].fixed || bodies[contact.body_b].fixed) continue;
      impact = contact;
      break;
    }
    // The target stands behind the mover in the scene.
    mover = impact.body_a;
    target = impact.body_b;
  }
  SabotageJob Job() const { return {truth, sabotage, 5, options, {}}; }
  int TouchStep() const { return static_cast<int>(std::floor(impact.time_s * kRate_hz)); }
  double Gap(const Motion& motion, int step) const {
    const Eigen::Vector3d apart = motion.states[step][mover].world_from_body.translation -
                                  motion.states[step][target].world_from_body.translation;
    return apart.norm() - truth.scene.bodies[mover].shape.size_m.x();
  }
  double Momentum(const Motion& motion, int step) const {
    return truth.scene.bodies[mover].mass_kg * motion.states[step][mover].velocity_mps.x() +
           truth.scene.bodies[target].mass_kg * motion.states[step][target].velocity_mps.x();
  }
  static double Speed(const Motion& motion, int step, int body) {
    return motion.states[step][body].velocity_mps.norm();
  }
  RenderOptions options;
  Truth truth;
  Sabotage sabotage;
  ContactEvent impact;
  int mover = 0;
  int target = 0;
};

const Meeting& TheMeeting() {
  static const Meeting meeting;
  return meeting;
}

TEST(ImpactsTest, UntilALateBlowActsBothStandWhereTheyTouch) {
  const Meeting& m = TheMeeting();
  const auto late = WithBlowShifted(m.Job(), 0.25);
  ASSERT_TRUE(late);
  EXPECT_EQ(late->struck_body, m.target);
  EXPECT_NEAR(late->first_frame, m.impact.time_s * 24, 1.1);
  const int touch = m.TouchStep();
  for (const int step : {touch + 2, touch + 100, touch + 230}) {
    for (const int body : {m.mover, m.target}) {
      const Eigen::Vector3d moved = late->motion.states[step][body].world_from_body.translation -
                                    late->motion.states[touch][body].world_from_body.translation;
      EXPECT_LT(moved.norm(), 1e-9) << step;
    }
  }
  // Before it is the truth's own motion.
  for (int step = 0; step < touch; step += 50) {
    EXPECT_EQ(late->motion.states[step][m.mover].velocity_mps,
              m.truth.motion.states[step][m.mover].velocity_mps);
  }
}

TEST(ImpactsTest, ALateBlowIsTheTruthsOwn) {
  const Meeting& m = TheMeeting();
  const auto late = WithBlowShifted(m.Job(), 0.25);
  ASSERT_TRUE(late);
  const int after = m.TouchStep() + 20;
  for (const int body : {m.mover, m.target}) {
    const Eigen::Vector3d difference = late->motion.states[after + 240][body].velocity_mps -
                                       m.truth.motion.states[after][body].velocity_mps;
    EXPECT_LT(difference.norm(), 0.01) << body;
  }
  EXPECT_GT(Meeting::Speed(late->motion, after + 240, m.target), 0.3);
}

TEST(ImpactsTest, ALateBlowLetsNothingEnterAnything) {
  const Meeting& m = TheMeeting();
  double deepest = 0;
  for (size_t step = 0; step < m.truth.motion.states.size(); ++step) {
    deepest = std::min(deepest, m.Gap(m.truth.motion, static_cast<int>(step)));
  }
  // As deep as the solver lets them in one step of the truth.
  EXPECT_GT(deepest, -2e-3);
  for (const double seconds : {0.05, 0.25, 0.5}) {
    const auto late = WithBlowShifted(m.Job(), seconds);
    ASSERT_TRUE(late);
    ASSERT_EQ(late->motion.states.size(), m.truth.motion.states.size());
    for (size_t step = 0; step < late->motion.states.size(); ++step) {
      EXPECT_GT(m.Gap(late->motion, static_cast<int>(step)), deepest - 1e-4) << step;
    }
  }
}

TEST(ImpactsTest, AnEarlyBlowActsAcrossTheGap) {
  const Meeting& m = TheMeeting();
  const auto early = WithBlowShifted(m.Job(), -0.25);
  ASSERT_TRUE(early);
  EXPECT_EQ(early->struck_body, m.target);
  EXPECT_NEAR(early->first_frame, (m.impact.time_s - 0.25) * 24, 1.1);
  const int acts = m.TouchStep() - 240;
  EXPECT_EQ(Meeting::Speed(early->motion, acts - 3, m.target),
            Meeting::Speed(m.truth.motion, acts - 3, m.target));
  EXPECT_NEAR(Meeting::Speed(early->motion, acts + 4, m.target),
              Meeting::Speed(m.truth.motion, m.TouchStep() + 4, m.target),
              0.02);
  // The mover is still a quarter of a second away.
  const double closing_mps = Meeting::Speed(m.truth.motion, acts, m.mover);
  EXPECT_NEAR(m.Gap(early->motion, acts), 0.25 * closing_mps, 0.02);
}

TEST(ImpactsTest, AnEarlyBlowKeepsTheMomentum) {
  const Meeting& m = TheMeeting();
  const auto early = WithBlowShifted(m.Job(), -0.25);
  ASSERT_TRUE(early);
  const int acts = m.TouchStep() - 240;
  const double before = m.Momentum(early->motion, acts - 3);
  EXPECT_GT(std::abs(before), 0.1);
  EXPECT_NEAR(m.Momentum(early->motion, acts + 4), before, 0.02 * std::abs(before));
}

TEST(ImpactsTest, AnEarlyBlowWaitsForTheFramesThatAreGiven) {
  const Meeting& m = TheMeeting();
  const auto early = WithBlowShifted(m.Job(), -30);
  ASSERT_TRUE(early);
  EXPECT_EQ(early->first_frame, 5);
  const int given = StepOfFrame(m.Job(), 4);
  for (int step = 0; step <= given; ++step) {
    EXPECT_EQ(early->motion.states[step][m.target].world_from_body.translation,
              m.truth.motion.states[step][m.target].world_from_body.translation);
  }
}

TEST(ImpactsTest, WhereNothingIsStruckThereIsNothingToShift) {
  Meeting alone = TheMeeting();
  alone.truth.motion.contacts.clear();
  EXPECT_FALSE(WithBlowShifted(alone.Job(), 0.25));
  EXPECT_FALSE(WithBlowShifted(alone.Job(), -0.25));
}

TEST(ImpactsTest, TheBodyNamedIsTheOneStruck) {
  Meeting m = TheMeeting();
  m.sabotage.body = m.truth.scene.bodies[m.mover].name;
  const auto late = WithBlowShifted(m.Job(), 0.25);
  ASSERT_TRUE(late);
  EXPECT_EQ(late->struck_body, m.mover);
}

}  // namespace
}  // namespace plumb
