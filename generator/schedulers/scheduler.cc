// SPDX-License-Identifier: Apache-2.0
#include "core/check.h"
#include "core/errors.h"
#include "generator/schedulers/internal_scheduler_classes.h"

namespace plumb {

at::Tensor Scheduler::Step(const StepInput& input) {
  PLUMB_CHECK(!Done(), "all {} steps are over", num_steps());
  PLUMB_CHECK(!WantsNoise() || input.noise.defined(), "step {} wants noise", step());
  at::Tensor next = Advance(input);
  ++state_.step;
  return next;
}

void Scheduler::Restore(SchedulerState state) {
  PLUMB_CHECK(
      state.step >= 0 && state.step <= num_steps(), "step {} of {}", state.step, num_steps());
  for (const std::string& name : HistoryNames(state.step)) {
    PLUMB_CHECK(state.history.count(name) == 1, "'{}' is missing", name);
  }
  state_ = std::move(state);
}

}  // namespace plumb
