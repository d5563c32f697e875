// SPDX-License-Identifier: Apache-2.0
#include "scenes/truth_events.h"

#include <algorithm>
#include <map>
#include <utility>

namespace plumb {
namespace {

constexpr double kTouchGap_s = 0.02;
constexpr double kRestSpeed_mps = 0.01;
constexpr double kRestSpin_radps = 0.05;
constexpr double kRestTime_s = 0.2;

using Events = std::vector<TruthEvent>;

void SortByTime(Events& events) {
  std::stable_sort(events.begin(), events.end(), [](const TruthEvent& a, const TruthEvent& b) {
    return a.time_s < b.time_s;
  });
}

void AddFirstContacts(const Motion& motion, Events& events) {
  std::map<std::pair<int, int>, bool> met;
  for (const ContactEvent& contact : motion.contacts) {
    if (!met.try_emplace({contact.body_a, contact.body_b}, true).second) continue;
    events.push_back(
        {contact.time_s, TruthEventKind::kFirstContact, contact.body_a, contact.body_b});
  }
}

void AddSeparations(const Motion& motion, Events& events) {
  std::map<std::pair<int, int>, int> last_step;
  const auto add = [&](const std::pair<int, int>& pair, int step) {
    const double time_s = (step + 1) / motion.rate_hz;
    events.push_back({time_s, TruthEventKind::kSeparation, pair.first, pair.second});
  };
  for (const StepContact& contact : motion.step_contacts) {
    const std::pair pair(contact.body_a, contact.body_b);
    const auto [last, is_new] = last_step.try_emplace(pair, contact.step);
    if (!is_new && contact.step - last->second > kTouchGap_s * motion.rate_hz) {
      add(pair, last->second);
    }
    last->second = contact.step;
  }
  for (const auto& [pair, step] : last_step) {
    const double left = static_cast<double>(motion.states.size()) - 2 - step;
    if (left > kTouchGap_s * motion.rate_hz) add(pair, step);
  }
}

void AddRests(const Scene& scene, const Motion& motion, Events& events) {
  const int last = static_cast<int>(motion.states.size()) - 1;
  for (size_t body = 0; body < scene.bodies.size(); ++body) {
    if (scene.bodies[body].fixed) continue;
    int first = last + 1;  // of the still states at the end
    while (first > 0) {
      const BodyState& state = motion.states[first - 1][body];
      if (state.velocity_mps.norm() > kRestSpeed_mps ||
          state.angular_velocity_radps.norm() > kRestSpin_radps) {
        break;
      }
      --first;
    }
    if (first == 0 || last - first < kRestTime_s * motion.rate_hz) continue;
    events.push_back({first / motion.rate_hz, TruthEventKind::kRest, static_cast<int>(body)});
  }
}

bool InView(Presence presence) {
  return presence == Presence::kVisible || presence == Presence::kOccluded;
}

}  // namespace

Events MotionEvents(const Scene& scene, const Motion& motion) {
  Events events;
  AddFirstContacts(motion, events);
  AddSeparations(motion, events);
  AddRests(scene, motion, events);
  SortByTime(events);
  return events;
}

Events SightEvents(const Truth& truth) {
  Events events;
  for (size_t frame = 1; frame < truth.views.size(); ++frame) {
    for (size_t body = 0; body < truth.views[frame].size(); ++body) {
      const Presence before = truth.views[frame - 1][body].presence;
      const Presence now = truth.views[frame][body].presence;
      const auto add = [&](TruthEventKind kind) {
        events.push_back({frame / truth.video.fps(), kind, static_cast<int>(body)});
      };
      if (!InView(before) && InView(now)) add(TruthEventKind::kEntersView);
      if (InView(before) && !InView(now)) add(TruthEventKind::kLeavesView);
      if (before == Presence::kVisible && now == Presence::kOccluded) add(TruthEventKind::kHidden);
      if (before == Presence::kOccluded && now == Presence::kVisible) add(TruthEventKind::kShown);
    }
  }
  return events;
}

Events EventsOf(const Truth& truth) {
  Events events = MotionEvents(truth.scene, truth.motion);
  const Events sight = SightEvents(truth);
  events.insert(events.end(), sight.begin(), sight.end());
  SortByTime(events);
  return events;
}

}  // namespace plumb
