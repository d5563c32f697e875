// SPDX-License-Identifier: Apache-2.0
#include "reports/html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/check.h"
#include "core/errors.h"
#include "reports/page_template.h"
#include "tests/reports/sample_results.h"

namespace plumb {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// The text of the one script element with that id; fails when there is none.
std::string ElementText(const std::string& page, const std::string& id) {
  const std::string open = " id=\"" + id + "\">";
  const size_t begin = page.find(open);
  EXPECT_NE(begin, std::string::npos) << id;
  if (begin == std::string::npos) return "";
  const size_t end = page.find("</script>", begin);
  return page.substr(begin + open.size(), end - begin - open.size());
}

size_t Count(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

ReportInput EmptyReport() {
  ReportInput input;
  input.results.name = "empty";
  return input;
}

TEST(HtmlTest, EmptyReportIsSmallAndWhole) {
  const std::string page = HtmlReport(EmptyReport());
  EXPECT_LE(page.size(), 250u << 10);
  EXPECT_THAT(page, StartsWith("<!doctype html>"));
  EXPECT_THAT(page, HasSubstr("<title>empty</title>"));
  EXPECT_THAT(page, HasSubstr("</html>"));
  EXPECT_THAT(page, Not(HasSubstr("<!--plumb:")));
}

TEST(HtmlTest, PolicyNamesHashesAndNothingElse) {
  const std::string page(PageTemplate());
  EXPECT_THAT(page, HasSubstr("default-src 'none'; script-src 'sha256-"));
  EXPECT_THAT(page, HasSubstr("style-src 'sha256-"));
  EXPECT_THAT(page, Not(HasSubstr("unsafe-inline")));
  EXPECT_THAT(page, Not(HasSubstr("unsafe-eval")));
  EXPECT_EQ(Count(page, "<script"), 1u);
  EXPECT_EQ(Count(page, "<!--plumb:title-->"), 1u);
  EXPECT_EQ(Count(page, "<!--plumb:data-->"), 1u);
  EXPECT_EQ(Count(page, "<!--plumb:viewer-->"), 1u);
}

// A report of one cell whose headline has the given evidence.
ReportInput OneCell(const Json& details) {
  ReportInput input = EmptyReport();
  const ScoreInfo info{"geometry.consistency", "share", Direction::kHigher, 1, true, "x"};
  input.results.models = {"m"};
  input.results.scores = {info};
  Cell cell;
  cell.key = {"m", "s", 0};
  cell.status = CellStatus::kDone;
  cell.scores = {Score::Measured(info, 0.5, 0.4, 0.6, {{}, details})};
  input.results.cells = {cell};
  return input;
}

TEST(HtmlTest, TheViewerIsThereOnlyWhenThereAreWorlds) {
  const std::string flat = HtmlReport(OneCell({{"models", 1}}));
  EXPECT_THAT(flat, Not(HasSubstr("id=\"plumb-viewer\"")));
  EXPECT_LE(flat.size(), 250u << 10);
  const std::string deep = HtmlReport(OneCell({{"worlds", Json::array({Json::object()})}}));
  EXPECT_EQ(ElementText(deep, "plumb-viewer"), PageViewer());
  EXPECT_THAT(deep, HasSubstr("<script type=\"text/plain\" id=\"plumb-viewer\">"));
  EXPECT_LE(deep.size(), 900u << 10);
}

TEST(HtmlTest, TheViewerCanStandInAScriptElementAndKeepsItsNotice) {
  const std::string viewer(PageViewer());
  for (const char* end : {"</script", "<script", "<!--", "\r"}) {
    EXPECT_THAT(viewer, Not(HasSubstr(end)));
  }
  EXPECT_THAT(viewer, HasSubstr("three.js authors"));
  EXPECT_THAT(viewer, HasSubstr("Permission is hereby granted, free of charge"));
  EXPECT_THAT(std::string(PageTemplate()), HasSubstr("Permission is hereby granted"));
}

TEST(HtmlTest, NothingIsLoadedFromElsewhere) {
  const std::string page = HtmlReport(EmptyReport());
  EXPECT_EQ(Count(page, "<link"), 0u);
  EXPECT_EQ(Count(page, " src="), 0u);
  EXPECT_EQ(Count(page, "url(http"), 0u);
  EXPECT_EQ(Count(page, "@import"), 0u);
}

TEST(HtmlTest, DataIsJsonThatReadsBack) {
  const Json data =
      Json::parse(ElementText(HtmlReport(SampleReport(SampleResults(), {})), "plumb-data"));
  EXPECT_EQ(data.at("cells").size(), 58u);
  EXPECT_EQ(data.at("summary").size(), 5u);
  EXPECT_EQ(data.at("comparison").at("metrics").size(), 8u);
}

TEST(HtmlTest, VideosAreInertBase64) {
  ReportInput input = EmptyReport();
  input.videos["a"] = {"f", "", 24.0, 1, 8, 8};
  input.videos["b"] = {"fo", "", 24.0, 1, 8, 8};
  input.videos["c"] = {"foobar", "", 24.0, 1, 8, 8};
  input.videos["d"] = {"", "media/x.mp4", 24.0, 1, 8, 8};
  const std::string page = HtmlReport(input);
  // RFC 4648, section 10.
  EXPECT_EQ(ElementText(page, "video-0"), "Zg==");
  EXPECT_EQ(ElementText(page, "video-1"), "Zm8=");
  EXPECT_EQ(ElementText(page, "video-2"), "Zm9vYmFy");
  EXPECT_THAT(page, HasSubstr("<script type=\"text/plain\" id=\"video-0\">"));
  EXPECT_THAT(page, Not(HasSubstr("id=\"video-3\"")));
  EXPECT_EQ(Json::parse(ElementText(page, "plumb-data")).at("videos").at(3).at("href"),
            "media/x.mp4");
}

TEST(HtmlTest, HostileTextsCannotLeaveTheirElement) {
  const Results results = HostileResults();
  const std::string page = HtmlReport(SampleReport(results, {}));
  const std::string clean = HtmlReport(SampleReport(SampleResults(), {}));
  // One element for the data and one per cell with evidence, as in the same report with harmless
  // texts.
  size_t with_evidence = 0;
  for (const Cell& cell : results.cells) with_evidence += !cell.scores.empty();
  EXPECT_EQ(Count(page, "<script"), 2 + with_evidence);
  EXPECT_EQ(Count(page, "</script>"), 2 + with_evidence);
  EXPECT_EQ(Count(page, "<!--"), Count(clean, "<!--"));
  EXPECT_EQ(Count(page, "<img"), Count(clean, "<img"));
  EXPECT_EQ(page.find('\0'), std::string::npos);
  EXPECT_NO_THROW(Json::parse(ElementText(page, "plumb-data")));
}

TEST(HtmlTest, HostileTitleIsEscaped) {
  ReportInput input = EmptyReport();
  input.title = "</title><script>x</script><!--plumb:data-->";
  EXPECT_THAT(
      HtmlReport(input),
      HasSubstr(
          "<title>&lt;/title&gt;&lt;script&gt;x&lt;/script&gt;&lt;!--plumb:data--&gt;</title>"));
}

TEST(HtmlTest, SameInputSameBytes) {
  const ReportInput input = SampleReport(SampleResults(), {{"truth", "abc"}});
  EXPECT_EQ(HtmlReport(input), HtmlReport(input));
}

TEST(HtmlTest, RefusesWhatNoBrowserOpens) {
  ReportInput input = EmptyReport();
  input.videos["big"] = {std::string(kReportLimitBytes, 'x'), "", 24.0, 1, 8, 8};
  EXPECT_THROW(HtmlReport(input), UsageError);
  EXPECT_EQ(ReportSizeWarning(kReportWarnBytes), "");
  EXPECT_THAT(ReportSizeWarning(kReportWarnBytes + (1u << 20)), HasSubstr("51 MB"));
}

TEST(HtmlTest, UnknownVideoIsAMistakeOfTheCaller) {
  ReportInput input = SampleReport(SampleResults(), {});
  input.cell_videos.begin()->second.sample = "nowhere";
  EXPECT_THROW(HtmlReport(input), CheckFailure);
}

}  // namespace
}  // namespace plumb
