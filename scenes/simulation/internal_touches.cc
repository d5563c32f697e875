// SPDX-License-Identifier: Apache-2.0
#include "scenes/simulation/internal_touches.h"

#include <algorithm>

#include "scenes/simulation/internal_bullet_conversions.h"

namespace plumb {
namespace {

// A touch that pauses for less than this is still the same touch (contacts flicker while a body
// settles).
constexpr double kTouchGap_s = 0.02;

Eigen::Vector3d VelocityAt(const BodyState& state, const Eigen::Vector3d& point_m) {
  return state.velocity_mps +
         state.angular_velocity_radps.cross(point_m - state.world_from_body.translation);
}

// Closing speed, and the time when the bodies met: as long ago as their overlap took to build up.
void DateTouch(ContactEvent& event, double overlap_m, double step_s, const BodyState* before) {
  const Eigen::Vector3d closing = VelocityAt(before[event.body_b], event.point_m) -
                                  VelocityAt(before[event.body_a], event.point_m);
  event.approach_mps = closing.dot(event.normal);
  const double ago_s = event.approach_mps > 0 ? overlap_m / event.approach_mps : 0.0;
  event.time_s = std::max(0.0, event.time_s - std::min(ago_s, step_s));
}

}  // namespace

void Touches::StartStep() {
  pairs_.clear();
  began_.clear();
}

void Touches::Add(const btPersistentManifold& manifold,
                  const btManifoldPoint& point,
                  PairTouch& touch) {
  const double impulse_ns = point.m_appliedImpulse;
  // Bullet's normal points from the second body to the first.
  const double side =
      manifold.getBody0()->getUserIndex() < manifold.getBody1()->getUserIndex() ? 1.0 : -1.0;
  const Eigen::Vector3d normal = side * ToEigen(point.m_normalWorldOnB);
  const Eigen::Vector3d point_m = ToEigen(point.getPositionWorldOnB());
  touch.event.impulse_ns += impulse_ns;
  touch.sum.impulse_ns += impulse_ns;
  touch.sum.point_m += impulse_ns * point_m;
  touch.sum.normal += impulse_ns * normal;
  if (impulse_ns <= touch.largest_ns) return;
  touch.largest_ns = impulse_ns;
  touch.event.normal = normal;
  touch.event.point_m = point_m;
  touch.overlap_m = std::max(0.0, -point.getDistance());
}

void Touches::Read(btDispatcher& dispatcher,
                   double now_s,
                   double step_s,
                   const std::vector<BodyState>& before) {
  touched_.assign(before.size(), false);
  read_s_ = now_s;
  read_.clear();
  for (int i = 0; i < dispatcher.getNumManifolds(); ++i) {
    const btPersistentManifold& manifold = *dispatcher.getManifoldByIndexInternal(i);
    const int first = manifold.getBody0()->getUserIndex();
    const int second = manifold.getBody1()->getUserIndex();
    for (int k = 0; k < manifold.getNumContacts(); ++k) {
      const btManifoldPoint& point = manifold.getContactPoint(k);
      if (point.getDistance() > 0 && point.m_appliedImpulse <= 0) continue;
      touched_[first] = touched_[second] = true;
      PairTouch& touch = read_[std::minmax(first, second)];
      touch.sum.depth_m = std::max(touch.sum.depth_m, -point.getDistance());
      if (point.m_appliedImpulse > 0) Add(manifold, point, touch);
    }
  }
  std::erase_if(read_, [](const auto& entry) { return entry.second.largest_ns <= 0; });
  for (auto& [pair, touch] : read_) {
    touch.event.body_a = pair.first;
    touch.event.body_b = pair.second;
    touch.event.time_s = now_s;
    DateTouch(touch.event, touch.overlap_m, step_s, before.data());
  }
}

void Touches::Keep() {
  for (const auto& [pair, touch] : read_) {
    const auto [last, is_new] = last_touch_s_.try_emplace(pair, read_s_);
    if (is_new || read_s_ - last->second > kTouchGap_s) began_.push_back(touch.event);
    last->second = read_s_;
    StepContact& sum = pairs_[pair];
    sum.impulse_ns += touch.sum.impulse_ns;
    sum.point_m += touch.sum.point_m;
    sum.normal += touch.sum.normal;
    sum.depth_m = std::max(sum.depth_m, touch.sum.depth_m);
  }
}

std::vector<StepContact> Touches::Pairs() const {
  std::vector<StepContact> result;
  for (const auto& [pair, sum] : pairs_) {
    StepContact contact = sum;
    contact.body_a = pair.first;
    contact.body_b = pair.second;
    contact.point_m /= sum.impulse_ns;
    contact.normal.normalize();
    result.push_back(contact);
  }
  return result;
}

}  // namespace plumb
