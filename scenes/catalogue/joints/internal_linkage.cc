// SPDX-License-Identifier: Apache-2.0
#include "scenes/catalogue/joints/internal_linkage.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <Eigen/Cholesky>

#include "core/check.h"
#include "core/mass_properties.h"
#include "scenes/catalogue/internal_observing.h"
#include "scenes/checks/internal_checks.h"

namespace plumb {
namespace {

constexpr double kGap_m = 0.001;
constexpr double kWay_m = 0.001;
constexpr double kEnergyShare = 0.002;

// The axis of link i in the frame of its body: from the anchor of joint i to that of joint i + 1 or
// to the centre of mass.
Eigen::Vector3d AxisInBody(const Scene& scene, size_t i) {
  const Body& body = scene.bodies[FindBody(scene, scene.joints[i].body_a)];
  const Eigen::Vector3d end = i + 1 < scene.joints.size()
                                  ? scene.joints[i + 1].anchor_m
                                  : body.world_from_body * MassPropertiesOf(body.shape).centre_m;
  Eigen::Vector3d axis = end - scene.joints[i].anchor_m;
  axis.y() = 0;
  return body.world_from_body.rotation.conjugate() * axis;
}

}  // namespace

std::vector<Link> LinksOf(const Scene& scene) {
  std::vector<Link> links;
  for (size_t i = 0; i < scene.joints.size(); ++i) {
    const Joint& joint = scene.joints[i];
    PLUMB_CHECK(i == 0 || joint.body_b == scene.joints[i - 1].body_a, "joint '{}'", joint.name);
    const Body& body = scene.bodies[FindBody(scene, joint.body_a)];
    const MassProperties mass = MassPropertiesOf(body.shape);
    // Inertia about the world's y, which the axis of the swing stays.
    const Eigen::Vector3d y = body.world_from_body.rotation.conjugate() * Eigen::Vector3d::UnitY();
    const Eigen::Vector3d axis = body.world_from_body.rotation * AxisInBody(scene, i);
    const Eigen::Vector3d arm = body.world_from_body * mass.centre_m - joint.anchor_m;
    links.push_back({body.mass_kg,
                     body.mass_kg * y.dot(mass.inertia_m2 * y),
                     axis.norm(),
                     arm.dot(axis.normalized())});
  }
  return links;
}

LinkageState LinkageAt(const Scene& scene, const Motion& motion, int step) {
  const auto num = static_cast<Eigen::Index>(scene.joints.size());
  LinkageState state{Eigen::VectorXd(num), Eigen::VectorXd(num)};
  for (Eigen::Index i = 0; i < num; ++i) {
    const int body = FindBody(scene, scene.joints[i].body_a);
    const BodyState& now = motion.states[step][body];
    const Eigen::Vector3d axis = now.world_from_body.rotation * AxisInBody(scene, i);
    state.angles_rad[i] = std::atan2(axis.x(), -axis.z());
    // About +y an axis that points down turns towards -x.
    state.rates_radps[i] = -now.angular_velocity_radps.y();
  }
  return state;
}

Linkage::Linkage(std::vector<Link> links, double gravity_mps2) : links_(std::move(links)) {
  const auto num = static_cast<Eigen::Index>(links_.size());
  coupling_kgm2_.resize(num, num);
  weight_nm_.resize(num);
  double below_kg = 0;
  for (Eigen::Index j = num - 1; j >= 0; --j) {
    const Link& link = links_[j];
    const double moment_kgm = link.mass_kg * link.centre_m + below_kg * link.length_m;
    for (Eigen::Index i = 0; i < j; ++i) {
      coupling_kgm2_(i, j) = coupling_kgm2_(j, i) = links_[i].length_m * moment_kgm;
    }
    coupling_kgm2_(j, j) = link.inertia_kgm2 + link.mass_kg * link.centre_m * link.centre_m +
                           below_kg * link.length_m * link.length_m;
    weight_nm_[j] = gravity_mps2 * moment_kgm;
    below_kg += link.mass_kg;
  }
}

Eigen::VectorXd Linkage::Accelerations(const LinkageState& state) const {
  const Eigen::Index num = state.angles_rad.size();
  Eigen::MatrixXd inertia(num, num);
  Eigen::VectorXd torque = -weight_nm_.cwiseProduct(state.angles_rad.array().sin().matrix());
  for (Eigen::Index i = 0; i < num; ++i) {
    for (Eigen::Index j = 0; j < num; ++j) {
      const double apart_rad = state.angles_rad[i] - state.angles_rad[j];
      inertia(i, j) = coupling_kgm2_(i, j) * std::cos(apart_rad);
      torque[i] -=
          coupling_kgm2_(i, j) * std::sin(apart_rad) * state.rates_radps[j] * state.rates_radps[j];
    }
  }
  return inertia.ldlt().solve(torque);
}

LinkageState Linkage::Advance(const LinkageState& state, double step_s) const {
  const auto moved = [&](const LinkageState& slope, double factor_s) {
    return LinkageState{state.angles_rad + factor_s * slope.angles_rad,
                        state.rates_radps + factor_s * slope.rates_radps};
  };
  const auto slope = [&](const LinkageState& at) {
    return LinkageState{at.rates_radps, Accelerations(at)};
  };
  const LinkageState a = slope(state);
  const LinkageState b = slope(moved(a, step_s / 2));
  const LinkageState c = slope(moved(b, step_s / 2));
  const LinkageState d = slope(moved(c, step_s));
  return moved({a.angles_rad + 2 * b.angles_rad + 2 * c.angles_rad + d.angles_rad,
                a.rates_radps + 2 * b.rates_radps + 2 * c.rates_radps + d.rates_radps},
               step_s / 6);
}

Eigen::Matrix2Xd Linkage::Centres_m(const Eigen::VectorXd& angles_rad) const {
  Eigen::Matrix2Xd centres(2, angles_rad.size());
  Eigen::Vector2d joint = Eigen::Vector2d::Zero();
  for (Eigen::Index i = 0; i < angles_rad.size(); ++i) {
    const Eigen::Vector2d axis(std::sin(angles_rad[i]), -std::cos(angles_rad[i]));
    centres.col(i) = joint + links_[i].centre_m * axis;
    joint += links_[i].length_m * axis;
  }
  return centres;
}

double Linkage::Swing_j(const Eigen::VectorXd& angles_rad) const {
  return weight_nm_.dot((1 - angles_rad.array().cos()).matrix());
}

double LargestLinkageError_m(const Scene& scene, const Motion& motion, double until_s) {
  const Linkage linkage(LinksOf(scene), scene.gravity_mps2.norm());
  const Eigen::Vector3d pivot = scene.joints.front().anchor_m;
  LinkageState state = LinkageAt(scene, motion, 0);
  double error_m = 0;
  for (int step = 1; step <= StepNear(motion, until_s); ++step) {
    state = linkage.Advance(state, 1 / motion.rate_hz);
    const Eigen::Matrix2Xd centres = linkage.Centres_m(state.angles_rad);
    for (Eigen::Index i = 0; i < centres.cols(); ++i) {
      const int body = FindBody(scene, scene.joints[i].body_a);
      const Eigen::Vector3d expected = pivot + Eigen::Vector3d(centres(0, i), 0, centres(1, i));
      Eigen::Vector3d gap = CentreOfMass(scene.bodies[body], motion.states[step][body]) - expected;
      // Links may swing in planes behind each other, each in its own.
      gap.y() -= CentreOfMass(scene.bodies[body], motion.states[0][body]).y() - pivot.y();
      error_m = std::max(error_m, gap.norm());
    }
  }
  return error_m;
}

std::vector<LawCheck> CheckLinkage(const Scene& scene, const Motion& motion, double until_s) {
  const Linkage linkage(LinksOf(scene), scene.gravity_mps2.norm());
  const double start_j = TotalEnergy_j(scene, motion, 0);
  double change_j = 0;
  for (int step = 0; step < static_cast<int>(motion.states.size()); step += 8) {
    change_j = std::max(change_j, std::abs(TotalEnergy_j(scene, motion, step) - start_j));
  }
  const double swing_j = linkage.Swing_j(LinkageAt(scene, motion, 0).angles_rad);
  return {Compare("way off Lagrange's equations in the first " + fmt::format("{} s", until_s),
                  "m",
                  {0, LargestLinkageError_m(scene, motion, until_s), kWay_m}),
          Compare("gap in a joint", "m", {0, LargestJointGap_m(scene, motion), kGap_m}),
          Compare("change of the total energy, share of the swing's",
                  "share",
                  {0, change_j / swing_j, kEnergyShare})};
}

}  // namespace plumb
