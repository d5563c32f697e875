// SPDX-License-Identifier: Apache-2.0
#include "core/parallel.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "core/check.h"

namespace plumb {
namespace {

constexpr std::chrono::milliseconds kLook(100);  // how often progress is shown and stops are seen

// What the threads share, all of it under one lock.
class Pieces {
 public:
  explicit Pieces(int count) : count_(count) {}

  // The next piece of work, or -1 when there is none.
  int Take() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return stopped_ || next_ == count_ ? -1 : next_++;
  }
  void Finish() {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++done_;
    changed_.notify_one();
  }
  void Fail(int index, std::exception_ptr error) {
    const std::lock_guard<std::mutex> lock(mutex_);
    errors_.emplace(index, std::move(error));
    stopped_ = true;
    changed_.notify_one();
  }
  void Leave() {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++left_;
    changed_.notify_one();
  }
  void Cancel() {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopped_ = cancelled_ = true;
  }
  bool Cancelled() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return cancelled_;
  }
  // Waits a moment; true when all `threads` have left.
  bool AllLeft(int threads, int& done) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait_for(lock, kLook, [&] { return left_ == threads; });
    done = done_;
    return left_ == threads;
  }
  void Rethrow() const {
    if (!errors_.empty()) std::rethrow_exception(errors_.begin()->second);
  }

 private:
  const int count_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  int next_ = 0;
  int done_ = 0;
  int left_ = 0;
  bool stopped_ = false;    // no further piece is begun
  bool cancelled_ = false;  // those begun should end
  std::map<int, std::exception_ptr> errors_;
};

}  // namespace

void DoInParallel(const std::string& what,
                  int count,
                  int threads,
                  const std::function<void(int, const Progress&)>& work,
                  const Progress& progress) {
  PLUMB_CHECK(count >= 0 && threads >= 1, "{} on {}", count, threads);
  progress.Report(what, 0, count);
  progress.ThrowIfCancelled();
  Pieces pieces(count);
  Progress quiet;
  quiet.cancelled = [&] { return pieces.Cancelled(); };
  const auto labour = [&] {
    for (int index; (index = pieces.Take()) >= 0;) {
      try {
        work(index, quiet);
        pieces.Finish();
      } catch (...) {
        pieces.Fail(index, std::current_exception());
      }
    }
    pieces.Leave();
  };
  const int hands = std::min(threads, std::max(count, 1));
  std::vector<std::jthread> workers;
  for (int i = 0; i < hands; ++i) workers.emplace_back(labour);
  for (int done = 0; !pieces.AllLeft(hands, done);) {
    progress.Report(what, done, count);
    if (progress.Cancelled()) pieces.Cancel();
  }
  workers.clear();
  if (pieces.Cancelled()) throw CancelledError();
  pieces.Rethrow();
}

}  // namespace plumb
