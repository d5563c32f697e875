// SPDX-License-Identifier: Apache-2.0
#include "reports/text.h"

#include <gtest/gtest.h>

#include "tests/reports/sample_results.h"

namespace plumb {
namespace {

TEST(TextTest, CleanKeepsWhatIsReadable) {
  EXPECT_EQ(CleanText("sabotage:gravity=0.5"), "sabotage:gravity=0.5");
  EXPECT_EQ(CleanText("Grüße, 世界 🎈"), "Grüße, 世界 🎈");
  EXPECT_EQ(CleanText(""), "");
}

TEST(TextTest, CleanReplacesControlsAndDirectionMarks) {
  EXPECT_EQ(CleanText("a\nb\tc\rd"), "a b c d");
  EXPECT_EQ(CleanText("\x1b[31m"), "\uFFFD[31m");
  EXPECT_EQ(CleanText(std::string("a\0b", 3)), "a\uFFFDb");
  EXPECT_EQ(CleanText("\u202Egnp.exe"), "\uFFFDgnp.exe");
  EXPECT_EQ(CleanText("\u200B\u2028\uFEFF\u0085"), "\uFFFD\uFFFD\uFFFD\uFFFD");
}

TEST(TextTest, CleanReplacesBrokenUtf8) {
  EXPECT_EQ(CleanText("\xFF"), "\uFFFD");
  EXPECT_EQ(CleanText("a\xC3"), "a\uFFFD");                    // cut short
  EXPECT_EQ(CleanText("\xC0\x80"), "\uFFFD\uFFFD");            // overlong zero
  EXPECT_EQ(CleanText("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");  // surrogate
  EXPECT_EQ(CleanText("\xF5\x80\x80\x80").size(), 12u);        // above U+10FFFF
  EXPECT_EQ(CleanText("\xE2\x80(x"), "\uFFFD\uFFFD(x");
}

TEST(TextTest, CleanIsIdempotent) {
  for (const std::string& text : HostileTexts()) {
    EXPECT_EQ(CleanText(CleanText(text)), CleanText(text));
  }
}

TEST(TextTest, XmlHasNoMarkupLeft) {
  EXPECT_EQ(ForXml("<a href='x'>\"&\"</a>"),
            "&lt;a href=&#39;x&#39;&gt;&quot;&amp;&quot;&lt;/a&gt;");
  for (const std::string& text : HostileTexts()) {
    EXPECT_EQ(ForXml(text).find_first_of("<>\"'"), std::string::npos) << text;
  }
}

TEST(TextTest, MarkdownHasNoColumnsLinksOrMentions) {
  EXPECT_EQ(ForMarkdown("a|b"), "a\\|b");
  EXPECT_EQ(ForMarkdown("[x](http://y)"), "\\[x\\](http&#58;//y)");
  EXPECT_EQ(ForMarkdown("@all <b>"), "&#64;all &lt;b&gt;");
  EXPECT_EQ(ForMarkdown("::error::x\ny"), "&#58;&#58;error&#58;&#58;x y");
}

// Every character that has a meaning somewhere is disarmed, every other one stays.
TEST(TextTest, EscapesTouchNothingElse) {
  for (int c = 0x20; c < 0x7F; ++c) {
    const std::string text(1, static_cast<char>(c));
    const bool xml = std::string("&<>\"'").find(text) != std::string::npos;
    const bool markdown = std::string("&<>|\\`*_[]#~!@:").find(text) != std::string::npos;
    EXPECT_EQ(ForXml(text) != text, xml) << text;
    EXPECT_EQ(ForMarkdown(text) != text, markdown) << text;
  }
  EXPECT_EQ(ForMarkdown("a\\b`*_[]#~!"), "a\\\\b\\`\\*\\_\\[\\]\\#\\~\\!");
}

TEST(TextTest, CsvQuotesAndDisarmsFormulas) {
  EXPECT_EQ(ForCsv("plain"), "plain");
  EXPECT_EQ(ForCsv("a,b"), "\"a,b\"");
  EXPECT_EQ(ForCsv("say \"x\""), "\"say \"\"x\"\"\"");
  for (const std::string text : {"=1+1", "+1", "-1", "@x", "  =1", "\t=1"}) {
    EXPECT_NE(ForCsv(text).find("'"), std::string::npos) << text;
    EXPECT_LT(ForCsv(text).find('\''), ForCsv(text).find_first_of("=+-@")) << text;
  }
}

TEST(TextTest, NumbersHaveThreeDigitsAndAPoint) {
  EXPECT_EQ(FormatNumber(0.0), "0");
  EXPECT_EQ(FormatNumber(-0.0), "0");
  EXPECT_EQ(FormatNumber(1.0), "1.000");
  EXPECT_EQ(FormatNumber(0.98765), "0.988");
  EXPECT_EQ(FormatNumber(12.345), "12.35");
  EXPECT_EQ(FormatNumber(123.45), "123.5");
  EXPECT_EQ(FormatNumber(-4567.8), "-4568");
  EXPECT_EQ(FormatNumber(0.0001), "1.0e-04");
  EXPECT_EQ(FormatNumber(12345678.0), "1.235e+07");
  EXPECT_EQ(FormatLike(0.5, 123.4), "0.5");
}

TEST(TextTest, WidthCountsColumnsNotBytes) {
  EXPECT_EQ(DisplayWidth("abc"), 3);
  EXPECT_EQ(DisplayWidth("Grüße"), 5);
  EXPECT_EQ(DisplayWidth("世界"), 4);
  EXPECT_EQ(DisplayWidth("e\u0301"), 1);
}

TEST(TextTest, ShortenedFitsAndSaysSo) {
  EXPECT_EQ(Shortened("abcdef", 6), "abcdef");
  EXPECT_EQ(Shortened("abcdef", 4), "abc…");
  EXPECT_EQ(Shortened("世界世界", 5), "世界…");
  for (const std::string& text : HostileTexts()) {
    EXPECT_LE(DisplayWidth(Shortened(text, 9)), 9) << text;
  }
}

TEST(TextTest, CountedHasTheRightEnding) {
  EXPECT_EQ(Counted(0, "cell"), "0 cells");
  EXPECT_EQ(Counted(1, "cell"), "1 cell");
  EXPECT_EQ(Counted(2, "cell"), "2 cells");
}

}  // namespace
}  // namespace plumb
