// SPDX-License-Identifier: Apache-2.0
#include "app/worker.h"

#include <cerrno>
#include <fcntl.h>
#include <iostream>
#include <new>
#include <signal.h>
#include <string>
#include <string_view>
#include <sys/prctl.h>
#include <system_error>
#include <unistd.h>

#include <fmt/format.h>

#include "app/cell_task.h"
#include "app/score_task.h"
#include "app/stage_clock.h"
#include "core/check.h"
#include "core/json.h"

namespace plumb {
namespace {

constexpr int kReplyDescriptor = 3;

Json DoRequest(const Json& request, StageClock& clock, CellMemory& memory) {
  const auto kind = request.at("kind").get<std::string>();
  if (kind == "truth") return DoTruthTask(request, clock);
  if (kind == "cell") return DoCellTask(request, clock, memory);
  if (kind == "score") return ReplyOf(DoScoreTask(ScoreTaskFromJson(request), clock));
  throw CheckFailure(fmt::format("unknown request '{}'", kind));
}

Json Failure(const std::string& stage, ExitCode code, const std::string& text) {
  return {{"failed", {{"stage", stage}, {"reason", text}, {"code", static_cast<int>(code)}}}};
}

Json Answer(const Json& request, StageClock& clock, CellMemory& memory) {
  try {
    return {{"done", DoRequest(request, clock, memory)}};
  } catch (...) {
    return FailureAnswer(clock.stage());
  }
}

// One line on the reply descriptor. A parent that is gone ends the worker.
void Send(const Json& message) {
  const std::string line = message.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  std::string_view rest = line;
  while (!rest.empty()) {
    const ssize_t written = write(kReplyDescriptor, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) _exit(static_cast<int>(ExitCode::kInterrupted));
    rest.remove_prefix(static_cast<size_t>(written));
  }
}

void PrepareProcess() {
  // The end of the parent, however it ends, is the end of the worker; Ctrl-C is the parent's to
  // handle.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  signal(SIGINT, SIG_IGN);
  signal(SIGTERM, SIG_DFL);
  // A program that a model starts must not hold the replies open when the worker is gone.
  fcntl(kReplyDescriptor, F_SETFD, FD_CLOEXEC);
  const int nowhere = open("/dev/null", O_WRONLY);
  if (nowhere >= 0) {
    dup2(nowhere, STDOUT_FILENO);
    close(nowhere);
  }
}

}  // namespace

Json FailureAnswer(const std::string& stage) {
  try {
    throw;
  } catch (const Error& error) {
    return Failure(stage, error.exit_code(), error.what());
  } catch (const std::bad_alloc&) {
    return Failure(stage, ExitCode::kIncomplete, "out of memory");
  } catch (const std::system_error& error) {
    return Failure(stage, ExitCode::kEnvironment, error.what());
  } catch (const std::exception& error) {
    return Failure(stage, ExitCode::kInternal, error.what());
  }
}

ExitCode ServeRequests() {
  PrepareProcess();
  CellMemory memory;
  std::string line;
  while (std::getline(std::cin, line)) {
    StageClock clock([](const std::string& stage) { Send({{"stage", stage}}); });
    Json request = Json::parse(line, nullptr, /*allow_exceptions=*/false);
    Send(request.is_object()
             ? Answer(request, clock, memory)
             : Failure(clock.stage(), ExitCode::kInternal, "the request is no JSON object"));
  }
  return ExitCode::kOk;
}

}  // namespace plumb
