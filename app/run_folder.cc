// SPDX-License-Identifier: Apache-2.0
#include "app/run_folder.h"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <regex>
#include <sys/statvfs.h>
#include <unistd.h>

#include <fmt/format.h>

#include "app/calibration_file.h"
#include "app/digest.h"
#include "app/plan.h"
#include "app/store.h"
#include "app/video_io.h"
#include "core/errors.h"
#include "core/result_document.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void FailWrite(const fs::path& path, int error) {
  throw EnvironmentError(
      fmt::format("{}: cannot be written: {}{}",
                  path.string(),
                  std::strerror(error),
                  error == ENOSPC ? "; free some space and run the same command again" : ""));
}

void Sync(const fs::path& path, int flags) {
  const int descriptor = open(path.c_str(), flags | O_CLOEXEC);
  if (descriptor < 0) FailWrite(path, errno);
  const int code = fsync(descriptor);
  const int error = errno;
  close(descriptor);
  // Some file systems refuse to sync a folder; that is no failure of the file.
  if (code != 0 && error != EINVAL) FailWrite(path, error);
}

void MakeFolders(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) throw EnvironmentError(fmt::format("{}: {}", path.string(), error.message()));
}

Results ResultsOfRun(const RunFolder& folder) {
  const std::string place = folder.plan().string();
  const Document document = ParseResultDocument(ReadFile(folder.plan(), kMaxResultBytes), place);
  const Plan plan = PlanFromJson(document.root, place);
  Results results = ResultsOf(plan, Store::OpenForReading(folder.store()));
  results.name = fs::weakly_canonical(folder.root).filename().string();
  return Calibrated(std::move(results));
}

// Only names that TemporaryNameFor made: a folder of the user's may hold other things in part.
bool IsLeftover(const fs::path& path) {
  static const std::regex kMade(R"(.*\.[0-9]+-[0-9]+\.part)");
  return std::regex_match(path.filename().string(), kMade);
}

}  // namespace

RunFolder CreateRunFolder(const fs::path& root) {
  const RunFolder folder{root};
  for (const fs::path& part :
       {folder.truths(), folder.samples(), folder.evidence(), folder.report()}) {
    MakeFolders(part);
  }
  return folder;
}

RunFolder OpenRunFolder(const fs::path& root) {
  const RunFolder folder{root};
  if (fs::exists(folder.plan())) return folder;
  std::string nearby;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(
           root.parent_path().empty() ? fs::path(".") : root.parent_path(), error)) {
    if (fs::exists(entry.path() / "plan.json")) nearby += " " + entry.path().string();
  }
  throw UsageError(fmt::format("{}: no run there (no plan.json){}",
                               root.string(),
                               nearby.empty() ? "" : "; runs beside it:" + nearby));
}

Results LoadResults(const fs::path& path) {
  if (!fs::exists(path)) throw UsageError(fmt::format("{}: no such run or file", path.string()));
  if (fs::is_directory(path)) {
    if (fs::exists(path / "plan.json")) return ResultsOfRun(RunFolder{path});
    if (fs::exists(path / "results.json")) return LoadResults(path / "results.json");
    OpenRunFolder(path);
  }
  const Document document = ParseResultDocument(ReadFile(path, kMaxResultBytes), path.string());
  return Calibrated(ResultsFromJson(document.root, path.string()));
}

std::string StoreSample(const RunFolder& folder, const Video& video) {
  const std::string digest = DigestOf(video);
  const fs::path home = folder.samples() / digest;
  const std::string relative = fmt::format("samples/{}/sample.mkv", digest);
  // The stamps are written last: where they are, everything is.
  if (fs::exists(home / "sample.json")) return relative;
  MakeFolders(home);
  WriteLossless(home / "sample.mkv", video);
  WriteProxy(home / "proxy.mp4", video);
  const Json facts = {{"schema", 1}, {"fps", video.fps()}, {"times_s", video.times_s()}};
  WriteFileDurably(home / "sample.json", facts.dump());
  return relative;
}

Video ReadSample(const RunFolder& folder, const std::string& relative_path) {
  const fs::path path = folder.root / relative_path;
  const fs::path facts_path = path.parent_path() / "sample.json";
  const Document facts = ParseJsonDocument(ReadFile(facts_path), facts_path.string());
  const LoadedVideo stored = ReadVideo(path);
  try {
    const auto times_s = facts.root.at("times_s").get<std::vector<double>>();
    if (times_s.size() != stored.video.frames().size()) {
      throw InputError(
          facts_path.string(),
          fmt::format("{} stamps for {} frames", times_s.size(), stored.video.frames().size()));
    }
    return Video(stored.video.frames(), facts.root.at("fps").get<double>(), times_s);
  } catch (const Json::exception& error) {
    throw InputError(facts_path.string(), error.what());
  }
}

fs::path TemporaryNameFor(const fs::path& path) {
  static std::atomic<int> counter = 0;
  fs::path name = path;
  name += fmt::format(".{}-{}.part", getpid(), counter++);
  return name;
}

void RemoveLeftovers(const fs::path& root) {
  std::vector<fs::path> leftovers;
  std::error_code error;
  for (fs::recursive_directory_iterator entry(root, error), end; !error && entry != end;
       entry.increment(error)) {
    if (IsLeftover(entry->path())) leftovers.push_back(entry->path());
  }
  for (const fs::path& path : leftovers) fs::remove_all(path, error);
}

void SyncAndRename(const fs::path& from, const fs::path& to) {
  Sync(from, O_RDONLY);
  std::error_code error;
  fs::rename(from, to, error);
  // A folder of the same content may have been put there by another worker in the meantime.
  if (error && fs::is_directory(from) && fs::is_directory(to)) {
    fs::remove_all(from);
    return;
  }
  if (error) throw EnvironmentError(fmt::format("{}: {}", to.string(), error.message()));
  Sync(to.parent_path().empty() ? fs::path(".") : to.parent_path(), O_RDONLY | O_DIRECTORY);
}

void WriteFileDurably(const fs::path& path, std::string_view bytes) {
  const fs::path aside = TemporaryNameFor(path);
  const int descriptor = open(aside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (descriptor < 0) FailWrite(path, errno);
  int error = 0;
  while (!bytes.empty() && error == 0) {
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    if (written > 0) bytes.remove_prefix(static_cast<size_t>(written));
    if (written < 0 && errno != EINTR) error = errno;
  }
  if (close(descriptor) != 0 && error == 0) error = errno;
  if (error != 0) {
    unlink(aside.c_str());
    FailWrite(path, error);
  }
  SyncAndRename(aside, path);
}

std::string ReadFile(const fs::path& path, int64_t max_bytes) {
  std::error_code error;
  if (!fs::exists(path, error)) throw InputError(path.string(), "no such file");
  if (fs::is_directory(path, error)) throw InputError(path.string(), "is a folder");
  std::ifstream file(path, std::ios::binary);
  if (!file) throw InputError(path.string(), "cannot be opened");
  std::string text;
  std::string block(1 << 16, '\0');
  while (file.read(block.data(), static_cast<std::streamsize>(block.size())) || file.gcount() > 0) {
    text.append(block, 0, static_cast<size_t>(file.gcount()));
    if (static_cast<int64_t>(text.size()) > max_bytes) {
      throw InputError(path.string(), fmt::format("longer than {} bytes", max_bytes));
    }
  }
  return text;
}

void RequireFreeSpace(const fs::path& folder, int64_t bytes) {
  struct statvfs facts = {};
  if (statvfs(folder.c_str(), &facts) != 0) FailWrite(folder, errno);
  const int64_t free = static_cast<int64_t>(facts.f_bavail) * static_cast<int64_t>(facts.f_frsize);
  if (free >= bytes) return;
  throw EnvironmentError(
      fmt::format("{}: {} MB free, {} MB needed; free some space or use another "
                  "--out, then run the same command again",
                  folder.string(),
                  free >> 20,
                  (bytes >> 20) + 1));
}

}  // namespace plumb
