// SPDX-License-Identifier: Apache-2.0
#include "app/command_model.h"

#include <cmath>
#include <errno.h>
#include <filesystem>
#include <stdlib.h>
#include <string.h>

#include <fmt/format.h>

#include "app/line_process.h"
#include "app/manifest_file.h"
#include "app/video_io.h"
#include "core/document.h"
#include "core/errors.h"
#include "core/manifest.h"

namespace plumb {
namespace {

namespace fs = std::filesystem;

// A folder of its own under the system's temporary folder, gone with this object.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (fs::temp_directory_path() / "plumb-command-XXXXXX").string();
    if (!mkdtemp(name.data())) {
      throw EnvironmentError(fmt::format("{}: {}", name, strerror(errno)));
    }
    path_ = name;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

struct Answer {
  std::string status;
  std::string output;
  std::string reason;
};

// An answer may repeat the whole entry: keys other than these are passed over.
Answer ParseAnswer(const std::string& line, const ManifestEntry& entry, LineProcess& process) {
  Json json;
  try {
    json = ParseJsonDocument(line, "answer").root;
  } catch (const Error&) {
    process.Fail(fmt::format("answered '{}', which is no JSON", line.substr(0, 200)));
  }
  const auto text = [&](const char* key, const std::string& fallback) {
    if (!json.is_object() || !json.contains(key)) return fallback;
    if (!json[key].is_string()) process.Fail(fmt::format("'{}' is no text", key));
    return json[key].get<std::string>();
  };
  if (text("cell_id", entry.cell_id) != entry.cell_id) {
    process.Fail(fmt::format("answered for {} instead of {}", text("cell_id", ""), entry.cell_id));
  }
  const std::string status = text("status", "");
  if (status != "done" && status != "failed" && status != "refused") {
    process.Fail(fmt::format("status '{}' is none of done, failed, refused", status));
  }
  return {status, text("output", entry.output), text("reason", "no reason given")};
}

class CommandModel : public Model {
 public:
  explicit CommandModel(const CommandModelOptions& options)
      : options_(options),
        argv_(SplitCommandLine(options.command_line)),
        process_(std::make_unique<LineProcess>(argv_)) {}

  Video Generate(const Prompt& prompt, const Progress& progress) override {
    // A program that failed to answer is started afresh for the next cell.
    if (!process_) process_ = std::make_unique<LineProcess>(argv_);
    ScratchFolder scratch;
    ManifestEntry entry = WriteEntry(prompt, scratch.path(), "known");
    entry.output = "sample.mp4";
    const Answer answer = Ask(entry, scratch.path(), progress);
    if (answer.status != "done") {
      throw InputError(argv_[0], fmt::format("{}: {}", answer.status, answer.reason));
    }
    VideoReadOptions read;
    read.png_fps = prompt.fps;
    return ReadVideo(PathInside(scratch.path(), answer.output), read, progress).video;
  }

 private:
  Answer Ask(const ManifestEntry& entry, const fs::path& folder, const Progress& progress) {
    Json request;
    request["schema"] = 1;
    request["folder"] = folder.string();
    request["cell"] = ToJson(entry);
    try {
      process_->Send(request.dump());
      return ParseAnswer(process_->Receive(options_.timeout_s, progress), entry, *process_);
    } catch (const Error&) {
      process_.reset();
      throw;
    }
  }

  CommandModelOptions options_;
  std::vector<std::string> argv_;
  std::unique_ptr<LineProcess> process_;
};

}  // namespace

void CommandModelOptions::Validate() const {
  SplitCommandLine(command_line);
  if (!(std::isfinite(timeout_s) && timeout_s > 0)) {
    throw UsageError(fmt::format("timeout_s {}: expected seconds above 0", timeout_s));
  }
}

std::vector<std::string> SplitCommandLine(const std::string& command_line) {
  std::vector<std::string> words;
  char quote = 0;
  bool in_word = false;
  for (size_t i = 0; i < command_line.size(); ++i) {
    const char c = command_line[i];
    const bool blank = c == ' ' || c == '\t' || c == '\n';
    // A blank outside quotes ends the word.
    if (blank && quote == 0) {
      in_word = false;
      continue;
    }
    if (!in_word) words.emplace_back();
    in_word = true;
    if (quote != 0 && c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
    } else if (c == '\\' && quote != '\'' && i + 1 < command_line.size()) {
      words.back() += command_line[++i];
    } else {
      words.back() += c;
    }
  }
  if (quote != 0)
    throw UsageError(fmt::format("command '{}': {} is left open", command_line, quote));
  if (words.empty()) throw UsageError("command: needs a program, as in 'command:python3 model.py'");
  return words;
}

std::unique_ptr<Model> StartCommandModel(const CommandModelOptions& options) {
  options.Validate();
  return std::make_unique<CommandModel>(options);
}

}  // namespace plumb
