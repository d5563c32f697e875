// SPDX-License-Identifier: Apache-2.0
#include "reports/html.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include <fmt/format.h>

#include "core/check.h"
#include "core/errors.h"
#include "reports/page_data.h"
#include "reports/page_template.h"
#include "reports/text.h"

namespace plumb {
namespace {

// RFC 4648, with padding.
std::string Base64(std::string_view bytes) {
  static constexpr char kAlphabet[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t at = 0; at < bytes.size(); at += 3) {
    const size_t count = std::min<size_t>(3, bytes.size() - at);
    uint32_t group = 0;
    for (size_t i = 0; i < 3; ++i) {
      group = (group << 8) | (i < count ? static_cast<uint8_t>(bytes[at + i]) : 0u);
    }
    for (size_t i = 0; i < 4; ++i) {
      out += i <= count ? kAlphabet[(group >> (18 - 6 * i)) & 63] : '=';
    }
  }
  return out;
}

// JSON that cannot end the script element it stands in, nor open a comment there.
std::string ForScript(const Json& json) {
  std::string out;
  for (const char c : json.dump()) {
    if (c == '<') {
      out += "\\u003c";
    } else {
      out += c;
    }
  }
  return out;
}

// A script element that no browser runs.
std::string Inert(std::string_view id, std::string_view type, std::string_view text) {
  return fmt::format("<script type=\"{}\" id=\"{}\">{}</script>\n", type, id, text);
}

size_t ExpectedBytes(const ReportInput& input) {
  size_t bytes = PageTemplate().size();
  for (const auto& [name, video] : input.videos) bytes += video.mp4.size() / 3 * 4 + 200;
  return bytes;
}

void RefuseWhenTooBig(size_t bytes) {
  if (bytes <= kReportLimitBytes) return;
  throw UsageError(fmt::format(
      "the report would take {} MB in one file, more than {} MB: browsers give up on such pages; "
      "put the videos beside it, or show fewer cells",
      bytes >> 20,
      kReportLimitBytes >> 20));
}

// Whether a cell's evidence has cameras that the page can show.
bool HasWorlds(const Json& evidence) {
  return std::any_of(evidence.begin(), evidence.end(), [](const Json& of_score) {
    return of_score.contains("worlds");
  });
}

struct Elements {
  std::string data;
  std::string viewer;  // of cameras and points; empty when no cell has any
};

Elements ElementsOf(const ReportInput& input) {
  Elements elements;
  std::string& out = elements.data;
  out = Inert("plumb-data", "application/json", ForScript(PageData(input)));
  for (size_t i = 0; i < input.results.cells.size(); ++i) {
    const Json evidence = CellEvidence(input.results, input.results.cells[i]);
    if (evidence.empty()) continue;
    if (elements.viewer.empty() && HasWorlds(evidence)) {
      elements.viewer = Inert("plumb-viewer", "text/plain", PageViewer());
    }
    out += Inert(fmt::format("evidence-{}", i), "application/json", ForScript(Cleaned(evidence)));
  }
  int index = 0;
  for (const auto& [name, video] : input.videos) {
    const int number = index++;
    if (video.mp4.empty()) continue;
    out += Inert(fmt::format("video-{}", number), "text/plain", Base64(video.mp4));
  }
  return elements;
}

// The template with `text` in place of the one marker "<!--plumb:name-->".
std::string Filled(std::string page, std::string_view name, std::string_view text) {
  const std::string marker = fmt::format("<!--plumb:{}-->", name);
  const size_t at = page.find(marker);
  PLUMB_CHECK(at != std::string::npos, "the page has no place for {}", name);
  page.replace(at, marker.size(), text);
  return page;
}

}  // namespace

std::string HtmlReport(const ReportInput& input) {
  RefuseWhenTooBig(ExpectedBytes(input));
  const std::string& title = input.title.empty() ? input.results.name : input.title;
  std::string page = Filled(std::string(PageTemplate()), "title", ForXml(title));
  const Elements elements = ElementsOf(input);
  page = Filled(std::move(page), "viewer", elements.viewer);
  page = Filled(std::move(page), "data", elements.data);
  RefuseWhenTooBig(page.size());
  return page;
}

std::string ReportSizeWarning(size_t bytes) {
  if (bytes <= kReportWarnBytes) return "";
  return fmt::format("the report takes {} MB; above {} MB it opens slowly and is hard to mail",
                     bytes >> 20,
                     kReportWarnBytes >> 20);
}

}  // namespace plumb
