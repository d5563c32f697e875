// SPDX-License-Identifier: Apache-2.0
// The program `plumb` as a user starts it, and a folder of its own for each test.
#pragma once

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <stdlib.h>
#include <string>
#include <sys/wait.h>

#include <gtest/gtest.h>

#include "tests/paths.h"

namespace plumb {

// A new folder under the system's temporary folder, gone at the end of the test.
class TestFolder {
 public:
  TestFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "plumb-test-XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  ~TestFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline std::string FileText(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline void WriteText(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

struct ProgramOutput {
  int code = 0;
  std::string out;
  std::string err;
};

inline std::string PlumbProgram() { return (BinaryFolder() / "plumb").string(); }

// Runs a shell command; `arguments` are the shell's words.
inline ProgramOutput RunShell(const std::string& command) {
  const TestFolder folder;
  const std::string whole = "( " + command + " ) >" + (folder / "out").string() + " 2>" +
                            (folder / "err").string() + " </dev/null";
  const int status = std::system(whole.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
          FileText(folder / "out"),
          FileText(folder / "err")};
}

inline ProgramOutput RunPlumb(const std::string& arguments) {
  return RunShell("NO_COLOR=1 " + PlumbProgram() + " " + arguments);
}

}  // namespace plumb
