// SPDX-License-Identifier: Apache-2.0
#include "app/signals.h"

#include <atomic>
#include <signal.h>
#include <unistd.h>

namespace plumb {
namespace {

std::atomic<int> received = 0;

void Remember(int signal) {
  // The second Ctrl-C does not wait for anything.
  if (signal == SIGINT && received.exchange(signal) == SIGINT) _exit(130);
  received = signal;
}

}  // namespace

void CatchSignals() {
  struct sigaction action = {};
  action.sa_handler = Remember;
  sigemptyset(&action.sa_mask);
  // Without SA_RESTART: a wait in the worker pool returns at once.
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  signal(SIGPIPE, SIG_IGN);
}

bool StopRequested() { return received != 0; }

ExitCode StopCode() {
  switch (received.load()) {
    case 0:
      return ExitCode::kOk;
    case SIGTERM:
      return ExitCode::kTerminated;
    default:
      return ExitCode::kInterrupted;
  }
}

}  // namespace plumb
