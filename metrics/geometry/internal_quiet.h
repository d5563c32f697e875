// SPDX-License-Identifier: Apache-2.0
// COLMAP 3.8 reports through std::cout and glog. This keeps both silent while in scope.
#pragma once

#include <iostream>
#include <streambuf>

#include <glog/logging.h>

namespace plumb {

class QuietLibraries {
 public:
  QuietLibraries() : out_(std::cout.rdbuf(&sink_)), level_(FLAGS_minloglevel) {
    FLAGS_minloglevel = google::GLOG_FATAL;
  }
  ~QuietLibraries() {
    std::cout.rdbuf(out_);
    FLAGS_minloglevel = level_;
  }
  QuietLibraries(const QuietLibraries&) = delete;
  QuietLibraries& operator=(const QuietLibraries&) = delete;

 private:
  class Sink : public std::streambuf {
    int overflow(int character) override { return traits_type::not_eof(character); }
    std::streamsize xsputn(const char*, std::streamsize count) override { return count; }
  };
  Sink sink_;
  std::streambuf* out_;
  int level_;
};

}  // namespace plumb
